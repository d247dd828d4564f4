#include "checker/linearizability.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "checker/dispatch.hpp"
#include "checker/explain.hpp"

namespace squall::checker {

namespace {

using history::CompactHistory;
using history::never;
using history::Operation;

std::vector<std::string> words_of(const PartialLinearization& linearization) {
    std::vector<std::string> lines;
    std::string order;
    for (const LinearizedStep& step : linearization.steps) {
        order +=
            fmt::format("{}op #{} => {}", order.empty() ? "" : ", ", step.operation, step.state);
    }
    lines.push_back(fmt::format("the longest order that explains some of them, from {}: {}",
                                linearization.initial,
                                order.empty() ? "none" : order));
    for (const Blocked& blocked : linearization.blocked) {
        lines.push_back(fmt::format("then op #{} {}", blocked.operation, blocked.why));
    }
    return lines;
}

}  // namespace

LinearizabilityResult check_linearizable(const CompactHistory& history,
                                         const Model& model,
                                         const CheckOptions& options) {
    return dispatch(history, model, options);
}

LinearizabilityResult check_linearizable(std::span<const Operation> operations,
                                         const Model& model,
                                         const Budget& budget) {
    return check_linearizable(history::compact(operations), model, {.budget = budget});
}

std::string engines_line(const LinearizabilityResult& result) {
    std::string line;
    for (const auto& [engine, keys] : result.keys_by_engine) {
        line += fmt::format(
            "{}{} {} {}", line.empty() ? "" : ", ", engine, keys, keys == 1 ? "key" : "keys");
    }
    return line;
}

Check linearizability_check(const CompactHistory& history,
                            const Model& model,
                            const CheckOptions& options) {
    LinearizabilityResult result = check_linearizable(history, model, options);
    Check check;
    check.name = "linearizable";
    check.verdict = result.verdict;
    check.reason = std::move(result.reason);
    check.spent = result.spent;
    for (const auto& [engine, keys] : result.keys_by_engine) {
        check.detector += (check.detector.empty() ? "" : "+") + engine;
    }
    if (!result.counterexample) {
        return check;
    }
    Counterexample& example = *result.counterexample;
    for (const Operation& operation : example.core) {
        check.details.push_back(line_of(operation));
        check.evidence.push_back(operation.invoked);
        if (operation.completed != never) {
            check.evidence.push_back(operation.completed);
        }
    }
    if (!example.linearization.steps.empty() || !example.linearization.blocked.empty()) {
        const std::vector<std::string> words = words_of(example.linearization);
        check.details.insert(check.details.end(), words.begin(), words.end());
        check.linearization = std::move(example.linearization);
    }
    check.details.push_back(fmt::format("the shortest bad prefix of the key has {} operations",
                                        example.prefix_operations));
    std::sort(check.evidence.begin(), check.evidence.end());
    return check;
}

Check linearizability_check(std::span<const Operation> operations,
                            const Model& model,
                            const Budget& budget) {
    return linearizability_check(history::compact(operations), model, {.budget = budget});
}

}  // namespace squall::checker
