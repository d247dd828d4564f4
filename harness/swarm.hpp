// Swarm testing (Groce et al. 2012): every seed draws a plan of its own, since many bugs need a
// certain size of cluster, small limits, a rare mix of faults or just one shape of them for a long
// time, which no single configuration has. Pure. What is drawn, and from where to where, stands in
// docs/swarm.md.
#pragma once

#include <cstdint>

#include "harness/plan.hpp"

namespace squall::harness {

struct SwarmOptions {
    /// Timings and lengths that real processes can keep.
    bool real_time = false;
};

/// Everything about a run of the key-value store but the bug. Names only faults that the nodes of
/// raft-node can be given.
[[nodiscard]] Plan swarm_plan(std::uint64_t seed, const SwarmOptions& options = {});

}  // namespace squall::harness
