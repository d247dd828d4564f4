// Invariants about what state machines did, over the traces of a cluster; parts of TraceChecker.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "checker/trace.hpp"
#include "checker/trace_invariant.hpp"
#include "history/random.hpp"

namespace squall::checker {

/// State-machine safety (§5.4.3): one state at one index, among nodes, lives and snapshots.
class AppliedHash {
  public:
    void applied(const TraceEventId& event,
                 std::uint64_t index,
                 std::uint64_t term,
                 std::uint64_t hash);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    struct Applied {
        std::uint64_t term = 0;
        std::uint64_t hash = 0;
        TraceEventId event;  ///< That told it first.
    };

    TraceInvariant invariant_{"applied-hash", "State Machine Safety (§5.4.3)", "applied entry"};
    std::unordered_map<std::uint64_t, Applied> applied_;
};

/// Exactly-once (dissertation §6.3): what a client's session asked for under one sequence number
/// takes effect at one index, for ever: on every node, in every life, whether or not a snapshot
/// lies between the first time and a second.
class ExactlyOnce {
  public:
    /// The entry at `index` took this effect; 0, 0: none.
    void took_effect(const TraceEventId& event, std::uint64_t index, const TraceEffect& effect);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    using Key = std::pair<std::uint64_t, std::uint64_t>;

    struct Hash {
        std::size_t operator()(const Key& key) const {
            return history::mix(history::mix(key.first) ^ key.second);
        }
    };

    struct Place {
        std::uint64_t index = 0;
        TraceEventId event;
    };

    struct Effect {
        TraceEffect effect;
        TraceEventId event;
    };

    TraceInvariant invariant_{"exactly-once",
                              "Exactly-once sessions (dissertation §6.3)",
                              "effect of a client session",
                              TraceInvariant::IfTold{}};
    std::unordered_map<Key, Place, Hash> places_;        ///< By session and sequence number.
    std::unordered_map<std::uint64_t, Effect> effects_;  ///< By index.
};

/// What a node says to be bounded by its configuration is: its log behind a snapshot, messages
/// under way to a peer, bytes not yet committed, or whatever else it names.
class BoundedResources {
  public:
    void told(const TraceRecord& record, const TraceBound& bound);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    struct Limit {
        std::uint64_t value = 0;
        TraceEventId event;
    };

    TraceInvariant invariant_{"bounded-resources",
                              "Bounded log and memory (§7, dissertation §10.2)",
                              "bound",
                              TraceInvariant::IfTold{}};
    /// By node and name: a configuration does not change within a life.
    std::map<std::pair<NodeId, std::string>, Limit> limits_;
};

}  // namespace squall::checker
