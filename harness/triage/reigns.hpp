// Who led from when until when, by the nodes' own traces. Pure.
#pragma once

#include <span>
#include <vector>

#include "checker/trace.hpp"

namespace squall::harness::triage {

/// A node led from `begin` until something else was recorded of its role, or it began anew.
struct Reign {
    history::NodeId node = 0;
    history::Time begin{};
    history::Time end = history::Time::max();
};

/// `records`: per node by incarnation and sequence. Times are those of the traces.
[[nodiscard]] std::vector<Reign> reigns_of(std::span<const checker::TraceRecord> records);

}  // namespace squall::harness::triage
