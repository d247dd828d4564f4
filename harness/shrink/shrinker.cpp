#include "harness/shrink/shrinker.hpp"

#include <algorithm>
#include <utility>

#include "harness/shrink/fault_joins.hpp"
#include "harness/shrink/pairs.hpp"
#include "harness/shrink/plan_edits.hpp"
#include "harness/shrink/redrawn.hpp"

namespace squall::harness::shrink {
namespace {

/// A round repeats what an earlier one made possible; later ones hardly find anything.
constexpr std::size_t rounds_max = 4;
/// The violation is seen when the last of its operations is over.
constexpr Duration after_violation = std::chrono::milliseconds(1);

/// The plan with what really happened instead of what is drawn and generated: then every entry can
/// be changed by itself. What hits the leader goes on to do so, whoever that will be.
Plan listed(const ObservedRun& run) {
    Plan plan = run.plan;
    plan.operations = run.operations;
    plan.deleted_operations.clear();
    plan.faults.clear();
    for (const nemesis::PlannedFault& real : run.faults) {
        const auto planned =
            std::ranges::find(run.plan.faults, real.id, &nemesis::PlannedFault::id);
        const bool keeps_role = planned != run.plan.faults.end() && planned->shape == "leader" &&
                                !planned->action && planned->nodes.empty();
        plan.faults.push_back(keeps_role ? *planned : real);
        plan.faults.back().at = real.at;
        plan.faults.back().duration = real.duration;
    }
    return plan;
}

std::unique_ptr<Pass> start(const ObservedRun& run) {
    const Plan all = listed(run);
    Plan only_operations = all;
    only_operations.faults = run.plan.faults;
    std::vector<Trial> starts;
    if (run.violation && *run.violation < run.plan.time_limit) {
        const Time limit = *run.violation + after_violation;
        starts.emplace_back([=](const Plan&) { return cut_at(all, limit); });
    }
    starts.emplace_back([all](const Plan&) { return all; });
    starts.emplace_back([only_operations](const Plan&) { return only_operations; });
    return first_that_works(std::move(starts));
}

}  // namespace

Shrinker::Shrinker(ObservedRun run, const ShrinkerOptions& options)
    : run_(std::move(run)), options_(options), accepted_{run_.plan}, pass_(start(run_)) {}

std::optional<Plan> Shrinker::next() {
    while (pass_ != nullptr && attempts_ < options_.attempts_max) {
        if (auto candidate = pass_->next(best())) {
            candidate_ = std::move(*candidate);
            return candidate_;
        }
        ++pass_number_;
        pass_ = round_ == 0 ? nullptr : make_pass();
        if (pass_ == nullptr && !begin_round()) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

bool Shrinker::begin_round() {
    const bool found = accepted_.size() > accepted_before_round_ || round_ == 0;
    // Another is worth it when this one found something.
    if (!found || round_ == rounds_max) {
        if (redraws_ || options_.redraws == 0) {
            return false;
        }
        redraws_ = true;
        round_ = 0;
    }
    ++round_;
    pass_number_ = 0;
    accepted_before_round_ = accepted_.size();
    pass_ = make_pass();
    return true;
}

void Shrinker::verdict(bool fails) {
    ++attempts_;
    if (fails) {
        accepted_.push_back(std::move(candidate_));
    }
    pass_->verdict(fails);
}

/// In an order that makes the runs of later candidates short.
std::unique_ptr<Pass> Shrinker::make_pass() const {
    if (redraws_) {
        return make_redrawn_pass();
    }
    const bool pairs = options_.redraws > 0;
    switch (pass_number_) {
        case 0:
            return shorter_run();
        case 1:
            return simpler_configuration();
        case 2:
            return fewer_operations(best(), Together::key);
        case 3:
            return fewer_faults(best());
        case 4:
            return fewer_operations(best(), Together::client);
        case 5:
            return fewer_operations(best(), Together::one);
        case 6:
            return fewer_faults(best());
        case 7:
            return pairs ? joined_faults(best()) : trials({}, Repeat::no);
        case 8:
            return fewer_nodes(best());
        case 9:
            return simpler_operations(best());
        case 10:
            return shorter_run();
        case 11:
            return shorter_gaps(best());
        case 12:
            return simpler_faults();
        case 13:
            return pairs ? without_two_faults(best()) : trials({}, Repeat::no);
        case 14:
            return pairs ? without_two_operations(best()) : trials({}, Repeat::no);
        default:
            return nullptr;
    }
}

/// What makes the numbers of faults, operations and nodes smaller, and the rest under the seed that
/// was found.
std::unique_ptr<Pass> Shrinker::make_redrawn_pass() const {
    const auto draw = [this](std::unique_ptr<Pass> pass) {
        return redrawn(std::move(pass), options_.redraws);
    };
    switch (pass_number_) {
        case 0:
            return draw(fewer_faults(best()));
        case 1:
            return draw(simpler_configuration());
        case 2:
            return draw(fewer_operations(best(), Together::client));
        case 3:
            return draw(fewer_operations(best(), Together::one));
        case 4:
            return draw(fewer_nodes(best()));
        case 5:
            return draw(joined_faults(best()));
        case 6:
            return shorter_run();
        case 7:
            return shorter_gaps(best());
        case 8:
            return simpler_faults();
        case 9:
            return simpler_operations(best());
        default:
            return nullptr;
    }
}

}  // namespace squall::harness::shrink
