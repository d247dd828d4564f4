// One key's operations as eras: what the front ends (checker/zone_cell.cpp, zone_text.cpp,
// zone_list.cpp) make of a history in which every mutation leaves a state of its own, and what the
// block zones (checker/zone_order.hpp) put in order. Knows no values.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine.hpp"

namespace squall::checker {

using EraId = std::uint32_t;

/// An event's index and one; 0 is before all events.
using Moment = std::uint32_t;

inline constexpr Moment end_of_time = std::numeric_limits<Moment>::max();
inline constexpr EraId initial_era = 0;
inline constexpr EraId no_era = std::numeric_limits<EraId>::max();
/// In place of the era before: it expects what nobody wrote.
inline constexpr EraId missing_era = no_era - 1;
inline constexpr history::OperationId no_operation =
    std::numeric_limits<history::OperationId>::max();

/// The time during which the object is in one state: a mutation begins it, all reads of the state
/// fall into it, the next mutation ends it.
struct Era {
    history::OperationId mutation = no_operation;  ///< None: the initial state.
    EraId after = no_era;  ///< It follows directly upon that one. None: upon any.
    /// A read whose result shows that the mutation took effect right after `after`, where the
    /// front end can tell that from one read.
    history::OperationId seen_by = no_operation;
    bool certain = false;  ///< Known to have begun. Others begin only if somebody saw them.
};

/// An operation that fits into any era, or into any but one: a read of unknown result, a cas of
/// which it is known only that it did not apply.
struct Floating {
    std::uint32_t place = 0;  ///< Among the part's operations.
    EraId not_in = no_era;
};

struct ZoneInput {
    explicit ZoneInput(const KeyProblem& for_problem)
        : problem(for_problem), era_of(for_problem.part.operations.size(), no_era), eras(1) {
        eras[initial_era].certain = true;
    }

    const KeyProblem& problem;
    /// By place among the part's operations: the era that it begins or reads. None: it takes no
    /// part, or it floats.
    std::vector<EraId> era_of;
    std::vector<Era> eras;
    std::vector<Floating> floating;
    /// The order may be refused by the model though every precedence holds: an operation tests more
    /// than an era can say.
    bool fragile = false;

    /// Why reads were given to the eras that they were given to, where they had a choice.
    history::OperationId decisive = no_operation;

    /// Set: the front end cannot make eras of this history.
    std::string not_applicable;
    /// Not empty: no order explains these.
    std::vector<history::OperationId> conflict;

    [[nodiscard]] const history::CompactOperation& at(std::size_t place) const {
        return problem.history.operations[problem.part.operations[place]];
    }

    [[nodiscard]] bool present(const history::CompactOperation& operation) const {
        return operation.outcome != history::Outcome::fail && operation.invoked <= problem.cut;
    }

    /// Its result counts.
    [[nodiscard]] bool is_ok(const history::CompactOperation& operation) const {
        return operation.outcome == history::Outcome::ok && operation.completed <= problem.cut;
    }

    [[nodiscard]] std::string_view function(const history::CompactOperation& operation) const {
        return problem.history.functions.at(operation.function);
    }

    [[nodiscard]] Moment invoked(const history::CompactOperation& operation) const {
        return operation.invoked + 1;
    }

    [[nodiscard]] Moment completed(const history::CompactOperation& operation) const {
        return is_ok(operation) ? operation.completed + 1 : end_of_time;
    }

    /// The operation at `place` is the era's mutation, not a read.
    [[nodiscard]] bool begins(std::size_t place, EraId era) const {
        return eras[era].mutation == problem.part.operations[place];
    }

    EraId begin_era(std::size_t place) {
        const auto era = static_cast<EraId>(eras.size());
        eras.push_back({problem.part.operations[place], no_era, no_operation, is_ok(at(place))});
        era_of[place] = era;
        return era;
    }

    /// Calls `see(place, result)` for every read until all is known; those of which the result was
    /// not recorded float.
    template <typename See>
    void each_read(std::string_view read, See see) {
        for (std::size_t place = 0; place < era_of.size() && !done(); ++place) {
            const history::CompactOperation& operation = at(place);
            if (!is_ok(operation) || function(operation) != read) {
                continue;
            }
            if (operation.any_result) {
                floating.push_back({static_cast<std::uint32_t>(place), no_era});
            } else {
                see(place, operation.result);
            }
        }
    }

    [[nodiscard]] bool done() const { return !not_applicable.empty() || !conflict.empty(); }

    /// Nobody can have written what the operation at `place` observed. Those that would have, had
    /// they taken effect, belong to the picture.
    void never_written(std::size_t place, history::ValueId value) {
        conflict.push_back(problem.part.operations[place]);
        for (const history::OperationId id : problem.part.operations) {
            const history::CompactOperation& other = problem.history.operations[id];
            const bool without_effect =
                other.outcome == history::Outcome::fail || other.applied == history::Applied::no;
            if (without_effect && id != conflict.front() &&
                value == (other.pair ? other.second : other.argument)) {
                conflict.push_back(id);
            }
        }
    }
};

/// For registers, and for texts to which nothing is appended.
[[nodiscard]] ZoneInput eras_of_cell(const KeyProblem& problem);
/// For texts, where every put or appended text tells which operation it comes from.
[[nodiscard]] ZoneInput eras_of_text(const KeyProblem& problem);
/// For growing lists.
[[nodiscard]] ZoneInput eras_of_list(const KeyProblem& problem);

}  // namespace squall::checker
