// What storage must remember, as plainly as can be: the meaning of a Persist on a Recovered in
// memory. And builders for both.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "raft/persist.hpp"

namespace squall::raft::storage {

inline void apply(Recovered& state, const Persist& persist) {
    if (persist.snapshot) {
        state.snapshot = persist.snapshot;
        if (persist.discard_log) {
            state.entries.clear();
        }
    }
    if (persist.hard_state) {
        state.hard_state = *persist.hard_state;
    }
    if (persist.truncate_from) {
        std::erase_if(state.entries,
                      [&](const Entry& entry) { return entry.index >= *persist.truncate_from; });
    }
    state.entries.insert(state.entries.end(), persist.append.begin(), persist.append.end());
}

/// Equal in all that matters: entries up to `compacted` may be there or not.
inline bool same(const Recovered& one, const Recovered& other, Index compacted = 0) {
    const auto needed = [&](const Recovered& state) {
        std::vector<Entry> entries = state.entries;
        std::erase_if(entries, [&](const Entry& entry) { return entry.index <= compacted; });
        return entries;
    };
    const bool same_snapshot = one.snapshot.has_value() == other.snapshot.has_value() &&
                               (!one.snapshot || (one.snapshot->last == other.snapshot->last &&
                                                  one.snapshot->voters == other.snapshot->voters &&
                                                  *one.snapshot->data == *other.snapshot->data));
    return same_snapshot && one.hard_state == other.hard_state && needed(one) == needed(other);
}

/// The state is as before the last batch plus some first part of it.
inline bool is_some_prefix(const Recovered& found,
                           Recovered state,
                           Index compacted,
                           const std::vector<Persist>& unconfirmed) {
    // Single records may survive alone, in the order in which storage writes them.
    std::vector<Persist> steps;
    for (const Persist& persist : unconfirmed) {
        if (persist.hard_state) {
            steps.emplace_back().hard_state = persist.hard_state;
        }
        if (persist.snapshot) {
            steps.emplace_back().snapshot = persist.snapshot;
            steps.back().discard_log = persist.discard_log;
        }
        if (persist.truncate_from) {
            steps.emplace_back().truncate_from = persist.truncate_from;
        }
        for (const Entry& entry : persist.append) {
            steps.emplace_back().append = {entry};
        }
    }
    if (same(found, state, compacted)) {
        return true;
    }
    for (const Persist& step : steps) {
        apply(state, step);
        if (same(found, state, compacted)) {
            return true;
        }
    }
    return false;
}

inline std::vector<Entry> entries(Term term, Index first, std::size_t count, std::string data) {
    std::vector<Entry> made;
    for (std::size_t i = 0; i < count; ++i) {
        made.push_back({term, first + i, EntryKind::command, data + std::to_string(first + i)});
    }
    return made;
}

inline Snapshot snapshot(Term term, Index index, std::string data) {
    return {{term, index}, {1, 2, 3}, std::make_shared<const std::string>(std::move(data))};
}

inline Persist appended(std::vector<Entry> made) {
    Persist persist;
    persist.append = std::move(made);
    return persist;
}

inline Persist voted(Term term, NodeId candidate) {
    Persist persist;
    persist.hard_state = HardState{term, candidate};
    return persist;
}

/// As the core does it: a snapshot of its own, with a margin of entries kept.
inline Persist snapshot_taken(Snapshot taken, Index compact_to) {
    Persist persist;
    persist.snapshot = std::move(taken);
    persist.compact_to = compact_to;
    return persist;
}

inline Persist snapshot_received(Snapshot received) {
    Persist persist;
    persist.compact_to = received.last.index;
    persist.snapshot = std::move(received);
    persist.discard_log = true;
    return persist;
}

}  // namespace squall::raft::storage
