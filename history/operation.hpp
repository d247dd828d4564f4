// Pairing of events into operations: the form in which checkers read a history.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/event.hpp"

namespace squall::history {

enum class Outcome : std::uint8_t { ok, fail, info };

[[nodiscard]] const char* to_string(Outcome outcome);

/// Index of an event that never came.
inline constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

/// One client operation. `invoked < completed`; an operation that is still open has outcome *info*
/// and `completed == never`. Indices are event indices, the only order that counts.
struct Operation {
    std::uint64_t invoked = 0;
    std::uint64_t completed = never;
    Time invoked_at{};
    Time completed_at{};
    ClientId client = -1;
    NodeId node = 0;
    std::string function;
    std::string key;
    Value argument;
    Value result;
    /// It is ok, but what it returned was not recorded: anything fits. Only in imported histories.
    bool any_result = false;
    std::optional<bool> applied;
    Outcome outcome = Outcome::info;
    std::string error;
    std::optional<LogPosition> position;
    bool final_read = false;
};

/// Real-time order: `a` was over before `b` began. An order, not total: overlapping ones are
/// concurrent.
[[nodiscard]] inline bool precedes(const Operation& a, const Operation& b) {
    return a.completed < b.invoked;
}

/// What is wrong with a history as a whole (two open operations of one client, completion without
/// invoke...).
struct PairingError {
    std::uint64_t event = 0;  ///< Index of the offending event.
    std::string problem;
};

struct Pairing {
    std::vector<Operation> operations;  ///< In order of invocation.
    std::optional<PairingError>
        error;  ///< Set: `operations` holds what came before the offending event.
};

/// Pairs invocations with completions, per client. Faults and notes are passed over. An *info* does
/// not close the interval: `completed` stays `never`, since the operation may take effect at any
/// later time.
[[nodiscard]] Pairing pair(std::span<const Event> events);

}  // namespace squall::history
