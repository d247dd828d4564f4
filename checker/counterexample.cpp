#include "checker/counterexample.hpp"

#include <algorithm>
#include <span>
#include <unordered_set>
#include <utility>

#include "checker/brute_force.hpp"
#include "checker/explain.hpp"
#include "checker/partial_linearization.hpp"
#include "checker/removal.hpp"

namespace squall::checker {

namespace {

using history::CompactOperation;
using history::EventIndex;
using history::never_completed;
using history::Operation;
using history::OperationId;
using history::Outcome;
using history::ValueId;

using Ids = std::vector<OperationId>;

class Finder {
  public:
    Finder(const KeyProblem& problem, const KeyJudge& judge) : problem_(problem), judge_(judge) {}

    /// The operations that matter, up to the cut. They are bad, by construction.
    Ids core(const EngineResult& found) {
        cut_ = last_completion(problem_.part.operations);
        std::vector<OperationId> conflict = found.conflict;
        if (const Ids few = around(conflict); !few.empty()) {
            // Unless at that time others could still have helped.
            const EventIndex sooner = last_completion(few);
            EngineResult then = judge(problem_.part.operations, sooner);
            if (then.verdict == Verdict::invalid) {
                cut_ = sooner;
                conflict = std::move(then.conflict);
            }
        }
        const EventIndex before = cut_;
        shorten_prefix();
        if (cut_ != before) {
            conflict = judge(problem_.part.operations, cut_).conflict;
        }
        Ids core = around(conflict);
        if (core.empty()) {
            core = matter(problem_.part.operations);
        }
        leave_out(core);
        return core;
    }

    [[nodiscard]] EventIndex cut() const { return cut_; }

  private:
    EngineResult judge(std::span<const OperationId> operations, EventIndex cut) const {
        return judge_({problem_.history,
                       {problem_.part.key, operations},
                       problem_.model,
                       problem_.initial,
                       cut});
    }

    [[nodiscard]] bool is_bad(std::span<const OperationId> operations, EventIndex cut) const {
        return judge(operations, cut).verdict == Verdict::invalid;
    }

    [[nodiscard]] const CompactOperation& at(OperationId id) const {
        return problem_.history.operations[id];
    }

    [[nodiscard]] EventIndex last_completion(std::span<const OperationId> operations) const {
        EventIndex last = 0;
        for (const OperationId id : operations) {
            if (at(id).outcome == Outcome::ok && at(id).completed != never_completed) {
                last = std::max(last, at(id).completed);
            }
        }
        return std::min(last, problem_.cut);
    }

    /// Those invoked by the cut that could matter.
    [[nodiscard]] Ids matter(std::span<const OperationId> operations) const {
        Ids result;
        for (const OperationId id : operations) {
            if (at(id).invoked <= cut_ && !means_nothing(problem_, id)) {
                result.push_back(id);
            }
        }
        return result;
    }

    /// The conflict that an engine named with what is needed to judge it; empty if that is not bad.
    Ids around(const Ids& conflict) const {
        if (conflict.empty()) {
            return {};
        }
        const Ids all = matter(problem_.part.operations);
        std::vector<bool> wanted(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            wanted[i] = std::ranges::find(conflict, all[i]) != conflict.end();
        }
        Ids few = with_what_they_need(problem_, all, wanted);
        return is_bad(few, cut_) ? few : Ids{};
    }

    /// Moves the cut to the first completion by which the history is bad. Badness lasts, so that it
    /// can be bisected; it is sought near the cut first.
    void shorten_prefix() {
        std::vector<EventIndex> cuts;
        for (const OperationId id : problem_.part.operations) {
            if (at(id).outcome == Outcome::ok && at(id).completed <= cut_) {
                cuts.push_back(at(id).completed);
            }
        }
        std::ranges::sort(cuts);
        std::size_t bad = cuts.size() - 1;
        std::size_t good = 0;  // all before it are not known to be bad
        for (std::size_t step = 1; step <= bad; step *= 2) {
            if (!is_bad(problem_.part.operations, cuts[bad - step])) {
                good = bad - step + 1;
                break;
            }
            bad -= step;
        }
        while (good < bad) {
            const std::size_t middle = (good + bad) / 2;
            if (is_bad(problem_.part.operations, cuts[middle])) {
                bad = middle;
            } else {
                good = middle + 1;
            }
        }
        cut_ = cuts[bad];
    }

