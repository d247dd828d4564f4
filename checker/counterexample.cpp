#include "checker/counterexample.hpp"

#include <algorithm>
#include <utility>

#include "checker/brute_force.hpp"
#include "checker/explain.hpp"
#include "checker/search.hpp"
#include "checker/search_input.hpp"

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
    Operations shrink(const Operations& operations) {
        std::vector<Item> items = items_of(operations);
        for (std::size_t group = std::max<std::size_t>(items.size() / 2, 1); group > 0;) {
            bool smaller = false;
            for (std::size_t start = 0; start < items.size();) {
                std::vector<Item> rest = without(items, start, group);
                if (rest.size() < items.size() && is_bad(operations_of(rest), never)) {
                    items = std::move(rest);
                    smaller = true;
                } else {
                    start += group;
                }
            }
            if (group > 1 || !smaller) {
                group /= 2;
            }
        }
        return operations_of(items);
    }

  private:
    struct Item {
        const Operation* operation = nullptr;
        StateId observes = no_state;
        StateId writes = no_state;
        bool removable = false;  ///< Unless the rest observes what it writes.
    };

    std::vector<Item> items_of(const Operations& operations) {
        std::vector<Item> items;
        const bool prunable = model_.traits().unobserved_unknowns_removable;
        for (const Operation* operation : operations) {
            Item item{operation, no_state, no_state, prunable || model_.is_read(*operation)};
            const auto effect = model_.effect(*operation);
            if (effect && effect->observes) {
                item.observes = values_.intern(*effect->observes);
            }
            if (effect && effect->writes) {
                item.writes = values_.intern(*effect->writes);
            }
            items.push_back(item);
        }
        return items;
    }

    static Operations operations_of(const std::vector<Item>& items) {
        Operations operations;
        for (const Item& item : items) {
            operations.push_back(item.operation);
        }
        return operations;
    }

    bool is_bad(std::span<const Operation* const> operations, std::uint64_t cut) {
        const SearchResult result = search(operations, model_, left_, cut);
        left_.steps -= std::min(left_.steps, result.spent.steps);
        return result.verdict == Verdict::invalid;
    }

    /// Without the operations [start, start + count), except those whose absence could make a good
    /// history bad: writers of values that the rest observes, and, where effects are not known,
    /// everything that is not a read.
    std::vector<Item> without(const std::vector<Item>& items,
                              std::size_t start,
                              std::size_t count) const {
        const std::size_t end = std::min(start + count, items.size());
        std::vector<bool> observed(values_.size() + 1);
        std::vector<bool> kept(items.size());
        const auto keep = [&](std::size_t i) {
            kept[i] = true;
            if (items[i].observes != no_state) {
                observed[items[i].observes] = true;
            }
        };
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i < start || i >= end || !items[i].removable) {
                keep(i);
            }
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t i = start; i < end; ++i) {
                if (!kept[i] && items[i].writes != no_state && observed[items[i].writes]) {
                    keep(i);
                    changed = true;
                }
            }
        }
        std::vector<Item> rest;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (kept[i]) {
                rest.push_back(items[i]);
            }
        }
        return rest;
    }

    const Model& model_;
    Budget left_;
    StateTable values_;
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
    core = finder.shrink(core);
    if (core.size() <= brute_force_max && linearizable_by_brute_force(core, model)) {
        return std::nullopt;
    }
    // Usually what completes at the cut, but a cas that is known there not to have applied can be
    // what takes the explanation from an earlier read.
    const Operation& bad =
        **std::max_element(core.begin(), core.end(), [](const Operation* a, const Operation* b) {
            return std::pair{a->outcome == Outcome::ok, a->completed} <
                   std::pair{b->outcome == Outcome::ok, b->completed};
        });
    Explanation explanation = explain(core, bad, operations, model);
    // A failed writer proves nothing, but without it the listing would be hard to believe.
    if (explanation.failed_writer != nullptr) {
        core.push_back(explanation.failed_writer);
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
