#include "checker/search_input.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "history/random.hpp"

namespace squall::checker {

using history::Applied;
using history::CompactOperation;
using history::EventIndex;
using history::never_completed;
using history::Operation;
using history::OperationId;
using history::Outcome;

namespace {

Model::State list_or_empty(const Model::State& value) {
    return value.is_null() ? Model::State::List{} : value;
}

}  // namespace

/// What a model sees of an operation.
struct SearchInput::KindKey {
    history::ValueId argument = 0;
    history::ValueId second = 0;
    history::ValueId result = 0;
    history::FunctionId function = 0;
    Applied applied = Applied::unsaid;
    bool any_result = false;
    bool pair = false;
    bool crashed = false;

    friend bool operator==(const KindKey&, const KindKey&) = default;
};

struct SearchInput::KindHash {
    std::size_t operator()(const KindKey& key) const {
        const std::uint64_t small = key.function | static_cast<std::uint64_t>(key.applied) << 8U |
                                    std::uint64_t{key.any_result} << 10U |
                                    std::uint64_t{key.pair} << 11U |
                                    std::uint64_t{key.crashed} << 12U;
        const std::uint64_t values =
            history::mix((std::uint64_t{key.argument} << 32U) | key.second);
        return history::mix(values ^ ((small << 32U) | key.result));
    }
};

SearchInput::SearchInput(const KeyProblem& problem) : problem_(problem) {
    initial = states_.intern(problem.model.traits().shape == ObjectShape::list
                                 ? list_or_empty(problem.initial)
                                 : problem.initial);
    Kinds known;
    for (const OperationId id : problem.part.operations) {
        const CompactOperation& operation = problem.history.operations[id];
        if (operation.invoked <= problem.cut && operation.outcome != Outcome::fail) {
            add(id, known);
        }
    }
    if (effects) {
        facts.resize(states_.size());
        find_useful_values();
        drop_useless_unknowns();
        count_writers();
    } else if (grows) {
        find_useful_prefixes();
    }
    order_events();
    assign_slots_and_lanes();
}

void SearchInput::add(OperationId id, Kinds& known) {
    const CompactOperation& operation = problem_.history.operations[id];
    const bool crashed = operation.outcome == Outcome::info || operation.completed > problem_.cut;
    KindKey key{operation.argument,
                operation.second,
                operation.result,
                operation.function,
                operation.applied,
                operation.any_result,
                operation.pair,
                crashed};
    if (crashed) {
        key.result = history::null_value;
        key.applied = Applied::unsaid;
        key.any_result = false;
    }
    const auto [found, is_new] = known.try_emplace(key, static_cast<std::uint32_t>(kinds.size()));
    if (is_new) {
        Kind kind;
        kind.example = id;
        kind.crashed = crashed;
        find_effects(kind, example_of(kind));
        kinds.push_back(kind);
        crash_counts.push_back(0);
    }
    if (!crashed || !kinds[found->second].read) {
        operations.push_back(
            {operation.invoked, crashed ? never_completed : operation.completed, found->second, 0});
    }
}

Operation SearchInput::example_of(const Kind& kind) const {
    Operation operation = problem_.history.expand(kind.example);
    if (kind.crashed) {
        operation.outcome = Outcome::info;
        operation.completed = history::never;
        operation.result = {};
        operation.applied.reset();
        operation.any_result = false;
    }
    return operation;
}

void SearchInput::find_effects(Kind& kind, const Operation& example) {
    const Model& model = problem_.model;
    kind.read = model.is_read(example);
    if (const std::optional<Effect> effect = model.effect(example)) {
        kind.observes = effect->observes ? states_.intern(*effect->observes) : no_state;
        kind.writes = effect->writes ? states_.intern(*effect->writes) : no_state;
        kind.read = kind.writes == no_state || kind.writes == kind.observes;
        kind.impossible =
            !model.apply(effect->observes ? *effect->observes : problem_.initial, example);
        kind.always = kind.observes == no_state && !kind.impossible;
        kind.overwrites = kind.always && !kind.read;
        return;
    }
    const ObjectShape shape = model.traits().shape;
    const bool cell = shape == ObjectShape::cell || shape == ObjectShape::text;
    if (cell && example.function == "cas" && kind.read) {
        kind.differs = states_.intern(example.argument.as_list()->front());
    } else if (cell && example.function == "delete" && !kind.read) {
        kind.differs = states_.intern({});
        kind.writes = kind.differs;
    } else {
        effects = false;
        find_growth(kind, example);
    }
}

void SearchInput::find_growth(Kind& kind, const Operation& example) {
    const ObjectShape shape = problem_.model.traits().shape;
    const Model::State& begins = problem_.initial;
    const bool text = begins.is_null() || begins.as_string() != nullptr;
    const bool list = begins.is_null() || begins.as_list() != nullptr;
    if (shape == ObjectShape::text && text && example.function == "append") {
        const std::string* added = example.argument.as_string();
        kind.always = true;
        kind.adds = true;
        kind.always_noticed = added != nullptr && !added->empty();
    } else if (shape == ObjectShape::list && list && example.function == "append") {
        kind.always = true;
        kind.always_noticed = true;
        kind.adds = true;
        kind.added = states_.intern(example.argument);
    } else if (shape == ObjectShape::list && list && example.function == "read") {
        if (example.outcome == Outcome::ok && !example.any_result) {
            kind.observes = states_.intern(list_or_empty(example.result));
        }
    } else {
        grows = false;
    }
}

StateId SearchInput::transition(std::uint32_t kind_id, StateId state) {
    const Kind& kind = kinds[kind_id];
    if (effects || (grows && !kind.adds)) {
        if (kind.impossible || (kind.observes != no_state && kind.observes != state) ||
            (kind.differs != no_state && kind.differs == state)) {
            return no_state;
        }
        return kind.writes == no_state ? state : kind.writes;
    }
    if (grows && state == unobservable) {
        return unobservable;
    }
    if (grows && kind.added != no_state) {
        return states_.append(state, kind.added);
    }
    bool is_new = false;
    StateId& after = transitions_.at(kind_id, state, is_new);
    if (is_new) {
        if (const auto found = problem_.model.apply(states_.at(state), example_of(kind))) {
            after = states_.intern(*found);
        }
    }
    return after;
}

EventIndex SearchInput::wanted_until(StateId value) const {
    return effects ? std::max(facts[value].useful_until, differs_until_) : never_completed;
}

void SearchInput::order_events() {
    events.reserve(2 * operations.size());
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
        const SearchOperation& operation = operations[i];
        const bool crashed = operation.completed == never_completed;
        events.push_back(
            {operation.invoked, i, crashed ? SearchEvent::Type::crash : SearchEvent::Type::invoke});
        if (!crashed) {
            events.push_back({operation.completed, i, SearchEvent::Type::complete});
        } else if (crash_counts[operation.kind]++ == 0) {
            const EventIndex until = wanted_until(kinds[operation.kind].writes);
            if (until != never_completed) {
                events.push_back({until, operation.kind, SearchEvent::Type::expire});
            }
        }
    }
    std::sort(events.begin(), events.end(), [](const SearchEvent& a, const SearchEvent& b) {
        return std::tie(a.index, a.type, a.subject) < std::tie(b.index, b.type, b.subject);
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
    lane_of.assign(kinds.size(), no_state);
    for (const SearchEvent& event : events) {
        switch (event.type) {
            case SearchEvent::Type::invoke:
                operations[event.subject].slot = free_slots.take();
                break;
            case SearchEvent::Type::complete:
                free_slots.release(operations[event.subject].slot);
                break;
            case SearchEvent::Type::crash: {
                SearchOperation& operation = operations[event.subject];
                std::uint32_t& lane = lane_of[operation.kind];
                lane = lane == no_state ? free_lanes.take() : lane;
                operation.slot = lane;
                break;
            }
            case SearchEvent::Type::expire:
                free_lanes.release(lane_of[event.subject]);
                break;
        }
    }
    slots = free_slots.most();
    lanes = free_lanes.most();
}

std::size_t SearchInput::bytes() const {
    return kinds.capacity() * sizeof(Kind) + operations.capacity() * sizeof(SearchOperation) +
           events.capacity() * sizeof(SearchEvent) + facts.capacity() * sizeof(ValueFacts) +
           (crash_counts.capacity() + lane_of.capacity()) * sizeof(std::uint32_t) +
           states_.bytes() + transitions_.bytes() + prefixes_.bytes();
}

}  // namespace squall::checker
