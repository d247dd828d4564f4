#include "tests/checker/support/simulated_history.hpp"

#include <cmath>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "history/random.hpp"

namespace squall::checker::testing {

namespace {

using history::Applied;
using history::CompactHistory;
using history::CompactOperation;
using history::OperationId;
using history::Outcome;
using history::ValueId;

class Dice {
  public:
    Dice(std::uint64_t seed, std::string_view name) : stream_(seed, name) {}

    std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, 0, next_++); }

    double unit() { return stream_.unit(0, next_++); }

    bool chance(double share) { return unit() < share; }

    double exponential(double mean) { return -mean * std::log(1 - unit()); }

  private:
    history::Stream stream_;
    std::uint64_t next_ = 0;
};

enum class Step : std::uint8_t { invoke, take_effect, complete, give_up };

struct Due {
    double time = 0;
    std::uint64_t order = 0;
    Step step = Step::invoke;
    OperationId operation = 0;
    std::size_t client = 0;

    bool operator>(const Due& other) const {
        return std::tie(time, order) > std::tie(other.time, other.order);
    }
};

class Simulation {
  public:
    explicit Simulation(const SimulatedShape& shape)
        : shape_(shape), dice_(shape.seed, "simulate") {
        read_ = function(shape.object == Simulated::text ? "get" : "read");
        write_ = function(shape.object == Simulated::text   ? "put"
                          : shape.object == Simulated::list ? "append"
                                                            : "write");
        other_ = function(shape.object == Simulated::text ? "append" : "cas");
        delete_ = function("delete");
        const ValueId nothing =
            shape.object == Simulated::list ? history::empty_list : history::null_value;
        states_.assign(shape.keys, nothing);
        texts_.resize(shape.keys);
        for (std::size_t key = 0; key < shape.keys; ++key) {
            history_.keys.intern(fmt::format("k{}", key));
        }
        history_.operations.reserve(shape.operations);
    }

    CompactHistory run() {
        for (std::size_t client = 0; client < shape_.clients; ++client) {
            plan(0, dice_.exponential(0.5), Step::invoke, 0, client);
        }
        while (!due_.empty()) {
            const Due due = due_.top();
            due_.pop();
            switch (due.step) {
                case Step::invoke:
                    if (history_.operations.size() < shape_.operations) {
                        invoke(due);
                    }
                    break;
                case Step::take_effect:
                    take_effect(history_.operations[due.operation]);
                    break;
                case Step::complete:
                    complete(due);
                    break;
                case Step::give_up:
                    ++lives_;
                    think(due);
                    break;
            }
        }
        return std::move(history_);
    }

  private:
    history::FunctionId function(std::string_view name) {
        return static_cast<history::FunctionId>(history_.functions.intern(name));
    }

    void plan(double now, double wait, Step step, OperationId operation, std::size_t client) {
        due_.push({now + wait, order_++, step, operation, client});
    }

    void think(const Due& due) {
        plan(due.time, dice_.exponential(0.01), Step::invoke, 0, due.client);
    }

    ValueId fresh() {
        if (shape_.object == Simulated::text) {
            return history_.values.intern_text(fmt::format("x{}y", ++last_value_));
        }
        const std::uint64_t value = shape_.values == 0 ? ++last_value_ : dice_.below(shape_.values);
        return history_.values.intern_number(static_cast<std::int64_t>(value));
    }

    void invoke(const Due& due) {
        CompactOperation operation;
        operation.invoked = event_++;
        operation.key = static_cast<history::KeyId>(dice_.below(shape_.keys));
        const double what = dice_.unit();
        if (shape_.object == Simulated::text) {
            const bool grown = texts_[operation.key].size() > 200;
            operation.function = what < 0.4 ? read_ : what < 0.5 || grown ? write_ : other_;
            operation.argument = what < 0.4 ? history::null_value : fresh();
        } else if (what < 0.5) {
            operation.function = read_;
        } else if (what < 0.75 || shape_.object == Simulated::list) {
            const bool removes = shape_.object == Simulated::cell && dice_.chance(shape_.deletes);
            operation.function = removes ? delete_ : write_;
            operation.argument = removes ? history::null_value : fresh();
        } else {
            operation.function = other_;
            operation.pair = true;
            // The state may change until it takes effect: then it fails.
            operation.argument = dice_.chance(0.9) ? states_[operation.key] : fresh();
            operation.second = fresh();
        }
        const auto id = static_cast<OperationId>(history_.operations.size());
        const double length = dice_.exponential(1);
        if (operation.function != read_ && dice_.chance(shape_.crash)) {
            if (dice_.chance(0.5)) {
                plan(due.time, dice_.exponential(5), Step::take_effect, id, due.client);
            }
            plan(due.time, length, Step::give_up, id, due.client);
            crashed_.push_back(true);
        } else {
            plan(due.time, length * dice_.unit(), Step::take_effect, id, due.client);
            plan(due.time, length, Step::complete, id, due.client);
            crashed_.push_back(false);
        }
        history_.operations.push_back(operation);
        history_.clients.push_back(
            static_cast<history::ClientId>(due.client + lives_ * shape_.clients));
        history_.nodes.push_back(static_cast<history::NodeId>(1 + due.client % 5));
    }

