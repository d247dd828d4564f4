#include "checker/zone_conflict.hpp"

#include <algorithm>

namespace squall::checker {

using history::CompactOperation;
using history::OperationId;
using history::Outcome;

void ZoneConflict::operation(OperationId operation) {
    if (operation != no_operation &&
        std::ranges::find(operations_, operation) == operations_.end()) {
        operations_.push_back(operation);
    }
}

void ZoneConflict::era(EraId era) {
    operation(input_.eras[era].mutation);
    if (input_.eras[era].seen_by != no_operation) {
        operation(input_.eras[era].seen_by);
        return;
    }
    while (!input_.eras[era].certain) {
        for (std::size_t place = 0; place < input_.era_of.size(); ++place) {
            if (input_.era_of[place] == era && !input_.begins(place, era)) {
                operation(input_.problem.part.operations[place]);
                return;
            }
        }
        era = successor_of(era);
        operation(input_.eras[era].mutation);
    }
}

EraId ZoneConflict::successor_of(EraId era) const {
    for (EraId next = 0; next < input_.eras.size(); ++next) {
        if (kept_[next] != 0 && input_.eras[next].after == era) {
            return next;
        }
    }
    return initial_era;  // never: somebody saw it
}

void ZoneConflict::completed_at(Moment moment) {
    for (const OperationId id : input_.problem.part.operations) {
        if (input_.completed(input_.problem.history.operations[id]) == moment) {
            operation(id);
        }
    }
}

void ZoneConflict::invoked_at(Moment moment) {
    for (const OperationId id : input_.problem.part.operations) {
        if (input_.invoked(input_.problem.history.operations[id]) == moment) {
            operation(id);
        }
    }
}

void ZoneConflict::glue(std::size_t first, std::size_t last) {
    for (std::size_t i = first + 1; i <= last; ++i) {
        if (input_.eras[sequence_[i]].seen_by == no_operation) {
            operation(input_.eras[sequence_[i]].mutation);
        }
    }
    if (last > first) {
        era(sequence_[last]);
    }
}

void ZoneConflict::failed_writer(EraId era) {
    const auto& operations = input_.problem.history.operations;
    const history::ValueId expected = operations[input_.eras[era].mutation].argument;
    for (const OperationId id : input_.problem.part.operations) {
        const CompactOperation& other = operations[id];
        const bool without_effect =
            other.outcome == Outcome::fail || other.applied == history::Applied::no;
        if (without_effect && expected == (other.pair ? other.second : other.argument)) {
            operation(id);
        }
    }
}

}  // namespace squall::checker
