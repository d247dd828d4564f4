// Trace events of the Raft as the checkers read them: translated, numbered, and judged at once.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "checker/trace.hpp"
#include "harness/plan.hpp"
#include "raft/trace.hpp"

namespace squall::harness::sim {

[[nodiscard]] checker::TraceBody to_trace_body(raft::TraceEvent&& event);

class TraceFeed {
  public:
    explicit TraceFeed(bool keep) : keep_(keep) {}

    /// What a node told in one step, in order. Incarnations of a node come in ascending order.
    void add(NodeId node,
             std::uint64_t incarnation,
             Time now,
             std::vector<raft::TraceEvent>&& events);

    [[nodiscard]] std::vector<checker::Check> results() const { return checker_.results(); }

    [[nodiscard]] std::vector<checker::TraceRecord> take_records() { return std::move(records_); }

  private:
    struct Position {
        std::uint64_t incarnation = 0;
        std::uint64_t next_sequence = 0;
    };

    bool keep_;
    checker::TraceChecker checker_{checker::TraceOrder::real};
    std::map<NodeId, Position> positions_;
    std::vector<checker::TraceRecord> records_;
};

}  // namespace squall::harness::sim
