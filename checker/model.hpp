// Sequential models: what an object would do if operations came one at a time. One file per model;
// the registry in models.cpp has one line for each. States are values, so that any model can be
// interned, compared and printed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "history/operation.hpp"
#include "history/value.hpp"

namespace squall::checker {

/// What the functions of a model do, where an engine knows a shorter way than to try orders. All of
/// them may be there or not; a name that is not listed makes the shape `other`.
enum class ObjectShape : std::uint8_t {
    other,
    /// read; write; cas; delete: as checker/cell.hpp says.
    cell,
    /// get; put; append (text added at the end); delete; cas as in `cell`.
    text,
    /// append (one element); read (all of them, first to last; null is the empty list).
    list,
    /// add (one element); read (all of them, as a sorted list; null is the empty set).
    set,
    /// add (an integer); read (null is 0).
    counter,
    /// enqueue (one element); dequeue (the oldest one, null if there is none).
    queue
};

/// Properties that let an engine prune. Claiming one that does not hold makes verdicts wrong; a
/// property test checks each claim.
struct ModelTraits {
    /// An operation with an unknown outcome whose written value is never observed by any other
    /// operation may be left out (checker.md §6.5). Said of histories in which every operation of
    /// the key has an `effect`, so that none observes the absence of one.
    bool unobserved_unknowns_removable = false;
    ObjectShape shape = ObjectShape::other;
};

/// What an operation tests and leaves behind, where the model's operations do nothing but test and
/// replace the whole state. `apply` may in addition refuse an operation in every state, if its
/// outcome contradicts itself.
struct Effect {
    std::optional<history::Value> observes;  ///< The state before must equal this; none: any.
    std::optional<history::Value> writes;    ///< The state after; none: as before.
};

class Model {
  public:
    using State = history::Value;

    virtual ~Model() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual State initial() const = 0;

    [[nodiscard]] virtual ModelTraits traits() const { return {}; }

    /// The state after `operation` took effect in `state`, or nothing if its result contradicts the
    /// state. An operation of unknown outcome has no result, and that of one with `any_result` is
    /// not known: any result is possible.
    [[nodiscard]] virtual std::optional<State> apply(const State& state,
                                                     const history::Operation& operation) const = 0;

    /// The operation as test and replacement, or nothing where it is more than that (append,
    /// increment) or tests that the state is *not* something. Engines prune by it where every
    /// operation of a key has one: with it `unobserved_unknowns_removable` says that a write nobody
    /// observes may be left out.
    [[nodiscard]] virtual std::optional<Effect> effect(
        const history::Operation& /*operation*/) const {
        return std::nullopt;
    }

    /// Does it leave every state unchanged?
    [[nodiscard]] virtual bool is_read(const history::Operation& operation) const = 0;

    /// A function or an argument that the model does not know: says what is wrong.
    [[nodiscard]] virtual std::optional<std::string> reject(
        const history::Operation& operation) const = 0;
};

/// `register` (read, write, cas), ... or nothing.
[[nodiscard]] const Model* find_model(std::string_view name);

[[nodiscard]] std::span<const Model* const> models();

}  // namespace squall::checker
