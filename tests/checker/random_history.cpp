#include "random_history.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "checker/explain.hpp"

namespace squall::checker::testing {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

/// The functions of a model, those that mutate first.
std::vector<std::string> functions_of(const Model& model) {
    const std::string name(model.name());
    static const std::map<std::string, std::vector<std::string>> all{
        {"register", {"write", "cas", "cas", "delete", "read", "read"}},
        {"creating-register", {"write", "cas", "cas-or-create", "read", "read"}},
        {"cas-register", {"write", "cas", "cas", "read", "read"}},
        {"kv", {"put", "append", "cas", "delete", "get", "get"}},
        {"append-list", {"append", "append", "read"}},
        {"set", {"add", "add", "read"}},
        {"counter", {"add", "add", "read"}},
        {"queue", {"enqueue", "dequeue"}},
        {"mutex", {"acquire", "release"}}};
    return all.at(name);
}

bool is_cas(const Operation& operation) {
    return operation.function.starts_with("cas");
}

struct Open {
    std::size_t operation = 0;
    bool took_effect = false;
};

class AtomicObjects {
  public:
    explicit AtomicObjects(const RandomShape& shape)
        : shape_(shape),
          chance_(shape.seed),
          functions_(functions_of(*shape.model)),
          states_(shape.keys, shape.initial) {}

    std::vector<Operation> run() {
        while (operations_.size() < shape_.operations || !open_.empty()) {
            const bool may_invoke =
                operations_.size() < shape_.operations && open_.size() < shape_.concurrency;
            if (may_invoke && (open_.empty() || chance_.one_in(3))) {
                invoke();
            } else {
                advance(chance_.below(open_.size()));
            }
            if (!lingering_.empty() && chance_.one_in(4)) {
                take_effect(lingering_.back());
                lingering_.pop_back();
            }
        }
        for (Operation& operation : operations_) {
            if (operation.outcome == Outcome::info) {
                operation.result = {};
                operation.applied.reset();
            }
        }
        return std::move(operations_);
    }

  private:
    Value& state_of(const Operation& operation) {
        return states_[static_cast<std::size_t>(operation.key.back() - 'a')];
    }

    Value any_value(bool fresh) {
        const auto number =
            static_cast<std::int64_t>(shape_.values != 0 ? 1 + chance_.below(shape_.values)
                                      : fresh            ? ++last_value_
                                                         : 1 + chance_.below(last_value_ + 1));
        if (shape_.model->name() == "kv") {
            return fmt::format("{}.", number);
        }
        return number;
    }

    void invoke() {
        Operation operation;
        operation.invoked = event_++;
        operation.client = next_client_++;
        operation.function = functions_[chance_.below(functions_.size())];
        operation.key = std::string(1, static_cast<char>('a' + chance_.below(shape_.keys)));
        if (is_cas(operation)) {
            const Value now = state_of(operation);
            operation.argument =
                Value::List{chance_.one_in(3) ? any_value(false) : now, any_value(true)};
        } else if (shape_.model->name() == "counter" && operation.function == "add") {
            operation.argument = shape_.values == 0
                                     ? Value{shape_.seed % 2 == 0 ? 1 : -2}
                                     : Value{static_cast<std::int64_t>(chance_.below(5)) - 2};
        } else if (takes_argument(operation.function)) {
            operation.argument = any_value(true);
        }
        open_.push_back({operations_.size(), false});
        operations_.push_back(std::move(operation));
    }

    static bool takes_argument(const std::string& function) {
        return function == "write" || function == "put" || function == "append" ||
               function == "add" || function == "enqueue";
    }

    void advance(std::size_t which) {
        Open& open = open_[which];
        Operation& operation = operations_[open.operation];
        if (!open.took_effect && chance_.below(100) < shape_.crash) {
            lingering_.push_back(open.operation);
        } else if (!open.took_effect) {
            take_effect(open.operation);
            open.took_effect = true;
            return;
        } else if (operation.outcome != Outcome::info) {
            operation.completed = event_++;
            if (chance_.below(100) < shape_.unrecorded) {
                operation.any_result = true;
                operation.result = {};
            }
        }
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    }

    /// Answers, then changes the state as the model says. What cannot happen stays open for ever.
    void take_effect(std::size_t index) {
        Operation& operation = operations_[index];
        Value& state = state_of(operation);
        const bool lingers =
            std::find(lingering_.begin(), lingering_.end(), index) != lingering_.end();
        Operation tried = operation;
        tried.outcome = Outcome::ok;
        answer(tried, state);
        const auto after = shape_.model->apply(state, tried);
        if (after) {
            state = *after;
            operation = lingers ? operation : tried;
        }
    }

