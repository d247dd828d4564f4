#include "checker/counterexample.hpp"

#include <algorithm>
#include <utility>

#include "checker/brute_force.hpp"
#include "checker/explain.hpp"
#include "checker/search.hpp"

namespace squall::checker {

namespace {

using history::never;
using history::Operation;
using history::Outcome;

using Operations = std::vector<const Operation*>;

Operations pointers(const std::vector<Operation>& operations) {
    Operations result;
    result.reserve(operations.size());
    for (const Operation& operation : operations) {
        result.push_back(&operation);
    }
    return result;
}

class Finder {
  public:
    Finder(const Model& model, const Budget& budget) : model_(model), left_(budget) {}

    /// The first completion by which the history is bad. Badness lasts, so that it can be bisected.
    std::uint64_t shortest_bad_cut(std::span<const Operation* const> operations) {
        std::vector<std::uint64_t> cuts;
        for (const Operation* operation : operations) {
            if (operation->outcome == Outcome::ok) {
                cuts.push_back(operation->completed);
            }
        }
        std::sort(cuts.begin(), cuts.end());
        std::size_t good = 0;               // all before it are not known to be bad
        std::size_t bad = cuts.size() - 1;  // known to be bad
        while (good < bad) {
            const std::size_t middle = (good + bad) / 2;
            if (is_bad(operations, cuts[middle])) {
                bad = middle;
            } else {
                good = middle + 1;
            }
        }
        return cuts[bad];
    }

    /// Leaves out ever smaller groups of operations while the rest stays bad.
    Operations shrink(Operations operations) {
        for (std::size_t group = std::max<std::size_t>(operations.size() / 2, 1); group > 0;) {
            bool smaller = false;
            for (std::size_t start = 0; start < operations.size();) {
                Operations rest = without(operations, start, group);
                if (rest.size() < operations.size() && is_bad(rest, never)) {
                    operations = std::move(rest);
                    smaller = true;
                } else {
                    start += group;
                }
            }
            if (group > 1 || !smaller) {
                group /= 2;
            }
        }
        return operations;
    }

  private:
    bool is_bad(std::span<const Operation* const> operations, std::uint64_t cut) {
        const SearchResult result = search(operations, model_, left_, cut);
        left_.steps -= std::min(left_.steps, result.spent.steps);
        return result.verdict == Verdict::invalid;
    }

    /// Without the operations [start, start + count), except those whose absence could make a good
    /// history bad: writers of values that the rest observes, and, where effects are not known,
    /// everything that is not a read.
    Operations without(const Operations& operations, std::size_t start, std::size_t count) const {
        const std::size_t end = std::min(start + count, operations.size());
        std::vector<bool> kept(operations.size());
        for (std::size_t i = 0; i < operations.size(); ++i) {
            kept[i] = i < start || i >= end;
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t i = start; i < end; ++i) {
                if (!kept[i] && is_needed(*operations[i], operations, kept)) {
                    kept[i] = true;
                    changed = true;
                }
            }
        }
        Operations rest;
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if (kept[i]) {
                rest.push_back(operations[i]);
            }
        }
        return rest;
    }

    bool is_needed(const Operation& operation,
                   const Operations& operations,
                   const std::vector<bool>& kept) const {
        if (model_.is_read(operation)) {
            return false;
        }
        const auto effect = model_.effect(operation);
        if (!model_.traits().unobserved_unknowns_removable || !effect || !effect->writes) {
            return true;
        }
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if (kept[i] && model_.effect(*operations[i])->observes == effect->writes) {
                return true;
            }
        }
        return false;
    }

    const Model& model_;
    Budget left_;
};

/// The history as it stood after event `cut`. What failed later is known to have had no effect.
std::vector<Operation> prefix_of(std::span<const Operation* const> operations, std::uint64_t cut) {
    std::vector<Operation> prefix;
    for (const Operation* operation : operations) {
        if (operation->invoked > cut) {
            continue;
        }
        Operation& copy = prefix.emplace_back(*operation);
        if (copy.outcome == Outcome::ok && copy.completed > cut) {
            copy.outcome = Outcome::info;
            copy.completed = never;
            copy.result = {};
            copy.applied.reset();
            copy.position.reset();
        }
    }
    return prefix;
}

}  // namespace

std::optional<Counterexample> find_counterexample(std::span<const Operation* const> operations,
                                                  const Model& model,
                                                  const Budget& budget) {
    Finder finder(model, budget);
    const std::uint64_t cut = finder.shortest_bad_cut(operations);
    Counterexample found;
    found.key = operations.front()->key;
    found.prefix = prefix_of(operations, cut);
    Operations core = pointers(found.prefix);
    std::erase_if(core, [&](const Operation* operation) {
        return operation->outcome == Outcome::fail ||
               (operation->outcome == Outcome::info && model.is_read(*operation));
    });
    core = finder.shrink(std::move(core));
    if (core.size() <= brute_force_max && linearizable_by_brute_force(core, model)) {
        return std::nullopt;
    }
    const Operation& bad =
        **std::find_if(core.begin(), core.end(), [&](const Operation* operation) {
            return operation->completed == cut;
        });
    Explanation explanation = explain(core, bad, operations, model);
    for (const Operation* witness : explanation.witnesses) {
        core.push_back(witness);
    }
    std::sort(core.begin(), core.end(), [](const Operation* a, const Operation* b) {
        return a->invoked < b->invoked;
    });
    for (const Operation* operation : core) {
        found.core.push_back(*operation);
    }
    found.sentence = std::move(explanation.sentence);
    return found;
}

}  // namespace squall::checker
