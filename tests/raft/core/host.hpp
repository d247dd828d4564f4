// One core with a disk under the test's control and a clock of its own: the arrangement of every
// unit test of the core. Messages of the others are made up by the test.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "raft/core.hpp"
#include "tests/raft/core/disk_model.hpp"

namespace squall::raft::test {

[[nodiscard]] constexpr Duration ms(int count) {
    return std::chrono::milliseconds(count);
}

/// Node 1 of three, with small limits.
[[nodiscard]] CoreConfig config_of(NodeId id = 1, std::vector<NodeId> voters = {1, 2, 3});

[[nodiscard]] std::vector<Entry> entries_of(Index first, const std::vector<Term>& terms);

/// A log with these terms from index 1, and a hard state.
[[nodiscard]] Recovered recovered_of(const std::vector<Term>& terms, HardState hard_state);

/// What came out, over one or more Readys.
struct Outputs {
    std::vector<TraceEvent> trace;
    std::vector<Envelope> messages;
    std::vector<Entry> committed;
    std::vector<ReadState> reads;
    std::optional<Snapshot> restore;

    /// The messages of one kind, to one node or to all.
    template <class M>
    [[nodiscard]] std::vector<M> sent(NodeId to = no_node) const {
        std::vector<M> found;
        for (const Envelope& envelope : messages) {
            const auto* message = std::get_if<M>(&envelope.message);
            if (message != nullptr && (to == no_node || envelope.to == to)) {
                found.push_back(*message);
            }
        }
        return found;
    }

    template <class Event>
    [[nodiscard]] std::vector<Event> traced() const {
        std::vector<Event> found;
        for (const TraceEvent& event : trace) {
            if (const auto* wanted = std::get_if<Event>(&event)) {
                found.push_back(*wanted);
            }
        }
        return found;
    }
};

class Host {
  public:
    explicit Host(const CoreConfig& config, Recovered recovered = {});

    Core core;
    Time now;
    DiskModel disk;
    std::deque<Persist> writes;  ///< Handed out, not yet durable.

    /// Takes what is there; the writes stay under way.
    [[nodiscard]] Outputs take();

    /// Completes the oldest writes. Their consequences come with the next take.
    void persist(std::size_t count);

    /// Takes and persists until nothing moves.
    Outputs settle();

    Outputs step(NodeId from, Message message);
    Outputs advance(Duration by);
    Outputs advance_to_deadline();
    std::pair<std::optional<ProposeError>, Outputs> propose(const std::string& command);

    /// Wins an election with the vote of node 2; the no-op stays uncommitted.
    Outputs lead();

    /// Node 2 acknowledges everything.
    Outputs acknowledge(NodeId from = 2);

    [[nodiscard]] std::vector<Term> log_terms() const;
};

}  // namespace squall::raft::test
