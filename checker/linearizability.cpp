#include "checker/linearizability.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "checker/counterexample.hpp"
#include "checker/explain.hpp"
#include "checker/search.hpp"

namespace squall::checker {

namespace {

using history::never;
using history::Operation;

using Operations = std::vector<const Operation*>;

/// The keys, those with the fewest operations first: the cheapest may settle it.
std::vector<Operations> partition(std::span<const Operation> operations) {
    std::map<std::string_view, Operations> by_key;
    for (const Operation& operation : operations) {
        by_key[operation.key].push_back(&operation);
    }
    std::vector<Operations> parts;
    parts.reserve(by_key.size());
    for (auto& [key, part] : by_key) {
        parts.push_back(std::move(part));
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Operations& a, const Operations& b) {
        return a.size() < b.size();
    });
    return parts;
}

std::optional<std::string> rejected(std::span<const Operation> operations, const Model& model) {
    for (const Operation& operation : operations) {
        if (const auto problem = model.reject(operation)) {
            return fmt::format(
                "{} does not fit model {}: {}", name_of(operation), model.name(), *problem);
        }
    }
    return std::nullopt;
}

void worsen(LinearizabilityResult& result, std::string reason) {
    if (result.verdict == Verdict::valid) {
        result.verdict = Verdict::unknown;
        result.reason = std::move(reason);
    }
}

}  // namespace

LinearizabilityResult check_linearizable(std::span<const Operation> operations,
                                         const Model& model,
                                         const Budget& budget) {
    LinearizabilityResult result;
    result.operations = operations.size();
    if (auto problem = rejected(operations, model)) {
        worsen(result, std::move(*problem));
        return result;
    }
    const std::vector<Operations> parts = partition(operations);
    result.keys = parts.size();
    for (const Operations& part : parts) {
        // Half of what is left, so that one hard key does not leave the others unjudged.
        const Budget share{(budget.steps - std::min(budget.steps, result.spent.steps)) / 2,
                           budget.bytes};
        const SearchResult searched = search(part, model, share);
        result.spent.steps += searched.spent.steps;
        result.spent.bytes = std::max(result.spent.bytes, searched.spent.bytes);
        if (searched.verdict == Verdict::unknown) {
            worsen(result,
                   fmt::format("key {} with {} operations: the search budget is spent "
                               "after {} steps and {} bytes",
                               part.front()->key,
                               part.size(),
                               searched.spent.steps,
                               searched.spent.bytes));
        } else if (searched.verdict == Verdict::invalid) {
            result.counterexample = find_counterexample(part, model, budget);
            if (result.counterexample) {
                result.verdict = Verdict::invalid;
                result.reason = result.counterexample->sentence;
                return result;
            }
            worsen(result,
                   fmt::format("key {}: search and brute force contradict each other; "
                               "this is a bug of the checker",
                               part.front()->key));
        }
    }
    return result;
}

Check linearizability_check(std::span<const Operation> operations,
                            const Model& model,
                            const Budget& budget) {
    LinearizabilityResult result = check_linearizable(operations, model, budget);
    Check check;
    check.name = "linearizable";
    check.detector = "jit";
    check.verdict = result.verdict;
    check.reason = std::move(result.reason);
    check.spent = result.spent;
    if (!result.counterexample) {
        return check;
    }
    for (const Operation& operation : result.counterexample->core) {
        check.details.push_back(line_of(operation));
        check.evidence.push_back(operation.invoked);
        if (operation.completed != never) {
            check.evidence.push_back(operation.completed);
        }
    }
    check.details.push_back(fmt::format("the shortest bad prefix of the key has {} operations",
                                        result.counterexample->prefix.size()));
    std::sort(check.evidence.begin(), check.evidence.end());
    return check;
}

}  // namespace squall::checker
