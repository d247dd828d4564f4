// One key's operations, made ready for a search: values interned to small numbers, operations
// grouped into kinds, what can never matter left out, and for each value until when it matters.
// Knows nothing of the search itself.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <unordered_map>
#include <vector>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

using StateId = std::uint32_t;

/// Stands for every state that nobody will observe any more.
inline constexpr StateId unobservable = 0;
inline constexpr StateId no_state = std::numeric_limits<StateId>::max();

/// Numbers states in order of appearance, from 1.
class StateTable {
  public:
    StateId intern(const Model::State& state);

    [[nodiscard]] const Model::State& at(StateId id) const { return *states_[id - 1]; }

    [[nodiscard]] std::size_t size() const { return states_.size(); }

  private:
    struct Hash {
        std::size_t operator()(const Model::State& state) const { return state.hash(); }
    };

    std::unordered_map<Model::State, StateId, Hash> ids_;
    std::vector<const Model::State*> states_;  ///< Keys of `ids_`, which never move.
};

/// Operations that no model can tell apart.
struct Kind {
    StateId observes = no_state;
    StateId writes = no_state;
    bool read = false;        ///< Leaves every state unchanged.
    bool impossible = false;  ///< Contradicts itself: applicable in no state.
    const history::Operation* example = nullptr;
};

struct SearchOperation {
    std::uint64_t invoked = 0;
    std::uint64_t completed = history::never;
    std::uint32_t kind = 0;
    bool crashed = false;    ///< Unknown outcome: may take effect at any later time, or never.
    std::uint32_t slot = 0;  ///< Its bit while it is open; of a crashed one, its kind's lane.
};

struct SearchEvent {
    std::uint64_t index = 0;
    std::uint32_t operation = 0;
    bool completes = false;
};

/// What the whole history says about one value. Only with effects.
struct ValueFacts {
    std::uint64_t useful_until = 0;           ///< Completion of its last observer; 0: has none.
    std::uint64_t last_observer_invoked = 0;  ///< Of those whose outcome is known.
    std::uint32_t writers = 0;                ///< Writes of it, the initial state being one.
};

struct SearchInput {
    /// Takes the operations of one key, in order of invocation, as if the history had ended after
    /// event `cut`: what completes later is open. They and the model must outlive the input.
    SearchInput(std::span<const history::Operation* const> all,
                const Model& model,
                std::uint64_t cut = history::never);

    const Model& model;
    /// All operations are tests and replacements of the whole state (`Model::effect`).
    bool effects = false;
    StateTable states;
    StateId initial = no_state;
    std::vector<Kind> kinds;
    std::vector<SearchOperation> operations;
    std::vector<SearchEvent> events;
    std::vector<ValueFacts> facts;  ///< By state.
    std::uint32_t slots = 0;        ///< Operations open at once, at most.
    std::uint32_t lanes = 0;        ///< Kinds of crashed operations that matter at once, at most.

  private:
    void add(const history::Operation& operation, std::uint64_t cut);
    std::uint32_t kind_of(const history::Operation& operation);
    std::uint32_t kind_of_effect(const history::Operation& operation, const Effect& effect);
    void find_useful_values();
    void drop_useless_unknowns();
    void count_writers();
    void order_events();
    void assign_slots_and_lanes();

    std::deque<history::Operation> opened_;  ///< Copies of operations that `cut` leaves open.
    std::unordered_map<std::string, std::uint32_t> kinds_by_text_;
    std::unordered_map<std::uint64_t, std::uint32_t> kinds_by_effect_;
};

}  // namespace squall::checker
