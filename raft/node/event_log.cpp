#include "raft/node/event_log.hpp"

#include <chrono>
#include <ctime>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

namespace squall::raft::node {

Time monotonic_now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

Time true_now() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void log_event(NodeId node, std::string_view event) {
    const auto seconds = std::chrono::duration<double>(true_now()).count();
    log_raw(fmt::format("t={:.6f} n{} {}\n", seconds, node, event));
}

void log_raw(std::string_view line) {
    // Nobody to tell when stderr itself fails.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void fatal(int exit_code, std::string_view what) {
    log_raw(fmt::format("fatal: {}\n", what));
    ::_exit(exit_code);
}

}  // namespace squall::raft::node
