#include "checker/era_table.hpp"
#include "checker/zone_input.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::ValueId;

class ListEras {
  public:
    explicit ListEras(const KeyProblem& problem)
        : input_(problem),
          by_element_(problem.part.operations.size()),
          by_list_(problem.part.operations.size()) {
        by_list_.insert(history::null_value, initial_era);
        by_list_.insert(history::empty_list, initial_era);
    }

    ZoneInput run() {
        const auto* initial = input_.problem.initial.as_list();
        if (!input_.problem.initial.is_null() && (initial == nullptr || !initial->empty())) {
            input_.not_applicable = "the list is not empty at first";
        }
        const std::size_t count = input_.problem.part.operations.size();
        for (std::size_t place = 0; place < count && !input_.done(); ++place) {
            const CompactOperation& operation = input_.at(place);
            const std::string_view function = input_.function(operation);
            if (!input_.present(operation) || function == "read") {
                continue;
            }
            if (function != "append") {
                input_.not_applicable = "more than append and read";
            } else if (!by_element_.insert(operation.argument, input_.begin_era(place))) {
                input_.not_applicable = "an element is appended more than once";
            }
        }
        input_.each_read("read", [this](std::size_t place, ValueId result) { see(place, result); });
        return std::move(input_);
    }

  private:
    /// Gives every append in the list its place behind the one before; stops where that is known.
    void see(std::size_t place, ValueId list) {
        const history::ValueTable& values = input_.problem.history.values;
        const history::OperationId reader = input_.problem.part.operations[place];
        unknown_.clear();
        while (by_list_.find(list) == no_era) {
            if (values.kind(list) != history::ValueTable::Kind::list) {
                input_.conflict.push_back(reader);
                return;
            }
            unknown_.push_back(list);
            list = values.front(list);
        }
        EraId before = by_list_.find(list);
        for (auto longer = unknown_.rbegin(); longer != unknown_.rend(); ++longer) {
            const EraId era = by_element_.find(values.last(*longer));
            if (era == no_era) {
                input_.never_written(place, values.last(*longer));
                return;
            }
            Era& here = input_.eras[era];
            if (here.after != no_era) {
                input_.conflict.push_back(reader);
                if (here.seen_by != reader) {
                    input_.conflict.push_back(here.seen_by);
                }
                return;
            }
            here.after = before;
            here.seen_by = reader;
            by_list_.insert(*longer, era);
            before = era;
        }
        input_.era_of[place] = before;
    }

    ZoneInput input_;
    EraTable by_element_;
    EraTable by_list_;
    std::vector<ValueId> unknown_;
};

}  // namespace

ZoneInput eras_of_list(const KeyProblem& problem) {
    return ListEras(problem).run();
}

}  // namespace squall::checker
