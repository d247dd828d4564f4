// What is left of an output when names, wording, messages and timing are taken away: who became
// what in which term, who voted, what became durable, was appended, committed, rejected, restored.
// Two Rafts that agree on it did the same.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "raft/types.hpp"
#include "tests/raft/scenarios/script.hpp"

namespace squall::raft::test::etcd {

enum class Kind : std::uint8_t {
    role,        ///< "leader in term 2"
    vote,        ///< "MsgVote of 1: cast", "...: rejected", "...: ignored"
    hard_state,  ///< "term 2, vote 1"
    append,      ///< "2/12 \"data\"", handed to the disk
    commit,      ///< the same, handed to the application
    reject,      ///< "append of 1 behind 14"
    restore,     ///< "snapshot up to 11"
    answer       ///< to a question (raft-log, raft-state, status): a line
};

[[nodiscard]] const char* to_string(Kind kind);

/// What one block tells: for each node and kind the events in their order. Events of different
/// kinds are not ordered among each other: a Ready tells them in an order of its own.
using Skeleton = std::map<std::pair<NodeId, Kind>, std::vector<std::string>>;

/// Drops from roles and hard states what says nothing new: etcd's log tells when something is set,
/// our trace when it changes.
class Novelty {
  public:
    void filter(Skeleton& skeleton);

  private:
    std::map<std::pair<NodeId, Kind>, std::string> last_;
};

/// From the output that etcd's file expects of a block.
[[nodiscard]] Skeleton skeleton_of(const Command& command, const std::string& output);

/// The first difference, in words; empty when there is none.
[[nodiscard]] std::string difference(const Skeleton& expected, const Skeleton& observed);

}  // namespace squall::raft::test::etcd
