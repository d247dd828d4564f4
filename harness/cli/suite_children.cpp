#include "harness/cli/suite_children.hpp"

#include <csignal>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace squall::harness::cli {

SuiteChildren::SuiteChildren(boost::asio::io_context& io, std::string program, OnExit on_exit)
    : io_(io), program_(std::move(program)), on_exit_(std::move(on_exit)) {}

void SuiteChildren::start(std::uint32_t cell,
                          SuiteTask task,
                          std::vector<std::string> arguments,
                          const std::string& log,
                          std::chrono::milliseconds timeout) {
    const auto now = SuiteClock::Steady::now();
    Running running{.task = std::move(task), .begun = now, .killed_at = now + timeout};
    running.child = std::make_unique<process::Child>(
        io_, process::Command{program_, std::move(arguments), log}, [this, cell](int status) {
            ended(cell, status);
        });
    running_.emplace(cell, std::move(running));
}

void SuiteChildren::kill_late() {
    for (auto& [cell, running] : running_) {
        if (SuiteClock::Steady::now() >= running.killed_at && !running.timed_out) {
            running.timed_out = true;
            running.child->signal(SIGKILL);
        }
    }
}

std::vector<std::uint32_t> SuiteChildren::cells() const {
    std::vector<std::uint32_t> all;
    for (const auto& [cell, running] : running_) {
        all.push_back(cell);
    }
    return all;
}

std::set<store::RowId> SuiteChildren::attempts() const {
    std::set<store::RowId> ids;
    for (const auto& [cell, running] : running_) {
        ids.insert(running.task.attempt.attempt);
    }
    return ids;
}

std::optional<double> SuiteChildren::left_s(std::uint32_t cell) const {
    const auto found = running_.find(cell);
    return found == running_.end() ? std::nullopt
                                   : std::optional(history::to_seconds(found->second.task.until -
                                                                       SuiteClock::Steady::now()));
}

void SuiteChildren::ended(std::uint32_t cell, int status) {
    Running running = std::move(running_.at(cell));
    running_.erase(cell);
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        SuiteClock::Steady::now() - running.begun);
    on_exit_(cell, {std::move(running.task), status, running.timed_out, duration.count()});
}

}  // namespace squall::harness::cli
