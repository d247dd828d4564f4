// A broken invariant of the Raft aborts the simulator, for it runs in the same process. Then the
// seed matters more than anything: this says which one it was, how to see it again, and ends with
// the exit code of *invalid*.
#pragma once

#include <cstdint>

namespace squall::harness::cli {

/// Handles SIGABRT from here on.
void watch_for_aborts();

/// What the calling thread simulates now.
void now_simulating(std::uint64_t seed);

}  // namespace squall::harness::cli
