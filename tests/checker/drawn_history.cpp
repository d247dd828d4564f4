#include "drawn_history.hpp"

#include <array>
#include <optional>
#include <string>

#include "history/random.hpp"

namespace squall::checker::testing {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

class Drawing {
  public:
    Drawing(const Model& model, const DrawnShape& shape)
        : model_(model), shape_(shape), stream_(shape.seed, "drawn"), state_(model.initial()) {}

    std::vector<Operation> run() {
        while (operations_.size() < shape_.operations || !open_.empty()) {
            const bool more = operations_.size() < shape_.operations;
            if (more && open_.size() < shape_.concurrency && (open_.empty() || chance(0.5))) {
                invoke();
            } else {
                advance(below(open_.size()));
            }
            if (!late_.empty() && chance(0.2)) {
                take_effect(late_.back());
                late_.pop_back();
            }
        }
        for (Operation& operation : operations_) {
            if (operation.outcome == Outcome::info) {
                operation.result = {};
                operation.applied.reset();
                operation.any_result = false;
            }
        }
        return std::move(operations_);
    }

  private:
    struct Open {
        std::size_t operation = 0;
        bool took_effect = false;
        bool crashes = false;
    };

    std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, 0, next_++); }

    bool chance(double share) { return stream_.unit(0, next_++) < share; }

    Value value() {
        const auto number = static_cast<std::int64_t>(below(shape_.values));
        if (model_.traits().shape == ObjectShape::text) {
            return std::string(1, static_cast<char>('a' + number));
        }
        return number;
    }

    template <std::size_t Size>
    std::string any_of(const std::array<const char*, Size>& names) {
        return names[below(Size)];
    }

    void draw_function(Operation& operation) {
        const std::string_view name = model_.name();
        if (name == "queue") {
            operation.function = any_of(std::array{"enqueue", "dequeue"});
        } else if (name == "mutex") {
            operation.function = any_of(std::array{"acquire", "release"});
        } else if (name == "append-list") {
            operation.function = any_of(std::array{"append", "read"});
        } else if (name == "set" || name == "counter") {
            operation.function = any_of(std::array{"add", "read"});
        } else if (name == "kv") {
            operation.function = any_of(std::array{"get", "get", "put", "append", "cas", "delete"});
        } else if (name == "creating-register") {
            operation.function = any_of(std::array{"read", "write", "cas", "cas-or-create"});
        } else {
            operation.function =
                any_of(std::array{"read", "read", "write", "cas", "cas", "delete"});
        }
        const std::string& function = operation.function;
        if (function == "cas" || function == "cas-or-create") {
            operation.argument = Value::List{chance(0.15) ? Value{} : value(), value()};
        } else if (function != "read" && function != "get" && function != "delete" &&
                   function != "dequeue" && name != "mutex") {
            operation.argument = value();
        }
    }

    void invoke() {
        Operation operation;
        operation.invoked = event_++;
        operation.client = static_cast<history::ClientId>(operations_.size());
        operation.key = std::string("x");
        draw_function(operation);
        open_.push_back({operations_.size(), false, chance(shape_.crash)});
        operations_.push_back(std::move(operation));
    }

    void advance(std::size_t which) {
        Open& open = open_[which];
        Operation& operation = operations_[open.operation];
        if (open.crashes) {
            if (chance(0.5)) {
                late_.push_back(open.operation);
            }
        } else if (!open.took_effect) {
            take_effect(open.operation);
            open.took_effect = true;
            return;
        } else {
            operation.completed = event_++;
        }
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    }

    /// Answers that an object could give, the first that fits the state being the right one.
    std::vector<Operation> answers(const Operation& operation) const {
        std::vector<Operation> all;
        const auto add = [&](Value result, std::optional<bool> applied) {
            Operation answer = operation;
            answer.outcome = Outcome::ok;
            answer.result = std::move(result);
            answer.applied = applied;
            all.push_back(std::move(answer));
        };
        const std::string& function = operation.function;
        if (function == "cas" || function == "acquire" || function == "release") {
            add({}, true);
            add(function == "cas" ? state_ : Value{}, false);
        } else if (function == "delete") {
            add({}, true);
            add({}, false);
        } else if (function == "dequeue") {
            const auto* items = state_.as_list();
            add(items != nullptr && !items->empty() ? items->front() : Value{}, std::nullopt);
        } else {
            const bool reads = function == "read" || function == "get";
            add(reads ? state_ : Value{}, std::nullopt);
        }
        return all;
    }

    void take_effect(std::size_t which) {
        Operation& operation = operations_[which];
        const bool crashed = operation.outcome == Outcome::info && is_late(which);
        for (Operation& answer : answers(operation)) {
            if (auto after = model_.apply(state_, answer)) {
                state_ = std::move(*after);
                if (!crashed) {
                    operation = std::move(answer);
                }
                break;
            }
        }
        if (crashed) {
            return;
        }
        // A cas-or-create that did not apply has no answer but that it failed.
        operation.outcome =
            operation.outcome == Outcome::ok || operation.function != "cas-or-create"
                ? Outcome::ok
                : Outcome::fail;
        spoil(operation);
    }

    [[nodiscard]] bool is_late(std::size_t which) const {
        for (const Open& open : open_) {
            if (open.operation == which) {
                return false;
            }
        }
        return true;
    }

    void spoil(Operation& operation) {
        if (operation.outcome == Outcome::fail) {
            return;
        }
        if (chance(shape_.wrong)) {
            if (operation.applied && operation.function != "cas-or-create") {
                operation.applied = !*operation.applied;
            }
            const bool listed = operation.result.as_list() != nullptr;
            operation.result = listed ? Value(Value::List{value()}) : value();
        }
        const bool deletes = operation.function == "delete";
        if (chance(0.15)) {
            operation.any_result = true;
            operation.result = {};
            if (deletes) {
                operation.applied.reset();
            }
        }
    }

    const Model& model_;
    const DrawnShape& shape_;
    history::Stream stream_;
    std::uint64_t next_ = 0;
    Value state_;
    std::vector<Operation> operations_;
    std::vector<Open> open_;
    std::vector<std::size_t> late_;  ///< Crashed, will take effect some time.
    std::uint64_t event_ = 0;
};

}  // namespace

std::vector<Operation> draw_history(const Model& model, const DrawnShape& shape) {
    return Drawing(model, shape).run();
}

}  // namespace squall::checker::testing
