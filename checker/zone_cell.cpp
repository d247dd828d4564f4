#include <limits>

#include "checker/era_table.hpp"
#include "checker/zone_input.hpp"

namespace squall::checker {

namespace {

using history::Applied;
using history::CompactOperation;
using history::EventIndex;
using history::ValueId;

enum class Function : std::uint8_t { read, write, cas, remove, unknown };

Function function_named(std::string_view name) {
    if (name == "read" || name == "get") {
        return Function::read;
    }
    if (name == "write" || name == "put") {
        return Function::write;
    }
    if (name == "cas") {
        return Function::cas;
    }
    return name == "delete" ? Function::remove : Function::unknown;
}

class CellEras {
  public:
    explicit CellEras(const KeyProblem& problem)
        : input_(problem), eras_(problem.part.operations.size()) {
        for (std::size_t i = 0; i < problem.history.functions.size(); ++i) {
            functions_.push_back(
                function_named(problem.history.functions.at(static_cast<std::uint32_t>(i))));
        }
        if (const auto initial = problem.history.values.find(problem.initial)) {
            initial_ = *initial;
            eras_.insert(initial_, initial_era);
        }
    }

    ZoneInput run() {
        const std::size_t count = input_.problem.part.operations.size();
        for (std::size_t place = 0; place < count && !input_.done(); ++place) {
            if (input_.present(input_.at(place))) {
                mutate(place);
            }
        }
        if (removal_ != no_era && initial_ == history::null_value && !input_.done()) {
            split_nulls();
        }
        for (std::size_t place = 0; place < count && !input_.done(); ++place) {
            if (input_.present(input_.at(place))) {
                observe(place);
            }
        }
        return std::move(input_);
    }

  private:
    [[nodiscard]] bool failed(const CompactOperation& operation) const {
        return input_.is_ok(operation) && operation.applied == Applied::no;
    }

    void begin(std::size_t place, ValueId value) {
        if (!eras_.insert(value, static_cast<EraId>(input_.eras.size()))) {
            input_.not_applicable = "a value is written more than once";
            return;
        }
        input_.begin_era(place);
    }

    void mutate(std::size_t place) {
        const CompactOperation& operation = input_.at(place);
        switch (functions_[operation.function]) {
            case Function::read:
                break;
            case Function::write:
                begin(place, operation.argument);
                break;
            case Function::cas:
                // From a value to the same: it reads.
                if (!failed(operation) && operation.argument != operation.second) {
                    begin(place, operation.second);
                }
                break;
            case Function::remove:
                if (!failed(operation)) {
                    remove(place);
                }
                break;
            case Function::unknown:
                input_.not_applicable = "a function is not one of a register's";
                break;
        }
    }

    /// Leaves null behind. That may be the initial state too.
    void remove(std::size_t place) {
        if (removal_ != no_era) {
            input_.not_applicable = "more than one delete";
            return;
        }
        removal_ = static_cast<EraId>(input_.eras.size());
        if (initial_ != history::null_value) {
            begin(place, history::null_value);
            return;
        }
        input_.begin_era(place);
        input_.fragile = input_.is_ok(input_.at(place)) && input_.at(place).applied == Applied::yes;
    }

    /// Those who saw null before anything else can have been there saw the initial one, the others
    /// what the delete left: no other choice has fewer contradictions.
    void split_nulls() {
        first_change_ = history::never_completed;
        for (std::size_t place = 0; place < input_.era_of.size(); ++place) {
            const CompactOperation& operation = input_.at(place);
            if (!input_.present(operation)) {
                continue;
            }
            const Function function = functions_[operation.function];
            if (function == Function::cas && operation.argument == history::null_value &&
                !failed(operation)) {
                input_.not_applicable = "a delete and a cas from null";
                return;
            }
            const bool sees = function == Function::read || failed(operation);
            const bool null = function == Function::remove || operation.any_result ||
                              operation.result == history::null_value;
            if (input_.is_ok(operation) && !(sees && null) && operation.completed < first_change_) {
                first_change_ = operation.completed;
                input_.decisive = input_.problem.part.operations[place];
            }
        }
    }

    void observe(std::size_t place) {
        const CompactOperation& operation = input_.at(place);
        const Function function = functions_[operation.function];
        if (function == Function::cas && !failed(operation)) {
            if (operation.argument == operation.second) {
                if (input_.is_ok(operation)) {
                    see(place, operation.argument);
                }
                return;
            }
            const EraId before = eras_.find(operation.argument);
            input_.eras[input_.era_of[place]].after = before == no_era ? missing_era : before;
        } else if (function == Function::remove && failed(operation)) {
            see(place, history::null_value);
        } else if (function == Function::cas && operation.argument == operation.result &&
                   !operation.any_result) {
            input_.conflict.push_back(input_.problem.part.operations[place]);
        } else if (function == Function::cas && operation.any_result) {
            input_.floating.push_back(
                {static_cast<std::uint32_t>(place), eras_.find(operation.argument)});
            input_.fragile = input_.fragile || removal_ != no_era;
        } else if (function == Function::cas ||
                   (function == Function::read && input_.is_ok(operation))) {
            if (operation.any_result) {
                input_.floating.push_back({static_cast<std::uint32_t>(place), no_era});
            } else {
                see(place, operation.result);
            }
        }
    }

    void see(std::size_t place, ValueId value) {
        EraId era = eras_.find(value);
        if (value == history::null_value && removal_ != no_era &&
            input_.at(place).invoked > first_change_) {
            era = removal_;
        }
        if (era == no_era) {
            input_.never_written(place, value);
            return;
        }
        input_.era_of[place] = era;
    }

    ZoneInput input_;
    EraTable eras_;
    std::vector<Function> functions_;
    /// A number that no value has, if nobody mentions the initial one.
    ValueId initial_ = std::numeric_limits<ValueId>::max();
    EraId removal_ = no_era;
    EventIndex first_change_ = history::never_completed;
};

}  // namespace

ZoneInput eras_of_cell(const KeyProblem& problem) {
    return CellEras(problem).run();
}

}  // namespace squall::checker
