// Traces of a cluster, made by hand, and the checker that reads them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "checker/trace.hpp"

namespace squall::checker {

/// Feeds records and numbers them per node.
class TracedCluster {
  public:
    explicit TracedCluster(TraceOrder order = TraceOrder::per_node) : checker_(order) {}

    template <typename Body>
    TracedCluster& add(NodeId node, Body body) {
        TraceRecord record;
        record.node = node;
        record.incarnation = lives_[node];
        record.sequence = next_[node]++;
        record.body = std::move(body);
        checker_.add(record);
        return *this;
    }

    TracedCluster& start(NodeId node, TraceInit init = {}) {
        ++lives_[node];
        next_[node] = 0;
        return add(node, init);
    }

    [[nodiscard]] Check check(const std::string& name) const {
        for (const Check& candidate : checker_.results()) {
            if (candidate.name == name) {
                return candidate;
            }
        }
        return {};
    }

    /// Names of all invariants that are violated, joined.
    [[nodiscard]] std::string violated() const {
        std::string names;
        for (const Check& candidate : checker_.results()) {
            if (candidate.verdict == Verdict::invalid) {
                names += (names.empty() ? "" : " ") + candidate.name;
            }
        }
        return names;
    }

  private:
    TraceChecker checker_;
    std::map<NodeId, std::uint64_t> lives_;
    std::map<NodeId, std::uint64_t> next_;
};

inline TraceRole leads(std::uint64_t term, NodeId self) {
    return {"leader", term, self};
}

}  // namespace squall::checker
