// The part of the search's input that looks at the whole history: until when a value matters.
#include <algorithm>
#include <vector>

#include "checker/search_input.hpp"

namespace squall::checker {

using history::EventIndex;
using history::never_completed;

/// A value matters until the last that asks for it has completed. A crashed cas asks too, but only
/// as long as what it leaves matters: hence a least fixpoint, reached soonest from the end.
void SearchInput::find_useful_values() {
    std::vector<const SearchOperation*> crashed;
    for (const SearchOperation& operation : operations) {
        const Kind& kind = kinds[operation.kind];
        if (operation.completed == never_completed) {
            crashed.push_back(&operation);
            continue;
        }
        if (kind.observes != no_state) {
            ValueFacts& fact = facts[kind.observes];
            fact.useful_until = std::max(fact.useful_until, operation.completed);
            fact.last_observer_invoked = std::max(fact.last_observer_invoked, operation.invoked);
            ++fact.observers;
        }
        if (kind.differs != no_state) {
            ValueFacts& fact = facts[kind.differs];
            fact.useful_until = std::max(fact.useful_until, operation.completed);
            differs_until_ = std::max(differs_until_, operation.completed);
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (auto operation = crashed.rbegin(); operation != crashed.rend(); ++operation) {
            const Kind& kind = kinds[(*operation)->kind];
            const EventIndex until = wanted_until(kind.writes);
            if (kind.observes != no_state && until > (*operation)->invoked &&
                until > facts[kind.observes].useful_until) {
                facts[kind.observes].useful_until = until;
                changed = true;
            }
        }
    }
}

void SearchInput::find_useful_prefixes() {
    for (const SearchOperation& operation : operations) {
        const Kind& kind = kinds[operation.kind];
        for (const StateId asked : {kind.observes, kind.differs}) {
            if (asked != no_state) {
                prefixes_.ask(states_.values(), asked - 1, operation.completed);
            }
        }
    }
    prefixes_.finish();
}

/// checker.md §6.5: a crashed mutation that nobody can tell happened may be left out of every
/// linearization that contains it, since what follows it directly overwrites.
void SearchInput::drop_useless_unknowns() {
    std::erase_if(operations, [&](const SearchOperation& operation) {
        return operation.completed == never_completed &&
               wanted_until(kinds[operation.kind].writes) < operation.invoked;
    });
}

void SearchInput::count_writers() {
    ++facts[initial].writers;
    for (const SearchOperation& operation : operations) {
        const Kind& kind = kinds[operation.kind];
        if (!kind.read) {
            ++facts[kind.writes].writers;
        }
    }
}

}  // namespace squall::checker
