#include "checker/replay.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>

namespace squall::checker {

namespace {

using history::Applied;
using history::CompactOperation;
using history::OperationId;
using history::Outcome;
using history::ValueId;

/// As the operation stood at the problem's cut.
bool is_ok(const KeyProblem& problem, const CompactOperation& operation) {
    return operation.outcome == Outcome::ok && operation.completed <= problem.cut;
}

std::optional<std::string> wrong_order(const KeyProblem& problem,
                                       std::span<const OperationId> order) {
    const auto& operations = problem.history.operations;
    if (problem.part.operations.empty()) {
        return std::nullopt;
    }
    const OperationId first = problem.part.operations.front();
    std::vector<bool> there(problem.part.operations.back() - first + 1);
    history::EventIndex latest = 0;
    for (const OperationId id : order) {
        const CompactOperation& operation = operations[id];
        if (operation.key != problem.part.key || operation.outcome == Outcome::fail ||
            operation.invoked > problem.cut || there[id - first]) {
            return fmt::format("op #{} does not belong there", operation.invoked);
        }
        there[id - first] = true;
        if (is_ok(problem, operation) && operation.completed < latest) {
            return fmt::format("op #{} had completed earlier", operation.invoked);
        }
        latest = std::max(latest, operation.invoked);
    }
    for (const OperationId id : problem.part.operations) {
        if (is_ok(problem, operations[id]) && !there[id - first]) {
            return fmt::format("op #{} is missing", operations[id].invoked);
        }
    }
    return std::nullopt;
}

/// What may be asked of a state, whatever holds it.
class Player {
  public:
    explicit Player(const KeyProblem& problem) : problem_(problem) {}

    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;
    Player(Player&&) = delete;
    Player& operator=(Player&&) = delete;
    virtual ~Player() = default;

    /// False if the operation contradicts the state.
    [[nodiscard]] bool play(const CompactOperation& operation) {
        const std::string_view function = problem_.history.functions.at(operation.function);
        const bool ok = is_ok(problem_, operation);
        const bool failed = ok && operation.applied == Applied::no;
        if (function == "read" || function == "get") {
            return !ok || operation.any_result || holds(operation.result);
        }
        if (function == "append") {
            return append(operation.argument);
        }
        if (function == "write" || function == "put") {
            become(operation.argument);
            return true;
        }
        if (function == "cas") {
            if (failed) {
                return !holds(operation.argument) &&
                       (operation.any_result || holds(operation.result));
            }
            const bool found = holds(operation.argument);
            become(operation.second);
            return found;
        }
        const bool told = ok && operation.applied != Applied::unsaid;
        const bool something = !holds(history::null_value);
        become(history::null_value);
        return function == "delete" && (!told || something == (operation.applied == Applied::yes));
    }

  protected:
    [[nodiscard]] const history::ValueTable& values() const { return problem_.history.values; }

    [[nodiscard]] const KeyProblem& problem() const { return problem_; }

  private:
    [[nodiscard]] virtual bool holds(ValueId value) = 0;
    virtual void become(ValueId value) = 0;
    [[nodiscard]] virtual bool append(ValueId value) = 0;

    const KeyProblem& problem_;
};

class CellPlayer final : public Player {
  public:
    explicit CellPlayer(const KeyProblem& problem)
        : Player(problem),
          state_(values().find(problem.initial).value_or(std::numeric_limits<ValueId>::max())) {}

  private:
    bool holds(ValueId value) override { return state_ == value; }

    void become(ValueId value) override { state_ = value; }

    bool append(ValueId /*value*/) override { return false; }

    ValueId state_;
};

class TextPlayer final : public Player {
  public:
    explicit TextPlayer(const KeyProblem& problem) : Player(problem) {
        if (const std::string* text = problem.initial.as_string()) {
            text_ = *text;
        }
        null_ = problem.initial.is_null();
        sound_ = null_ || problem.initial.as_string() != nullptr;
    }

