// What the traces of a run say of any moment: who led which term, how far a node had applied, when
// an index was first committed. Answers questions of the story; judges nothing. Times are the
// run's own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"

namespace squall::harness::report {

using checker::NodeId;
using history::Time;

class ClusterPast {
  public:
    /// `traces`: per node by incarnation and sequence, with raw times; `origin` is the run's time
    /// 0.
    ClusterPast(std::span<const checker::TraceRecord> traces,
                Time origin,
                std::span<const NodeMessage> messages);

    struct RoleSince {
        Time at{};
        std::string role;  ///< follower, pre_candidate, candidate, leader, down.
        std::uint64_t term = 0;
        NodeId leader = 0;
    };

    /// Nothing before the first life.
    [[nodiscard]] const RoleSince* role_at(NodeId node, Time at) const;

    /// Every role that a node had, by time; "down" from the last word of a life to the next.
    [[nodiscard]] const std::vector<RoleSince>& roles(NodeId node) const;

    /// The last word of its last life.
    [[nodiscard]] Time heard(NodeId node) const;

    struct Led {
        std::uint64_t term = 0;
        NodeId node = 0;
        Time since{};
    };

    /// Of those elected up to then the one with the highest term.
    [[nodiscard]] std::optional<Led> latest_leader(Time at) const;

    [[nodiscard]] bool won(NodeId node, std::uint64_t term) const;

    /// Who led the term, by its own word; 0: nobody did.
    [[nodiscard]] NodeId leader_of(std::uint64_t term) const;

    [[nodiscard]] std::uint64_t applied(NodeId node, Time at) const;

    struct Committed {
        std::uint64_t index = 0;
        NodeId node = 0;  ///< Who said so first.
        Time since{};
    };

    /// The furthest index that any node knew to be committed then.
    [[nodiscard]] std::optional<Committed> committed(Time at) const;

    /// When some node first knew that the index was committed.
    [[nodiscard]] std::optional<Committed> commit_of(std::uint64_t index) const;

    /// The terms with which an index was applied, anywhere.
    [[nodiscard]] std::set<std::uint64_t> applied_terms(std::uint64_t index) const;

    /// Who gave the node its vote in the term up to then, itself included. From messages where
    /// there are some of that election, else from the voters' traces.
    [[nodiscard]] std::set<NodeId> votes(NodeId node, std::uint64_t term, Time until) const;

    /// Messages tell of the votes: nothing is missing.
    [[nodiscard]] bool votes_are_exact() const { return !messages_.empty(); }

    [[nodiscard]] std::set<NodeId> nodes() const;

  private:
    struct Reached {
        Time at{};
        std::uint64_t index = 0;
    };

    void add(const checker::TraceRecord& record, Time at);

    std::span<const NodeMessage> messages_;
    std::map<NodeId, std::vector<RoleSince>> roles_;
    std::map<NodeId, std::vector<Reached>> applied_;
    std::map<NodeId, Time> heard_;  ///< The last word of the life at hand.
    std::vector<Led> leaders_;      ///< By time.
    std::vector<Committed> commits_;
    std::map<std::uint64_t, std::set<std::uint64_t>> applied_terms_;
    /// By (candidate, term): who voted, and when that was durable.
    std::map<std::pair<NodeId, std::uint64_t>, std::map<NodeId, Time>> votes_;
};

}  // namespace squall::harness::report