    /// Leaves out ever smaller groups of operations while the rest stays bad.
    void leave_out(Ids& core) const {
        for (std::size_t group = std::max<std::size_t>(core.size() / 2, 1); group > 0;) {
            bool smaller = false;
            for (std::size_t start = 0; start < core.size();) {
                std::vector<bool> wanted(core.size(), true);
                std::fill_n(wanted.begin() + static_cast<std::ptrdiff_t>(start),
                            std::min(group, core.size() - start),
                            false);
                Ids rest = with_what_they_need(problem_, core, wanted);
                if (rest.size() < core.size() && is_bad(rest, cut_)) {
                    core = std::move(rest);
                    smaller = true;
                } else {
                    start += group;
                }
            }
            if (group > 1 || !smaller) {
                group /= 2;
            }
        }
    }

    const KeyProblem& problem_;
    const KeyJudge& judge_;
    EventIndex cut_ = never_completed;
};

/// As it stood after event `cut`. What failed later is known to have had no effect.
Operation as_of(const KeyProblem& problem, OperationId id, EventIndex cut) {
    Operation operation = problem.history.expand(id);
    if (operation.outcome == Outcome::ok && operation.completed > cut) {
        operation.outcome = Outcome::info;
        operation.completed = history::never;
        operation.result = {};
        operation.any_result = false;
        operation.applied.reset();
        operation.position.reset();
    }
    return operation;
}

std::vector<const Operation*> pointers(const std::vector<Operation>& operations) {
    std::vector<const Operation*> result;
    result.reserve(operations.size());
    for (const Operation& operation : operations) {
        result.push_back(&operation);
    }
    return result;
}

/// Usually what completes at the cut, but a cas that is known there not to have applied can be what
/// takes the explanation from an earlier read.
const Operation& last_to_complete(const std::vector<Operation>& core) {
    return *std::ranges::max_element(core, {}, [](const Operation& operation) {
        return std::pair{operation.outcome == Outcome::ok, operation.completed};
    });
}

/// Operations of the whole key that have to do with a value, or with an element of a list.
std::vector<Operation> about(const KeyProblem& problem, const history::Value& value) {
    std::vector<Operation> result;
    std::unordered_set<ValueId> wanted;
    if (const auto id = problem.history.values.find(value)) {
        wanted.insert(*id);
        if (value.as_list() != nullptr) {
            const std::vector<ValueId> elements = problem.history.values.elements(*id);
            wanted.insert(elements.begin(), elements.end());
        }
    }
    for (const OperationId id : problem.part.operations) {
        const CompactOperation& operation = problem.history.operations[id];
        if (wanted.contains(operation.argument) || wanted.contains(operation.second)) {
            result.push_back(problem.history.expand(id));
        }
    }
    return result;
}

}  // namespace

std::optional<Counterexample> find_counterexample(const KeyProblem& problem,
                                                  const EngineResult& found,
                                                  const KeyJudge& judge) {
    Finder finder(problem, judge);
    const Ids ids = finder.core(found);
    Counterexample example;
    example.key = problem.history.keys.at(problem.part.key);
    example.cut = finder.cut();
    example.prefix_operations = static_cast<std::size_t>(std::ranges::count_if(
        problem.part.operations,
        [&](OperationId id) { return problem.history.operations[id].invoked <= finder.cut(); }));
    for (const OperationId id : ids) {
        example.core.push_back(as_of(problem, id, finder.cut()));
    }
    const std::vector<const Operation*> core = pointers(example.core);
    if (core.size() <= brute_force_max &&
        linearizable_by_brute_force(core, problem.model, problem.initial)) {
        return std::nullopt;
    }
    example.linearization = longest_partial_linearization(core, problem.model, problem.initial);
    const Operation& bad = last_to_complete(example.core);
    const auto effect = problem.model.effect(bad);
    const std::vector<Operation> related =
        about(problem, effect && effect->observes ? *effect->observes : bad.result);
    Explanation explanation = explain(core, bad, pointers(related), problem.model, problem.initial);
    // A failed writer proves nothing, but without it the listing would be hard to believe.
    if (explanation.failed_writer != nullptr) {
        example.core.push_back(*explanation.failed_writer);
        std::ranges::sort(example.core, {}, &Operation::invoked);
    }
    example.sentence = std::move(explanation.sentence);
    return example;
}

}  // namespace squall::checker
