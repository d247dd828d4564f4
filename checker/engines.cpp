#include "checker/engines.hpp"

#include <array>

#include <fmt/format.h>

#include "checker/counter_engine.hpp"
#include "checker/search.hpp"
#include "checker/set_engine.hpp"

namespace squall::checker {

namespace {

EngineResult judge_by_search(const KeyProblem& problem, const Budget& budget) {
    std::vector<history::Operation> operations;
    operations.reserve(problem.part.operations.size());
    for (const history::OperationId id : problem.part.operations) {
        operations.push_back(problem.history.expand(id));
    }
    std::vector<const history::Operation*> pointers;
    pointers.reserve(operations.size());
    for (const history::Operation& operation : operations) {
        pointers.push_back(&operation);
    }
    const std::uint64_t cut =
        problem.cut == history::never_completed ? history::never : problem.cut;
    const SearchResult searched = search(pointers, problem.model, budget, cut);
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

/// For engines that need no budget.
template <EngineResult (*Judge)(const KeyProblem&)>
EngineResult judge_by_shape(const KeyProblem& problem, const Budget& /*budget*/) {
    return Judge(problem);
}

}  // namespace

std::span<const EngineEntry> engines() {
    static constexpr std::array<EngineEntry, 3> all{{
        {EngineChoice::set, "set", true, judge_by_shape<judge_set>},
        {EngineChoice::counter, "counter", true, judge_by_shape<judge_counter>},
        {EngineChoice::search, "search", false, judge_by_search},
    }};
    return all;
}

std::optional<EngineChoice> engine_named(std::string_view name) {
    if (name == "auto") {
        return EngineChoice::automatic;
    }
    for (const EngineEntry& entry : engines()) {
        if (entry.name == name) {
            return entry.engine;
        }
    }
    return std::nullopt;
}

}  // namespace squall::checker
