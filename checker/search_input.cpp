#include "checker/search_input.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace squall::checker {

using history::never;
using history::Operation;
using history::Outcome;

StateId StateTable::intern(const Model::State& state) {
    const auto [found, inserted] =
        ids_.try_emplace(state, static_cast<StateId>(states_.size() + 1));
    if (inserted) {
        states_.push_back(&found->first);
    }
    return found->second;
}

namespace {

bool all_have_effects(std::span<const Operation* const> operations, const Model& model) {
    return model.traits().unobserved_unknowns_removable &&
           std::all_of(operations.begin(), operations.end(), [&](const Operation* operation) {
               return operation->outcome == Outcome::fail || model.effect(*operation).has_value();
           });
}

}  // namespace

SearchInput::SearchInput(std::span<const Operation* const> all,
                         const Model& sequential_model,
                         std::uint64_t cut)
    : model(sequential_model), effects(all_have_effects(all, model)) {
    initial = states.intern(model.initial());
    for (const Operation* operation : all) {
        if (operation->invoked <= cut && operation->outcome != Outcome::fail) {
            add(*operation, cut);
        }
    }
    if (effects) {
        facts.resize(states.size() + 1);
        find_useful_values();
        drop_useless_unknowns();
        count_writers();
    }
    order_events();
    assign_slots_and_lanes();
}

void SearchInput::add(const Operation& operation, std::uint64_t cut) {
    const Operation* source = &operation;
    if (operation.outcome == Outcome::ok && operation.completed > cut) {
        Operation open = operation;
        open.outcome = Outcome::info;
        open.completed = never;
        open.result = {};
        open.any_result = false;
        open.applied.reset();
        source = &opened_.emplace_back(std::move(open));
    }
    const bool crashed = source->outcome == Outcome::info;
    if (crashed && model.is_read(*source)) {
        return;
    }
    operations.push_back({source->invoked, source->completed, kind_of(*source), crashed, 0});
}

std::uint32_t SearchInput::kind_of(const Operation& operation) {
    const auto next = static_cast<std::uint32_t>(kinds.size());
    if (effects) {
        return kind_of_effect(operation, model.effect(operation).value());
    }
    const std::string text = fmt::format("{} {} {} {} {} {}",
                                         operation.function,
                                         to_text(operation.argument),
                                         to_text(operation.result),
                                         operation.applied ? *operation.applied + 1 : 0,
                                         operation.any_result,
                                         operation.outcome == Outcome::ok);
    const auto [found, inserted] = kinds_by_text_.try_emplace(text, next);
    if (inserted) {
        kinds.push_back({no_state, no_state, model.is_read(operation), false, &operation});
    }
    return found->second;
}

std::uint32_t SearchInput::kind_of_effect(const Operation& operation, const Effect& effect) {
    Kind kind;
    kind.observes = effect.observes ? states.intern(*effect.observes) : no_state;
    kind.writes = effect.writes ? states.intern(*effect.writes) : no_state;
    kind.read = kind.writes == no_state || kind.writes == kind.observes;
    kind.impossible = effect.observes && !model.apply(*effect.observes, operation);
    kind.example = &operation;
    const auto next = static_cast<std::uint32_t>(kinds.size());
    if (kind.impossible) {
        kinds.push_back(kind);
        return next;
    }
    const auto both = (std::uint64_t{kind.observes} << 32U) | kind.writes;
    const auto [found, inserted] = kinds_by_effect_.try_emplace(both, next);
    if (inserted) {
        kinds.push_back(kind);
    }
    return found->second;
}

/// A value matters until its last observer has completed. A crashed cas observes too, but only as
/// long as what it writes matters: hence a least fixpoint.
void SearchInput::find_useful_values() {
    for (const SearchOperation& operation : operations) {
        const StateId observed = kinds[operation.kind].observes;
        if (!operation.crashed && observed != no_state) {
            ValueFacts& fact = facts[observed];
            fact.useful_until = std::max(fact.useful_until, operation.completed);
            fact.last_observer_invoked = std::max(fact.last_observer_invoked, operation.invoked);
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (const SearchOperation& operation : operations) {
            const Kind& kind = kinds[operation.kind];
            if (!operation.crashed || kind.observes == no_state || kind.read) {
                continue;
            }
            const std::uint64_t until = facts[kind.writes].useful_until;
            std::uint64_t& observed_until = facts[kind.observes].useful_until;
            if (until > operation.invoked && until > observed_until) {
                observed_until = until;
                changed = true;
            }
        }
    }
}

/// checker.md §6.5: a crashed mutation whose value nobody observes after its invocation may be left
/// out of every linearization that contains it, since what follows it directly overwrites.
void SearchInput::drop_useless_unknowns() {
    std::erase_if(operations, [&](const SearchOperation& operation) {
        const Kind& kind = kinds[operation.kind];
        return operation.crashed &&
               (kind.read || facts[kind.writes].useful_until < operation.invoked);
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

void SearchInput::order_events() {
    events.reserve(2 * operations.size());
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
        events.push_back({operations[i].invoked, i, false});
        if (!operations[i].crashed) {
            events.push_back({operations[i].completed, i, true});
        }
    }
    std::sort(events.begin(), events.end(), [](const SearchEvent& a, const SearchEvent& b) {
        return a.index < b.index;
    });
}

namespace {

/// Hands out the smallest number that is free.
class Numbers {
  public:
    std::uint32_t take() {
        const auto free = std::find(taken_.begin(), taken_.end(), false);
        const auto number = static_cast<std::uint32_t>(free - taken_.begin());
        if (free == taken_.end()) {
            taken_.push_back(true);
        } else {
            *free = true;
        }
        return number;
    }

    void release(std::uint32_t number) { taken_[number] = false; }

    [[nodiscard]] std::uint32_t most() const { return static_cast<std::uint32_t>(taken_.size()); }

  private:
    std::vector<bool> taken_;
};

}  // namespace

void SearchInput::assign_slots_and_lanes() {
    Numbers free_slots;
    Numbers free_lanes;
    std::vector<std::uint32_t> lane_of(kinds.size(), no_state);
    std::vector<std::uint32_t> in_use;  // kinds that hold a lane
    for (const SearchEvent& event : events) {
        SearchOperation& operation = operations[event.operation];
        if (operation.crashed) {
            std::uint32_t& lane = lane_of[operation.kind];
            if (lane == no_state) {
                lane = free_lanes.take();
                in_use.push_back(operation.kind);
            }
            operation.slot = lane;
        } else if (!event.completes) {
            operation.slot = free_slots.take();
        } else {
            free_slots.release(operation.slot);
            std::erase_if(in_use, [&](std::uint32_t kind) {
                const bool over = effects && facts[kinds[kind].writes].useful_until <= event.index;
                if (over) {
                    free_lanes.release(lane_of[kind]);
                }
                return over;
            });
        }
    }
    slots = free_slots.most();
    lanes = free_lanes.most();
}

}  // namespace squall::checker
