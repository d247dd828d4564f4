// The vocabulary of a history, Jepsen's words: a client *invokes* an operation, which completes as
// *ok*, *fail* (certainly did not happen and never will) or *info* (unknown). Faults and notes
// stand in the same history. The order of events is their index; times are for plots and
// measurements only, never for judging.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history/value.hpp"

namespace squall::history {

/// Nanoseconds since the one monotonic origin of the run.
using Time = std::chrono::nanoseconds;
using Duration = std::chrono::nanoseconds;

[[nodiscard]] constexpr double to_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

[[nodiscard]] constexpr Duration from_seconds(double seconds) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

/// Nodes are numbered from 1 (shown as n1, n2, ...). 0 is "none".
using NodeId = std::uint32_t;

/// A logical client (Jepsen's process): single-threaded, retired for ever after an *info*. -1 is
/// "none".
using ClientId = std::int64_t;

enum class EventType : std::uint8_t { invoke, ok, fail, info, fault, note };

[[nodiscard]] const char* to_string(EventType type);

/// Where the system under test says that a mutation stands in its log.
struct LogPosition {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

struct FaultTarget {
    NodeId node = 0;
    std::string role;  ///< Role when the fault landed: leader, follower, candidate, down, unknown.
    friend bool operator==(const FaultTarget&, const FaultTarget&) = default;
};

enum class FaultPhase : std::uint8_t {
    begin,   ///< The fault took hold.
    end,     ///< It was undone; carries the measured effect.
    skipped  ///< It could not be injected (no such target at that moment); `detail` says why.
};

[[nodiscard]] const char* to_string(FaultPhase phase);

/// One fault's begin or end. `id` joins the two events.
struct FaultRecord {
    std::uint64_t id = 0;
    std::string name;  ///< Fault class: partition, kill, pause, packet...
    FaultPhase phase = FaultPhase::begin;
    std::string detail;  ///< What exactly, in words: "cut {n1 n2} | {n3 n4 n5}".
    std::vector<FaultTarget> targets;
    /// Measured, by name with unit: messages_dropped, paused_ms, down_ms... Only at *end*.
    std::map<std::string, std::int64_t> effect;
    friend bool operator==(const FaultRecord&, const FaultRecord&) = default;
};

/// One line of a history. Which fields are meaningful depends on `type`; the others keep their
/// defaults.
struct Event {
    std::uint64_t index = 0;
    Time time{};
    EventType type = EventType::note;

    // invoke, ok, fail, info
    ClientId client = -1;
    NodeId node = 0;       ///< invoke: the node asked first; completion: the node that answered.
    std::string function;  ///< read, write, cas, append, delete...
    std::string key;       ///< Independent object that the operation is about.
    Value value;  ///< invoke: argument(s), cas is [expected, new]; ok: the result of a read or
                  ///< failed cas.
    std::optional<bool> applied;  ///< ok of a conditional mutation: did it change the state?
    std::string error;            ///< fail, info: why, as a short slug.
    std::optional<LogPosition> position;
    bool final_read = false;  ///< The operation belongs to the final phase.

    std::optional<FaultRecord> fault;  // fault
    std::string text;                  // note

    friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace squall::history