    void take_effect(CompactOperation& operation) {
        ValueId& state = states_[operation.key];
        if (operation.function == read_) {
            operation.result = state;
        } else if (shape_.object == Simulated::list) {
            state = history_.values.append(state, operation.argument);
        } else if (operation.function == write_) {
            state = operation.argument;
            texts_[operation.key] =
                shape_.object == Simulated::text ? history_.values.text(state) : std::string_view();
        } else if (operation.function == delete_) {
            state = history::null_value;
        } else if (shape_.object == Simulated::text) {
            texts_[operation.key] += history_.values.text(operation.argument);
            state = history_.values.intern_text(texts_[operation.key]);
        } else if (state == operation.argument) {
            operation.applied = Applied::yes;
            state = operation.second;
        } else {
            operation.applied = Applied::no;
            operation.result = state;
        }
        const auto id = static_cast<std::size_t>(&operation - history_.operations.data());
        if (crashed_[id]) {
            operation.applied = Applied::unsaid;
            operation.result = history::null_value;
        }
    }

    void complete(const Due& due) {
        CompactOperation& operation = history_.operations[due.operation];
        operation.outcome = Outcome::ok;
        operation.completed = event_++;
        const bool answers = operation.function == read_ || operation.applied == Applied::no;
        if (answers && shape_.unrecorded > 0 && dice_.chance(shape_.unrecorded)) {
            operation.any_result = true;
            operation.result = history::null_value;
        }
        think(due);
    }

    const SimulatedShape& shape_;
    Dice dice_;
    CompactHistory history_;
    history::FunctionId read_ = 0;
    history::FunctionId write_ = 0;
    history::FunctionId other_ = 0;
    history::FunctionId delete_ = 0;
    std::vector<ValueId> states_;
    std::vector<std::string> texts_;  ///< What `states_` says, of texts.
    std::vector<bool> crashed_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::uint64_t order_ = 0;
    std::uint64_t last_value_ = 0;
    std::uint64_t lives_ = 0;
    history::EventIndex event_ = 0;
};

bool is_ok(const CompactHistory& history, std::size_t id, std::string_view a, std::string_view b) {
    const CompactOperation& operation = history.operations[id];
    const std::string& function = history.functions.at(operation.function);
    return operation.outcome == Outcome::ok && !operation.any_result &&
           (function == a || function == b);
}

/// Something that changes the object and lies certainly between the two.
bool overwritten_between(const CompactHistory& history, std::size_t older, std::size_t newer) {
    for (std::size_t id = older + 1; id < newer; ++id) {
        const CompactOperation& operation = history.operations[id];
        if (operation.key == history.operations[older].key &&
            operation.invoked > history.operations[older].completed &&
            operation.completed < history.operations[newer].invoked &&
            (is_ok(history, id, "write", "put") || is_ok(history, id, "append", "append"))) {
            return true;
        }
    }
    return false;
}

}  // namespace

CompactHistory simulate(const SimulatedShape& shape) {
    return Simulation(shape).run();
}

bool make_stale(CompactHistory& history) {
    auto& operations = history.operations;
    for (std::size_t id = operations.size() / 2; id < operations.size(); ++id) {
        if (!is_ok(history, id, "read", "get")) {
            continue;
        }
        for (std::size_t older = id; older-- > 0;) {
            if (operations[older].key == operations[id].key &&
                is_ok(history, older, "read", "get") &&
                operations[older].result != operations[id].result &&
                overwritten_between(history, older, id)) {
                operations[id].result = operations[older].result;
                return true;
            }
        }
    }
    return false;
}

void spoil(CompactHistory& history, std::uint64_t seed) {
    Dice dice(seed, "spoil");
    auto& operations = history.operations;
    if (operations.empty()) {
        return;
    }
    CompactOperation& operation = operations[dice.below(operations.size())];
    const CompactOperation& other = operations[dice.below(operations.size())];
    const std::string& function = history.functions.at(operation.function);
    const bool reads = function == "read" || function == "get";
    switch (dice.below(4)) {
        case 0:
        case 1:
            if (reads || operation.applied == Applied::no) {
                const std::string& from = history.functions.at(other.function);
                if (from == "read" || from == "get") {
                    operation.result = other.result;
                } else if (from == "append" && function == "read") {
                    const bool nothing = operation.result == history::null_value;
                    operation.result = history.values.append(
                        nothing ? history::empty_list : operation.result, other.argument);
                } else {
                    operation.result = other.pair ? other.second : other.argument;
                }
            }
            break;
        case 2:
            operation.applied = Applied::unsaid;
            operation.result = history::null_value;
            operation.any_result = false;
            operation.outcome = !reads && dice.chance(0.5) ? Outcome::fail : Outcome::info;
            operation.completed = history::never_completed;
            break;
        default:
            if (operation.outcome == Outcome::ok && other.outcome == Outcome::ok &&
                other.completed > operation.invoked && operation.completed > other.invoked) {
                CompactOperation& partner =
                    operations[static_cast<std::size_t>(&other - operations.data())];
                std::swap(operation.completed, partner.completed);
            }
            break;
    }
}

}  // namespace squall::checker::testing
