// The node's log on stderr: one line per event, `t=12.345678 n3 follower term=7 leader=1`, t in
// seconds of the monotonic clock that the trace uses. Every line is one write(2).
#pragma once

#include <string_view>

#include "raft/types.hpp"

namespace squall::raft::node {

/// The node's monotonic clock: CLOCK_MONOTONIC, as a clock fault may bend it.
[[nodiscard]] Time monotonic_now();

/// The kernel's CLOCK_MONOTONIC: no clock fault reaches the system call. For trace and log, whose
/// times are compared with those of other nodes.
[[nodiscard]] Time true_now();

/// Blocks for as long as stderr does.
void log_event(NodeId node, std::string_view event);

/// Writes to stderr as it is.
void log_raw(std::string_view line);

/// The disk failed, holds what no crash can have left, or the trace cannot be written.
inline constexpr int exit_disk = 3;
/// Something that the start needs is taken or missing.
inline constexpr int exit_cannot_start = 1;

/// One line, then the end of the process at once: no destructors, no flushing, as in a crash.
[[noreturn]] void fatal(int exit_code, std::string_view what);

}  // namespace squall::raft::node
