#include "generated_history.hpp"

#include <algorithm>
#include <optional>

#include "history/random.hpp"

namespace squall::checker::testing {

using history::ClientId;
using history::Operation;
using history::Outcome;
using history::Value;

namespace {

/// A generator that steps through one stream.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : stream_(seed, "generated") {}

    std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, 0, next_++); }

    bool chance(double share) { return stream_.unit(0, next_++) < share; }

  private:
    history::Stream stream_;
    std::uint64_t next_ = 0;
};

/// Where an operation of the atomic register stands.
struct Open {
    std::size_t operation = 0;
    bool took_effect = false;
    bool crashes = false;
};

class AtomicRegister {
  public:
    explicit AtomicRegister(const GeneratedShape& shape) : shape_(shape), dice_(shape.seed) {}

    std::vector<Operation> run() {
        while (operations_.size() < shape_.operations || !open_.empty()) {
            const std::uint64_t what = dice_.below(3);
            if (what == 0 && operations_.size() < shape_.operations &&
                open_.size() < shape_.concurrency) {
                invoke();
            } else if (!open_.empty()) {
                advance(dice_.below(open_.size()));
            }
            if (!lingering_.empty() && dice_.chance(0.05)) {
                take_effect(lingering_.back());
                lingering_.pop_back();
            }
        }
        return std::move(operations_);
    }

  private:
    Value fresh() {
        if (shape_.values == 0) {
            return ++last_value_;
        }
        return static_cast<std::int64_t>(dice_.below(shape_.values));
    }

    void invoke() {
        Operation operation;
        operation.invoked = event_++;
        operation.client = next_client_++;
        operation.key = shape_.key;
        const std::uint64_t what = dice_.below(4);
        if (what < 2) {
            operation.function = "read";
        } else if (what == 2) {
            operation.function = "write";
            operation.argument = fresh();
        } else {
            operation.function = "cas";
            const Value expected = dice_.chance(0.7) ? state_ : Value{0};
            operation.argument = Value::List{expected, fresh()};
        }
        const bool crashes = operation.function != "read" && dice_.chance(shape_.crash);
        open_.push_back({operations_.size(), false, crashes});
        operations_.push_back(std::move(operation));
    }

    void take_effect(std::size_t index) {
        Operation& operation = operations_[index];
        if (operation.function == "write") {
            state_ = operation.argument;
        } else if (operation.function == "cas") {
            const auto& arguments = *operation.argument.as_list();
            operation.applied = state_ == arguments[0];
            operation.result = *operation.applied ? Value{} : state_;
            state_ = *operation.applied ? arguments[1] : state_;
        } else {
            operation.result = state_;
        }
    }

    void advance(std::size_t which) {
        Open& open = open_[which];
        if (open.crashes) {
            if (dice_.chance(0.5)) {
                lingering_.push_back(open.operation);
            }
        } else if (!open.took_effect) {
            take_effect(open.operation);
            open.took_effect = true;
            return;
        } else {
            operations_[open.operation].outcome = Outcome::ok;
            operations_[open.operation].completed = event_++;
        }
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    }

    const GeneratedShape& shape_;
    Dice dice_;
    Value state_;
    std::vector<Operation> operations_;
    std::vector<Open> open_;
    std::vector<std::size_t> lingering_;  ///< Crashed, will take effect some time.
    std::uint64_t event_ = 0;
    std::int64_t last_value_ = 0;
    ClientId next_client_ = 0;
};

}  // namespace

std::vector<Operation> generate_valid(const GeneratedShape& shape) {
    std::vector<Operation> operations = AtomicRegister(shape).run();
    for (Operation& operation : operations) {
        if (operation.outcome == Outcome::info) {
            operation.result = {};
            operation.applied.reset();
        }
    }
    return operations;
}

bool make_stale(std::vector<Operation>& operations) {
    const auto is_ok = [](const Operation& operation, const char* function) {
        return operation.function == function && operation.outcome == Outcome::ok;
    };
    for (std::size_t i = operations.size() / 2; i < operations.size(); ++i) {
        if (!is_ok(operations[i], "read")) {
            continue;
        }
        // Two writes after each other, both over before the read began.
        for (std::size_t newer = i; newer-- > 0;) {
            if (!is_ok(operations[newer], "write") ||
                operations[newer].completed > operations[i].invoked) {
                continue;
            }
            for (std::size_t older = newer; older-- > 0;) {
                if (is_ok(operations[older], "write") &&
                    operations[older].completed < operations[newer].invoked) {
                    operations[i].result = operations[older].argument;
                    return true;
                }
            }
        }
    }
    return false;
}

std::vector<Operation> generate_arbitrary(std::uint64_t seed, std::size_t count) {
    Dice dice(seed);
    GeneratedShape shape;
    shape.seed = seed;
    shape.operations = count;
    shape.concurrency = 1 + dice.below(4);
    shape.crash = dice.chance(0.5) ? 0.4 : 0;
    shape.values = dice.chance(0.5) ? 0 : 2 + dice.below(2);
    std::vector<Operation> operations = generate_valid(shape);
    const auto any_value = [&] {
        const std::uint64_t bound = shape.values == 0 ? count : shape.values;
        return dice.chance(0.15) ? Value{} : Value{static_cast<std::int64_t>(dice.below(bound))};
    };
    const std::uint64_t changes = dice.below(4);
    for (std::uint64_t change = 0; change < changes && !operations.empty(); ++change) {
        Operation& operation = operations[dice.below(operations.size())];
        if (operation.outcome == Outcome::ok && operation.function == "write" && dice.chance(0.3)) {
            operation.outcome = Outcome::fail;
        } else if (operation.outcome != Outcome::ok) {
            continue;
        } else if (operation.function == "read") {
            operation.result = any_value();
        } else if (operation.function == "cas") {
            operation.applied = !*operation.applied;
            operation.result = *operation.applied ? Value{} : any_value();
        }
    }
    return operations;
}

}  // namespace squall::checker::testing
