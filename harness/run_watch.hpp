// What the nodes have said of themselves: who is up, who leads. Part of Run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/run.hpp"

namespace squall::harness {

class ClusterWatch {
  public:
    explicit ClusterWatch(std::uint32_t nodes);

    void observe(Time now, const Observed& observed);

    /// The node was ended: what it said no longer holds.
    void forget(NodeId node);

    /// The node ended by itself, and counts as gone until it is seen up again.
    void exited(NodeId node);

    /// The node is broken for ever and owes nothing: it counts as gone whatever it says.
    void write_off(NodeId node);

    [[nodiscard]] bool written_off(NodeId node) const;

    [[nodiscard]] bool gone(NodeId node) const;

    /// As the node said last: leader, follower...; "unknown" when it does not answer.
    [[nodiscard]] std::string role(NodeId node) const;

    /// The leader of the highest term that anyone speaks of, among the nodes that are not `down`; 0
    /// if there is none.
    [[nodiscard]] NodeId leader(const std::vector<NodeId>& down) const;

    /// Since then every node that is not gone was seen up, and one was seen to lead if nodes of
    /// this system ever tell.
    [[nodiscard]] bool serving_since(Time since) const;

  private:
    struct Seen {
        Observed last;
        Time at{};
        bool gone = false;
        bool written_off = false;
    };

    std::vector<Seen> nodes_;  ///< By id - 1.
    bool roles_told_ = false;
};

}  // namespace squall::harness
