// What a leader knows about one follower (§5.3, "nextIndex" and "matchIndex"), and how it sends to
// it: one probe at a time until the logs are known to agree, then a pipeline of appends with a
// bounded window, or a snapshot when the entries wanted are gone.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "raft/types.hpp"

namespace squall::raft {

/// A snapshot on its way to a follower, one chunk at a time. Shares the bytes, so a newer snapshot
/// taken meanwhile does not disturb it.
struct SnapshotTransfer {
    Snapshot snapshot;
    std::uint64_t offset = 0;  ///< Of the chunk under way.
    Time sent_at{};
    Time rewound_at{};  ///< When the follower last wanted an earlier chunk.
};

struct Progress {
    enum class State : std::uint8_t { probe, replicate, snapshot };

    NodeId id = no_node;
    State state = State::probe;
    Index match = 0;  ///< Known to be durable there. Never falls within a leader's term.
    Index next = 1;   ///< Next entry to send.
    /// Last indices of the appends under way (state replicate).
    std::deque<Index> inflight;
    bool paused = false;  ///< State probe: the probe is under way.
    /// When the follower last moved `match`, or when something was sent to it after silence.
    Time progress_at{};
    Time contact{};           ///< Last reply in this term.
    std::uint64_t round = 0;  ///< Latest heartbeat round that it confirmed.
    std::optional<SnapshotTransfer> transfer;

    void start_probe(Index from) {
        state = State::probe;
        next = from;
        paused = false;
        inflight.clear();
        transfer.reset();
    }

    void start_replicate() {
        state = State::replicate;
        next = match + 1;
        paused = false;
        inflight.clear();
        transfer.reset();
    }

    /// State snapshot: the follower has the one under way, or enough to continue from entries after
    /// `base`. A newer one may turn out to be needed after all; the next probe tells.
    [[nodiscard]] bool needs_no_snapshot(Index base) const {
        return transfer && (match >= transfer->snapshot.last.index || match >= base);
    }

    /// Replies may come late, twice and out of order: match only rises. True when it did.
    bool matched(Index index, Time now) {
        while (!inflight.empty() && inflight.front() <= index) {
            inflight.pop_front();
        }
        if (index <= match) {
            return false;
        }
        match = index;
        next = next > index ? next : index + 1;
        progress_at = now;
        return true;
    }
};

}  // namespace squall::raft