    void answer(Operation& operation, const Value& state) {
        if (is_cas(operation)) {
            const bool applies = state == operation.argument.as_list()->front() ||
                                 (operation.function == "cas-or-create" && state.is_null());
            operation.applied = applies;
            operation.result = applies ? Value{} : state;
            return;
        }
        if (operation.function == "delete" && chance_.one_in(2)) {
            operation.applied = !state.is_null();
        } else if (operation.function == "dequeue") {
            operation.result = state.as_list()->empty() ? Value{} : state.as_list()->front();
        } else if (operation.function == "read" || operation.function == "get") {
            operation.result = state;
        } else if (shape_.model->name() == "mutex") {
            const bool free = state == shape_.model->initial();
            const bool applies = free == (operation.function == "acquire");
            if (!applies && chance_.one_in(2)) {
                operation.applied = false;
            }
        }
    }

    const RandomShape& shape_;
    Chance chance_;
    std::vector<std::string> functions_;
    std::vector<Value> states_;  ///< By key.
    std::vector<Operation> operations_;
    std::vector<Open> open_;
    std::vector<std::size_t> lingering_;  ///< Crashed, may take effect some time.
    std::uint64_t event_ = 0;
    std::uint64_t last_value_ = 0;
    history::ClientId next_client_ = 0;
};

/// A result that is like the true one but not it; sometimes another's.
Value altered(const Value& result, const std::vector<Operation>& operations, Chance& chance) {
    const Operation& other = operations[chance.below(operations.size())];
    if (const auto* list = result.as_list(); list != nullptr && !chance.one_in(3)) {
        Value::List changed = *list;
        if (changed.empty() || chance.one_in(3)) {
            changed.push_back(other.argument);
        } else if (chance.one_in(2)) {
            changed.erase(changed.begin() +
                          static_cast<std::ptrdiff_t>(chance.below(changed.size())));
        } else {
            std::swap(changed.front(), changed.back());
        }
        if (chance.one_in(2)) {
            std::sort(changed.begin(), changed.end());
        }
        return changed;
    }
    if (const auto* number = result.as_int(); number != nullptr && chance.one_in(2)) {
        return *number + static_cast<std::int64_t>(chance.below(3)) - 1;
    }
    if (chance.one_in(2)) {
        return other.result;
    }
    return other.argument.as_list() != nullptr ? other.argument.as_list()->back() : other.argument;
}

void tamper_once(std::vector<Operation>& operations, Chance& chance) {
    Operation& operation = operations[chance.below(operations.size())];
    if (operation.outcome != Outcome::ok) {
        return;
    }
    const std::uint64_t what = chance.below(10);
    if (what == 0) {
        operation.outcome = Outcome::fail;
    } else if (what == 1 && operation.applied) {
        operation.applied = !*operation.applied;
    } else if (what <= 4) {
        // Earlier or later than it was: two neighbouring events change places.
        Operation& other = operations[chance.below(operations.size())];
        if (other.outcome == Outcome::ok && other.invoked < operation.completed &&
            operation.invoked < other.completed && other.client != operation.client) {
            std::swap(operation.completed, other.completed);
        }
    } else if (!operation.any_result) {
        operation.result = altered(operation.result, operations, chance);
    }
}

}  // namespace

RandomShape draw_shape(const Model& model, std::uint64_t seed) {
    Chance chance(history::mix(seed));
    RandomShape shape;
    shape.model = &model;
    shape.seed = seed;
    shape.operations = 2 + chance.below(8);
    shape.concurrency = 1 + chance.below(4);
    shape.values = chance.one_in(2) ? 0 : 2 + chance.below(2);
    shape.crash = chance.one_in(2) ? 30 : 0;
    shape.unrecorded = chance.one_in(3) ? 30 : 0;
    shape.initial = model.initial();
    if (chance.one_in(4)) {
        const std::string_view name = model.name();
        if (name == "kv") {
            shape.initial = std::string();
        } else if (name.ends_with("register") || name == "counter") {
            shape.initial = 1;
        } else if (name == "append-list" || name == "set") {
            shape.initial = chance.one_in(2) ? Value{} : Value{Value::List{Value{-1}}};
        }
    }
    return shape;
}

std::vector<Operation> random_valid(const RandomShape& shape) {
    return AtomicObjects(shape).run();
}

void tamper(std::vector<Operation>& operations, std::uint64_t seed) {
    Chance chance(history::mix(seed ^ 0x7a3bU));
    const std::uint64_t times = 1 + chance.below(3);
    for (std::uint64_t time = 0; time < times && !operations.empty(); ++time) {
        tamper_once(operations, chance);
    }
}

std::string listing(const std::vector<Operation>& operations) {
    std::string text;
    for (const Operation& operation : operations) {
        text += line_of(operation);
        text += operation.any_result ? " result not recorded\n" : "\n";
    }
    return text;
}

}  // namespace squall::checker::testing
