#include "checker/zones.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "checker/replay.hpp"
#include "checker/zone_input.hpp"
#include "checker/zone_order.hpp"

namespace squall::checker {

namespace {

/// What all the tables take for one operation, at most.
constexpr std::uint64_t bytes_per_operation = 120;

EngineResult not_applicable(std::string reason) {
    EngineResult result;
    result.reason = std::move(reason);
    return result;
}

bool appends(const KeyProblem& problem) {
    const auto append = problem.history.functions.find("append");
    return append && std::ranges::any_of(problem.part.operations, [&](history::OperationId id) {
               const history::CompactOperation& operation = problem.history.operations[id];
               return operation.function == *append && operation.outcome != history::Outcome::fail;
           });
}

std::optional<ZoneInput> eras_of(const KeyProblem& problem) {
    switch (problem.model.traits().shape) {
        case ObjectShape::cell:
            return eras_of_cell(problem);
        case ObjectShape::text:
            return appends(problem) ? eras_of_text(problem) : eras_of_cell(problem);
        case ObjectShape::list:
            return eras_of_list(problem);
        case ObjectShape::other:
        case ObjectShape::set:
        case ObjectShape::counter:
        case ObjectShape::queue:
            break;
    }
    return std::nullopt;
}

}  // namespace

EngineResult judge_by_zones(const KeyProblem& problem, const Budget& budget) {
    const std::uint64_t bytes = problem.part.operations.size() * bytes_per_operation;
    if (bytes > budget.bytes) {
        return not_applicable(fmt::format("{} bytes are needed", bytes));
    }
    std::optional<ZoneInput> input = eras_of(problem);
    if (!input) {
        return not_applicable("operations of the model do not tell what they saw");
    }
    if (!input->not_applicable.empty()) {
        return not_applicable(std::move(input->not_applicable));
    }
    EngineResult result;
    result.spent = {problem.part.operations.size(), bytes};
    ZoneOrder order;
    order.conflict = std::move(input->conflict);
    if (order.conflict.empty()) {
        order = order_eras(*input);
    }
    if (!order.conflict.empty()) {
        result.verdict = Verdict::invalid;
        result.conflict = std::move(order.conflict);
        if (input->decisive != no_operation &&
            std::ranges::find(result.conflict, input->decisive) == result.conflict.end()) {
            result.conflict.push_back(input->decisive);
        }
        std::ranges::sort(result.conflict);
        return result;
    }
    if (!order.floats_fit) {
        return not_applicable(
            "a cas that did not apply fits nowhere into the order that was found");
    }
    if (const auto wrong = replay(problem, order.witness)) {
        return not_applicable(
            input->fragile ? fmt::format("the order that was found does not hold: {}", *wrong)
                           : fmt::format("{}: {}", zones_disagree, *wrong));
    }
    result.verdict = Verdict::valid;
    result.witness = std::move(order.witness);
    return result;
}

}  // namespace squall::checker
