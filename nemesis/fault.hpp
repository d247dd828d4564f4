// What can be done to a cluster, as values. A small closed set of primitives; everything richer (a
// ring of partitions, a crash loop, a subset restart) is a composition of them over time. Nothing
// here acts.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "history/event.hpp"
#include "nemesis/jitter.hpp"

namespace squall::nemesis {

using history::Duration;
using history::NodeId;
using history::Time;

/// Joins the injection and the healing of one fault. Unique in a plan, from 1.
using FaultId = std::uint64_t;

/// One direction between two nodes.
struct Link {
    NodeId from = 0;
    NodeId to = 0;
    friend auto operator<=>(const Link&, const Link&) = default;
};

/// What happens to whole messages on a link. Probabilities in [0, 1].
struct LinkRule {
    bool cut = false;   ///< Everything that arrives is dropped, and so is what was still queued.
    Duration delay{};   ///< Added to every message...
    Duration jitter{};  ///< ...plus something in [0, jitter); order is kept.
    JitterLaw law = JitterLaw::uniform;  ///< Of what `jitter` bounds.
    double drop = 0;                     ///< Lost.
    double duplicate = 0;  ///< Delivered twice, the copy right after or later by up to `jitter`.
    double reorder =
        0;  ///< Overtaken: held back by up to `delay + jitter` (at least 10 ms) while others pass.
    friend bool operator==(const LinkRule&, const LinkRule&) = default;
};

/// Both rules at once: cuts win, delays add up, the heavier tail wins, probabilities combine as
/// independent.
[[nodiscard]] LinkRule combine(const LinkRule& a, const LinkRule& b);

struct LinkFault {
    std::map<Link, LinkRule> rules;
    friend bool operator==(const LinkFault&, const LinkFault&) = default;
};

/// SIGKILL now; started again when healed (and no other kill holds the node down).
struct KillFault {
    std::vector<NodeId> nodes;
    friend bool operator==(const KillFault&, const KillFault&) = default;
};

/// SIGSTOP now, SIGCONT when healed.
struct PauseFault {
    std::vector<NodeId> nodes;
    friend bool operator==(const PauseFault&, const PauseFault&) = default;
};

/// How the clocks of a node run. Monotonic time never goes backwards, whatever the rules.
struct ClockRule {
    double rate = 1;           ///< Seconds on the node's clocks per true second; 0: they stand.
    Duration realtime_jump{};  ///< CLOCK_REALTIME jumps by this, either way, and back at the end.
    friend bool operator==(const ClockRule&, const ClockRule&) = default;
};

/// Both rules at once: rates multiply, jumps add up.
[[nodiscard]] ClockRule combine(const ClockRule& a, const ClockRule& b);

struct ClockFault {
    std::map<NodeId, ClockRule> rules;
    friend bool operator==(const ClockFault&, const ClockFault&) = default;
};

/// How the disk of a node behaves. Probabilities in [0, 1], of each call.
struct DiskRule {
    Duration sync_delay{};   ///< Every fsync takes this much longer.
    bool stuck = false;      ///< No fsync ends before the fault does.
    double sync_error = 0;   ///< fsync reports EIO, and what it was to write is never written.
    double write_error = 0;  ///< A write or a change of the directory reports EIO.
    bool full = false;       ///< Nothing that needs room succeeds (ENOSPC).
    friend bool operator==(const DiskRule&, const DiskRule&) = default;
};

/// Both rules at once: delays add up, probabilities combine as independent.
[[nodiscard]] DiskRule combine(const DiskRule& a, const DiskRule& b);

struct DiskFault {
    std::map<NodeId, DiskRule> rules;
    friend bool operator==(const DiskFault&, const DiskFault&) = default;
};

/// The machine loses its power now, and what was not synced is lost, torn or reordered; started
/// again when healed (and nothing else holds the node down).
struct PowerFault {
    std::vector<NodeId> nodes;
    std::uint32_t bit_flips = 0;  ///< In each node's files meanwhile, however well synced.
    friend bool operator==(const PowerFault&, const PowerFault&) = default;
};

using Action = std::variant<LinkFault, KillFault, PauseFault, ClockFault, DiskFault, PowerFault>;

/// A fault with everything decided: what a cluster is asked to inject.
struct Fault {
    std::string name;    ///< Its class.
    std::string detail;  ///< In words: "cut {n1 n2} | {n3 n4 n5}".
    std::vector<NodeId> targets;
    Action action;
};

/// An entry of a plan's schedule: when, and what kind. The class resolves it to a Fault when its
/// time comes, since "the leader" is known only then; a realised plan carries the action itself.
struct PlannedFault {
    FaultId id = 0;
    std::string name;   ///< Fault class.
    std::string shape;  ///< Meaning per class: "one", "majority", "ring", "leader", "delay"...
    Time at{};          ///< Since the start of the main phase.
    Duration duration{};
    std::uint64_t draw = 0;        ///< Random bits for the choice among targets.
    std::vector<NodeId> nodes;     ///< Explicit targets; empty = resolve by shape and draw.
    std::optional<Action> action;  ///< Realised: inject exactly this.
    std::string detail;            ///< Realised: in words.
};

/// What is known of the cluster when a fault is resolved.
struct ClusterView {
    std::vector<NodeId> nodes;  ///< All, ascending.
    NodeId leader = 0;          ///< 0: unknown.
    std::vector<NodeId> down;   ///< Ascending.
};

}  // namespace squall::nemesis