  private:
    bool holds(ValueId value) override {
        if (value == seen_) {
            return true;
        }
        const auto kind = values().kind(value);
        const bool same = sound_ && (null_ ? kind == history::ValueTable::Kind::null
                                           : kind == history::ValueTable::Kind::text &&
                                                 values().text(value) == text_);
        seen_ = same ? value : seen_;
        return same;
    }

    void become(ValueId value) override {
        null_ = values().kind(value) == history::ValueTable::Kind::null;
        sound_ = null_ || values().kind(value) == history::ValueTable::Kind::text;
        text_ = null_ || !sound_ ? std::string_view() : values().text(value);
        seen_ = value;
    }

    bool append(ValueId value) override {
        text_ += values().text(value);
        null_ = false;
        seen_ = unseen;
        return sound_;
    }

    static constexpr ValueId unseen = std::numeric_limits<ValueId>::max();

    std::string text_;
    bool null_ = true;
    bool sound_ = true;  ///< It is a text or nothing.
    ValueId seen_ = unseen;
};

class ListPlayer final : public Player {
  public:
    explicit ListPlayer(const KeyProblem& problem)
        : Player(problem),
          known_(problem.initial.is_null()
                     ? history::empty_list
                     : values().find(problem.initial).value_or(history::null_value)) {}

  private:
    /// Compares what was appended since the last list that was seen.
    bool holds(ValueId value) override {
        ValueId list = value == history::null_value ? history::empty_list : value;
        const ValueId whole = list;
        for (auto element = appended_.rbegin(); element != appended_.rend(); ++element) {
            if (values().kind(list) != history::ValueTable::Kind::list ||
                list == history::empty_list || values().last(list) != *element) {
                return false;
            }
            list = values().front(list);
        }
        if (list != known_) {
            return false;
        }
        known_ = whole;
        appended_.clear();
        return true;
    }

    void become(ValueId /*value*/) override {}

    bool append(ValueId value) override {
        appended_.push_back(value);
        return true;
    }

    ValueId known_;  ///< The list, but for what was `appended_` since.
    std::vector<ValueId> appended_;
};

std::optional<std::string> play(const KeyProblem& problem,
                                std::span<const OperationId> order,
                                Player& player) {
    for (const OperationId id : order) {
        const CompactOperation& operation = problem.history.operations[id];
        if (!player.play(operation)) {
            return fmt::format("op #{} contradicts the state before it", operation.invoked);
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> replay(const KeyProblem& problem, std::span<const OperationId> order) {
    if (auto problem_of_order = wrong_order(problem, order)) {
        return problem_of_order;
    }
    switch (problem.model.traits().shape) {
        case ObjectShape::cell: {
            CellPlayer player(problem);
            return play(problem, order, player);
        }
        case ObjectShape::text: {
            TextPlayer player(problem);
            return play(problem, order, player);
        }
        case ObjectShape::list: {
            ListPlayer player(problem);
            return play(problem, order, player);
        }
        case ObjectShape::other:
        case ObjectShape::set:
        case ObjectShape::counter:
        case ObjectShape::queue:
            break;
    }
    return replay_by_model(problem, order);
}

std::optional<std::string> replay_by_model(const KeyProblem& problem,
                                           std::span<const OperationId> order) {
    if (auto problem_of_order = wrong_order(problem, order)) {
        return problem_of_order;
    }
    Model::State state = problem.initial;
    for (const OperationId id : order) {
        history::Operation operation = problem.history.expand(id);
        if (!is_ok(problem, problem.history.operations[id])) {
            operation.outcome = Outcome::info;
            operation.completed = history::never;
            operation.result = {};
            operation.any_result = false;
            operation.applied.reset();
        }
        auto after = problem.model.apply(state, operation);
        if (!after) {
            return fmt::format("op #{} contradicts the state before it", operation.invoked);
        }
        state = std::move(*after);
    }
    return std::nullopt;
}

}  // namespace squall::checker
