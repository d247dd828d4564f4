// One key's operations, made ready for a search: states interned to small numbers, operations
// grouped into kinds, what can never matter left out, and for each value until when it matters.
// Knows nothing of the searches themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "checker/engine.hpp"
#include "checker/prefix_facts.hpp"
#include "checker/state_table.hpp"

namespace squall::checker {

/// Operations that the model cannot tell apart. With effects (see `SearchInput::effects`) an
/// operation applies where the state is `observes` and is not `differs`, as far as they are given.
struct Kind {
    StateId observes = no_state;
    StateId differs = no_state;
    StateId writes = no_state;  ///< The state after; `no_state`: as before, or no effects.
    bool read = false;          ///< Leaves every state unchanged.
    bool impossible = false;    ///< Contradicts itself: applicable in no state.
    /// Applies in every state.
    bool always = false;
    /// Applies in every state and always leaves the same one: what was before is forgotten.
    bool overwrites = false;
    bool always_noticed = false;  ///< Never leaves a state as it was, except `unobservable`.
    bool adds = false;            ///< To the end of the state.
    StateId added = no_state;     ///< Of lists: the element.
    bool crashed = false;         ///< `example` is to be taken as one whose outcome is unknown.
    history::OperationId example = 0;
};

struct SearchOperation {
    history::EventIndex invoked = 0;
    /// `never_completed`: of unknown outcome, may take effect at any later time, or never.
    history::EventIndex completed = history::never_completed;
    std::uint32_t kind = 0;
    /// Its bit while it is open; of one of unknown outcome, its kind's lane.
    std::uint32_t slot = 0;
};

struct SearchEvent {
    enum class Type : std::uint8_t {
        invoke,    ///< `subject` is an operation.
        complete,  ///< `subject` is the same.
        crash,     ///< `subject` is one of unknown outcome: from now on it may take effect.
        expire     ///< `subject` is a kind: from now on such crashed ones cannot matter.
    };

    history::EventIndex index = 0;
    std::uint32_t subject = 0;
    Type type = Type::invoke;
};

/// What the whole history says about one value. Only with effects.
struct ValueFacts {
    history::EventIndex useful_until = 0;  ///< Completion of the last that asks for it; 0: none.
    history::EventIndex last_observer_invoked = 0;  ///< Of those whose outcome is known.
    std::uint32_t observers = 0;                    ///< Of those whose outcome is known.
    std::uint32_t writers = 0;                      ///< Writes of it, the initial state being one.
};

class SearchInput {
  public:
    /// The problem outlives the input.
    explicit SearchInput(const KeyProblem& problem);

    /// All operations do nothing but test and replace the whole state.
    bool effects = true;
    /// They do that, or add to the end of the state.
    bool grows = true;
    StateId initial = no_state;
    std::vector<Kind> kinds;
    std::vector<SearchOperation> operations;
    std::vector<SearchEvent> events;
    std::vector<ValueFacts> facts;            ///< By state.
    std::vector<std::uint32_t> crash_counts;  ///< By kind: crashed ones in all.
    std::vector<std::uint32_t> lane_of;       ///< By kind, where it has crashed ones.
    std::uint32_t slots = 0;                  ///< Operations open at once, at most.
    std::uint32_t lanes = 0;  ///< Kinds of crashed operations that matter at once, at most.

    /// The state after an operation of the kind, or `no_state` if it does not apply.
    StateId transition(std::uint32_t kind, StateId state);

    /// Will nobody tell the value, or what it can grow to, apart from others at `time` or later?
    [[nodiscard]] bool useless_after(StateId value, history::EventIndex time) {
        return effects ? facts[value].useful_until < time
                       : grows && prefixes_.until(states_.values(), value - 1) < time;
    }

    /// The last moment at which a crashed operation that leaves the value can be of use.
    [[nodiscard]] history::EventIndex wanted_until(StateId value) const;

    [[nodiscard]] std::size_t bytes() const;

  private:
    struct KindKey;
    struct KindHash;
    using Kinds = std::unordered_map<KindKey, std::uint32_t, KindHash>;

    void add(history::OperationId id, Kinds& known);
    [[nodiscard]] history::Operation example_of(const Kind& kind) const;
    void find_effects(Kind& kind, const history::Operation& example);
    void find_growth(Kind& kind, const history::Operation& example);
    void find_useful_values();
    void find_useful_prefixes();
    void drop_useless_unknowns();
    void count_writers();
    void order_events();
    void assign_slots_and_lanes();

    const KeyProblem& problem_;
    StateTable states_;
    TransitionTable transitions_;
    PrefixFacts prefixes_;
    history::EventIndex differs_until_ = 0;  ///< Completion of the last that tests a difference.
};

}  // namespace squall::checker
