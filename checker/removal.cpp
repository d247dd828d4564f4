#include "checker/removal.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace squall::checker {

namespace {

using history::Applied;
using history::CompactOperation;
using history::OperationId;
using history::Outcome;
using history::ValueId;

/// Texts are compared in pairs; beyond so many comparisons all mutations stay.
constexpr std::size_t comparisons_max = 2'000'000;

/// What an operation says about the mutations around it, and what they would have to say of it.
struct Sight {
    bool read = false;   ///< Leaves every state unchanged: may always be left out.
    bool stays = false;  ///< A mutation of which it is not known who sees it.
    /// It says what the state is not: any mutation may be what it needs.
    bool sees_all = false;
    std::optional<ValueId> sees;  ///< A state, a text; a list of what may have been added.
    std::optional<ValueId> writes;
};

class Closure {
  public:
    Closure(const KeyProblem& problem, std::span<const OperationId> operations)
        : problem_(problem),
          values_(problem.history.values),
          shape_(problem.model.traits().shape),
          operations_(operations),
          kept_(operations.size()) {}

    std::vector<OperationId> of(const std::vector<bool>& wanted) {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const Sight sight = sight_of(operations_[i]);
            if (wanted[i] || (sight.stays && !sight.read)) {
                keep(i);
            } else if (!sight.read) {
                candidates_.push_back(i);
            }
        }
        shape_ == ObjectShape::text ? follow_texts() : follow_values();
        std::vector<OperationId> result;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (kept_[i]) {
                result.push_back(operations_[i]);
            }
        }
        return result;
    }

    [[nodiscard]] Sight sight_of(OperationId id) const {
        const CompactOperation& operation = problem_.history.operations[id];
        const std::string_view function = problem_.history.functions.at(operation.function);
        switch (shape_) {
            case ObjectShape::cell:
                return cell(operation, function);
            case ObjectShape::text:
                return text(operation, function);
            case ObjectShape::list:
            case ObjectShape::set:
                return function == "read" ? read_of(operation)
                                          : Sight{.writes = operation.argument};
            case ObjectShape::queue:
                return queue(operation, function);
            case ObjectShape::counter:
            case ObjectShape::other:
                break;
        }
        const bool read = problem_.model.is_read(problem_.history.expand(id));
        return {.read = read, .stays = !read};
    }

  private:
    static Sight read_of(const CompactOperation& operation) {
        return {.read = true,
                .sees = operation.any_result ? std::nullopt : std::optional{operation.result}};
    }

    static Sight cell(const CompactOperation& operation, std::string_view function) {
        if (function == "write") {
            return {.writes = operation.argument};
        }
        if (function == "cas" && operation.applied != Applied::no) {
            return {.sees = operation.argument, .writes = operation.second};
        }
        if (function == "delete" && operation.applied != Applied::no) {
            return {.sees_all = operation.applied == Applied::yes, .writes = history::null_value};
        }
        if (function == "delete") {
            return {.read = true, .sees = history::null_value};
        }
        Sight sight = read_of(operation);
        sight.sees_all = function == "cas" && operation.any_result;
        return sight;
    }

    [[nodiscard]] Sight text(const CompactOperation& operation, std::string_view function) const {
        Sight sight = function == "put" || function == "append"
                          ? Sight{.writes = operation.argument}
                      : function == "get" ? read_of(operation)
                                          : cell(operation, function);
        // What is empty is seen by nobody and everybody.
        sight.stays = sight.writes && (values_.kind(*sight.writes) != Kind::text ||
                                       values_.text(*sight.writes).empty());
        return sight;
    }

    /// Both ends of an element's way through the queue stay or go together.
    static Sight queue(const CompactOperation& operation, std::string_view function) {
        if (function == "enqueue") {
            return {.sees = operation.argument, .writes = operation.argument};
        }
        if (operation.outcome != Outcome::ok || operation.any_result) {
            return {.stays = true};
        }
        if (operation.result == history::null_value) {
            return {.read = true};
        }
        return {.sees = operation.result, .writes = operation.result};
    }

    void keep(std::size_t i) {
        if (!kept_[i]) {
            kept_[i] = true;
            unfollowed_.push_back(i);
        }
    }

    void keep_all_candidates() {
        for (const std::size_t i : candidates_) {
            keep(i);
        }
    }

    void follow_values() {
        std::unordered_map<ValueId, std::vector<std::size_t>> writers;
        for (const std::size_t i : candidates_) {
            writers[*sight_of(operations_[i]).writes].push_back(i);
        }
        const auto follow = [&](ValueId value) {
            if (const auto found = writers.find(value); found != writers.end()) {
                for (const std::size_t i : found->second) {
                    keep(i);
                }
                writers.erase(found);
            }
        };
        while (!unfollowed_.empty()) {
            const Sight sight = sight_of(operations_[unfollowed_.back()]);
            unfollowed_.pop_back();
            if (sight.sees_all) {
                keep_all_candidates();
                return;
            }
            if (sight.sees && (shape_ == ObjectShape::cell || shape_ == ObjectShape::queue)) {
                follow(*sight.sees);
            } else if (sight.sees && values_.kind(*sight.sees) == Kind::list) {
                for (ValueId list = *sight.sees; list != history::empty_list;
                     list = values_.front(list)) {
                    follow(values_.last(list));
                }
            }
        }
    }

    void follow_texts() {
        std::size_t comparisons = 0;
        while (!unfollowed_.empty()) {
            const Sight sight = sight_of(operations_[unfollowed_.back()]);
            unfollowed_.pop_back();
            comparisons += candidates_.size();
            if (sight.sees_all || comparisons > comparisons_max) {
                keep_all_candidates();
                return;
            }
            if (!sight.sees || values_.kind(*sight.sees) != Kind::text) {
                continue;
            }
            const std::string_view seen = values_.text(*sight.sees);
            for (const std::size_t i : candidates_) {
                const auto written = sight_of(operations_[i]).writes;
                if (!kept_[i] && seen.find(values_.text(*written)) != std::string_view::npos) {
                    keep(i);
                }
            }
        }
    }

    using Kind = history::ValueTable::Kind;

    const KeyProblem& problem_;
    const history::ValueTable& values_;
    ObjectShape shape_;
    std::span<const OperationId> operations_;
    std::vector<bool> kept_;
    std::vector<std::size_t> candidates_;  ///< Mutations that stay only if seen.
    std::vector<std::size_t> unfollowed_;  ///< Kept, but what they see is not yet.
};

}  // namespace

bool means_nothing(const KeyProblem& problem, OperationId operation) {
    const Outcome outcome = problem.history.operations[operation].outcome;
    return outcome == Outcome::fail ||
           (outcome == Outcome::info && problem.model.is_read(problem.history.expand(operation)));
}

std::vector<OperationId> with_what_they_need(const KeyProblem& problem,
                                             std::span<const OperationId> operations,
                                             const std::vector<bool>& wanted) {
    return Closure(problem, operations).of(wanted);
}

}  // namespace squall::checker
