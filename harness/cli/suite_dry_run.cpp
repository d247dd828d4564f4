#include "harness/cli/suite_dry_run.hpp"

#include <chrono>
#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "harness/cli/suite_progress.hpp"
#include "harness/suite/schedule.hpp"

namespace squall::harness::cli {
namespace {

double budget_s(const suite::Budget& budget) {
    if (!budget.until_minute) {
        return budget.seconds;
    }
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return suite::seconds_until(*budget.until_minute,
                                (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec);
}

}  // namespace

std::string dry_run_text(const suite::SuiteFile& file, const suite::Expansion& expansion) {
    suite::ScheduleState state{.left_s = budget_s(file.budget),
                               .jobs = file.jobs,
                               .process_jobs = file.process_jobs,
                               .pending = {},
                               .running = {}};
    for (const suite::Cell& cell : expansion.cells) {
        state.pending.push_back(
            {static_cast<std::uint32_t>(state.pending.size()), cell.tier, cell.weight, cell.run_s});
    }
    const std::vector<double> shares = suite::shares(state);
    std::string out;
    const auto add = [&out]<typename... Args>(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(out), text, std::forward<Args>(args)...);
    };
    double processes_s = 0;
    for (std::size_t i = 0; i < expansion.cells.size(); ++i) {
        const suite::Cell& cell = expansion.cells[i];
        const bool process = cell.tier == suite::SuiteTier::process;
        processes_s += process ? cell.run_s : 0;
        add("{:>8}  {:<60}{}\n",
            clock_text(shares[i]),
            cell.name,
            process ? fmt::format("  runs of {:.0f} s", cell.run_s) : "");
    }
    for (const suite::LeftOut& left_out : expansion.left_out) {
        add("left out  {}: {}\n", left_out.name, left_out.reason);
    }
    add("{} cells, {} left out; about {} with {} jobs, {} of them for processes\n",
        expansion.cells.size(),
        expansion.left_out.size(),
        clock_text(suite::seconds_to_end(state)),
        file.jobs,
        file.process_jobs);
    if (processes_s > state.left_s * file.process_jobs) {
        add("the budget is too short: one run of each cell on processes takes {}\n",
            clock_text(processes_s / file.process_jobs));
    }
    return out;
}

}  // namespace squall::harness::cli
