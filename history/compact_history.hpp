// A whole history in a few dozen bytes an operation: what checkers read. Values, keys and functions
// are numbers. It holds what verdicts and explanations need, no times, no faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "history/operation.hpp"
#include "history/value_table.hpp"

namespace squall::history {

/// Place of an operation in `CompactHistory::operations`.
using OperationId = std::uint32_t;
using KeyId = std::uint32_t;
using FunctionId = std::uint8_t;
/// Index of an event; histories end before 2^32 events.
using EventIndex = std::uint32_t;

/// Index of an event that never came.
inline constexpr EventIndex never_completed = std::numeric_limits<EventIndex>::max();

enum class Applied : std::uint8_t { unsaid, no, yes };

/// Is the argument of this function [expected, new]?
[[nodiscard]] inline bool is_cas(std::string_view function) {
    return function.starts_with("cas");
}

struct CompactOperation {
    EventIndex invoked = 0;
    EventIndex completed = never_completed;
    KeyId key = 0;
    ValueId argument = null_value;
    /// Of a cas, whose argument is [expected, new]: the second element, while `argument` is the
    /// first. Any function whose name begins with "cas" is one.
    ValueId second = null_value;
    ValueId result = null_value;
    FunctionId function = 0;
    Outcome outcome = Outcome::info;
    Applied applied = Applied::unsaid;
    /// The operation is ok, but what it returned was not recorded: anything fits.
    bool any_result = false;
    bool pair = false;  ///< Of a cas: `argument` and `second` are the elements of its argument.
    bool final_read = false;
};

/// One key's operations, in order of invocation.
struct KeyPart {
    KeyId key = 0;
    std::span<const OperationId> operations;
};

/// The operations of every key.
class KeyParts {
  public:
    KeyParts(std::span<const CompactOperation> operations, std::size_t keys);
    KeyParts(KeyParts&&) = default;
    KeyParts& operator=(KeyParts&&) = default;
    KeyParts(const KeyParts&) = delete;
    KeyParts& operator=(const KeyParts&) = delete;
    ~KeyParts() = default;

    /// By key.
    [[nodiscard]] const std::vector<KeyPart>& parts() const { return parts_; }

  private:
    std::vector<OperationId> operations_;
    std::vector<KeyPart> parts_;
};

/// Names as small numbers, in order of appearance.
class NameTable {
  public:
    std::uint32_t intern(std::string_view name);

    [[nodiscard]] const std::string& at(std::uint32_t id) const { return names_[id]; }

    [[nodiscard]] std::size_t size() const { return names_.size(); }

    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;

  private:
    struct Hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view name) const {
            return std::hash<std::string_view>{}(name);
        }
    };

    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> ids_;
    std::vector<std::string> names_;
};

struct CompactHistory {
    ValueTable values;
    NameTable keys;
    NameTable functions;                       ///< At most 256.
    std::vector<CompactOperation> operations;  ///< In order of invocation.
    std::vector<ClientId> clients;             ///< By operation.
    std::vector<NodeId> nodes;                 ///< By operation.
    std::vector<LogPosition> positions;        ///< By operation, 0 if unsaid; or empty.
    /// What every object begins with, where the recording says so; otherwise the model knows.
    std::optional<Value> initial;

    /// Adds an operation; they come in order of invocation. Throws std::length_error beyond the
    /// bounds named above.
    OperationId add(const Operation& operation);

    /// The operation with names and values again; without times, errors and the like.
    [[nodiscard]] Operation expand(OperationId id) const;

    [[nodiscard]] KeyParts by_key() const { return KeyParts(operations, keys.size()); }

    [[nodiscard]] std::size_t bytes() const;
};

[[nodiscard]] CompactHistory compact(std::span<const Operation> operations);

}  // namespace squall::history
