#include "checker/linearizability.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "checker/explain.hpp"
#include "checker/search.hpp"

namespace squall::checker {

namespace {

using history::CompactHistory;
using history::KeyPart;
using history::never;
using history::Operation;
using history::OperationId;

constexpr std::array<std::pair<std::string_view, EngineChoice>, 2> engine_names{{
    {"auto", EngineChoice::automatic},
    {"search", EngineChoice::search},
}};

struct Judged {
    EngineResult result;
    std::string_view engine;
};

EngineResult search_key(const KeyProblem& problem, const Budget& budget) {
    std::vector<Operation> expanded;
    std::vector<const Operation*> operations;
    for (const OperationId id : problem.part.operations) {
        expanded.push_back(problem.history.expand(id));
    }
    for (const Operation& operation : expanded) {
        operations.push_back(&operation);
    }
    const std::uint64_t cut =
        problem.cut == history::never_completed ? never : std::uint64_t{problem.cut};
    const SearchResult searched = search(operations, problem.model, budget, cut);
    EngineResult result;
    result.verdict = searched.verdict;
    result.spent = searched.spent;
    if (searched.verdict == Verdict::unknown) {
        result.reason = fmt::format("the search budget is spent after {} steps and {} bytes",
                                    searched.spent.steps,
                                    searched.spent.bytes);
    }
    return result;
}

Judged judge_key(const KeyProblem& problem, const Budget& budget, EngineChoice /*engine*/) {
    return {search_key(problem, budget), "search"};
}

/// What a model with a known shape can object to, in a word.
std::uint64_t looks_of(const CompactHistory& history, const history::CompactOperation& operation) {
    const auto kind = [&](history::ValueId value) {
        return static_cast<std::uint64_t>(history.values.kind(value));
    };
    std::uint64_t looks = operation.function;
    looks = looks * 4 + static_cast<std::uint64_t>(operation.outcome);
    looks = looks * 4 + static_cast<std::uint64_t>(operation.applied);
    looks = looks * 4 + kind(operation.argument);
    looks = looks * 4 + kind(operation.second);
    looks = looks * 4 + kind(operation.result);
    return (looks * 2 + (operation.pair ? 1 : 0)) * 2 + (operation.any_result ? 1 : 0);
}

std::optional<std::string> rejected(const CompactHistory& history, const Model& model) {
    std::unordered_set<std::uint64_t> accepted;
    const bool by_looks = model.traits().shape != ObjectShape::other;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        if (by_looks && !accepted.insert(looks_of(history, history.operations[id])).second) {
            continue;
        }
        const Operation operation = history.expand(id);
        if (const auto problem = model.reject(operation)) {
            return fmt::format(
                "{} does not fit model {}: {}", name_of(operation), model.name(), *problem);
        }
    }
    return std::nullopt;
}

/// Those with the fewest operations first: the cheapest may settle it.
std::vector<KeyPart> cheapest_first(const history::KeyParts& parts) {
    std::vector<KeyPart> result = parts.parts();
    std::ranges::stable_sort(
        result, {}, [](const KeyPart& part) { return part.operations.size(); });
    return result;
}

class Checking {
  public:
    Checking(const CompactHistory& history, const Model& model, const CheckOptions& options)
        : history_(history),
          model_(model),
          options_(options),
          initial_(history.initial.value_or(model.initial())) {}

    LinearizabilityResult run() {
        result_.operations = history_.operations.size();
        if (auto problem = rejected(history_, model_)) {
            worsen(std::move(*problem));
            return std::move(result_);
        }
        const history::KeyParts by_key = history_.by_key();
        result_.keys = by_key.parts().size();
        for (const KeyPart& part : cheapest_first(by_key)) {
            if (!judge(part)) {
                break;
            }
        }
        return std::move(result_);
    }

  private:
    /// Whether to go on.
    bool judge(const KeyPart& part) {
        const KeyProblem problem{history_, part, model_, initial_};
        // Half of what is left, so that one hard key does not leave the others unjudged.
        const Budget share{left() / 2, options_.budget.bytes};
        const Judged judged = judge_key(problem, share, options_.engine);
        spend(judged.result.spent);
        ++result_.keys_by_engine[std::string(judged.engine)];
        if (judged.result.verdict == Verdict::invalid) {
            return !convict(problem, judged.result);
        }
        if (judged.result.verdict != Verdict::valid) {
            worsen(fmt::format("key {} with {} operations: {}",
                               history_.keys.at(part.key),
                               part.operations.size(),
                               judged.result.reason));
        }
        return true;
    }

    bool convict(const KeyProblem& problem, const EngineResult& found) {
        Budget for_explanation = options_.budget;
        const auto judge = [&](const KeyProblem& smaller) {
            EngineResult result = judge_key(smaller, for_explanation, options_.engine).result;
            for_explanation.steps -= std::min(for_explanation.steps, result.spent.steps);
            return result;
        };
        result_.counterexample = find_counterexample(problem, found, judge);
        if (!result_.counterexample) {
            worsen(
                fmt::format("key {}: search and brute force contradict each other; "
                            "this is a bug of the checker",
                            history_.keys.at(problem.part.key)));
            return false;
        }
        result_.verdict = Verdict::invalid;
        result_.reason = result_.counterexample->sentence;
        return true;
    }

    [[nodiscard]] std::uint64_t left() const {
        return options_.budget.steps - std::min(options_.budget.steps, result_.spent.steps);
    }

    void spend(const Spent& spent) {
        result_.spent.steps += spent.steps;
        result_.spent.bytes = std::max(result_.spent.bytes, spent.bytes);
    }

    void worsen(std::string reason) {
        if (result_.verdict == Verdict::valid) {
            result_.verdict = Verdict::unknown;
            result_.reason = std::move(reason);
        }
    }

    const CompactHistory& history_;
    const Model& model_;
    const CheckOptions& options_;
    Model::State initial_;
    LinearizabilityResult result_;
};

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

std::optional<EngineChoice> engine_named(std::string_view name) {
    for (const auto& [known, choice] : engine_names) {
        if (known == name) {
            return choice;
        }
    }
    return std::nullopt;
}

LinearizabilityResult check_linearizable(const CompactHistory& history,
                                         const Model& model,
                                         const CheckOptions& options) {
    return Checking(history, model, options).run();
}

LinearizabilityResult check_linearizable(std::span<const Operation> operations,
                                         const Model& model,
                                         const Budget& budget) {
    return check_linearizable(history::compact(operations), model, {.budget = budget});
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
