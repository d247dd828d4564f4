#include "checker/election.hpp"

#include <map>

#include <fmt/format.h>

namespace squall::checker {

namespace {

using history::Operation;
using history::Value;

struct Claim {
    Value leader;
    const Operation* operation = nullptr;
};

std::string in_words(const Claim& claim) {
    return fmt::format("n{} named {} to client {} (event {})",
                       claim.operation->node,
                       history::to_text(claim.leader),
                       claim.operation->client,
                       claim.operation->completed);
}

}  // namespace

Check election_check(std::span<const Operation> operations) {
    Check check;
    check.name = "one-leader-per-term";
    check.detector = "election";
    std::map<Value, Claim> leader_of;
    for (const Operation& operation : operations) {
        if (operation.function != "leader" || operation.outcome != history::Outcome::ok) {
            continue;
        }
        const Value::List* answer = operation.result.as_list();
        if (answer == nullptr || answer->size() != 2) {
            check.verdict = Verdict::unknown;
            check.reason = fmt::format("an answer is not [leader, term] but {}",
                                       history::to_text(operation.result));
            return check;
        }
        if (answer->front().is_null()) {
            continue;
        }
        const Claim claim{answer->front(), &operation};
        const auto [first, fresh] = leader_of.emplace(answer->back(), claim);
        if (!fresh && first->second.leader != claim.leader) {
            check.verdict = Verdict::invalid;
            check.reason = fmt::format("term {} has two leaders: {}, {}",
                                       history::to_text(answer->back()),
                                       in_words(first->second),
                                       in_words(claim));
            check.evidence = {first->second.operation->completed, operation.completed};
            return check;
        }
    }
    check.details.push_back(fmt::format("{} terms had a leader", leader_of.size()));
    return check;
}

}  // namespace squall::checker
