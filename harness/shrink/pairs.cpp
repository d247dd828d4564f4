#include "harness/shrink/pairs.hpp"

#include <numeric>
#include <utility>

#include "harness/shrink/plan_edits.hpp"

namespace squall::harness::shrink {
namespace {

/// Of things; their pairs are tried one by one.
constexpr std::size_t things_max = 20;

std::vector<std::size_t> all_but(std::size_t count, std::size_t i, std::size_t j) {
    std::vector<std::size_t> kept(count);
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    std::erase_if(kept, [=](std::size_t each) { return each == i || each == j; });
    return kept;
}

using Count = std::size_t (*)(const Plan&);
using Keep = Plan (*)(const Plan&, std::span<const std::size_t>);

std::unique_ptr<Pass> without_two(const Plan& plan, Count count_of, Keep keep) {
    const std::size_t most = count_of(plan);
    std::vector<Trial> all;
    for (std::size_t i = 0; most <= things_max && i < most; ++i) {
        for (std::size_t j = i + 1; j < most; ++j) {
            all.emplace_back([=](const Plan& best) -> std::optional<Plan> {
                const std::size_t count = count_of(best);
                return j < count ? std::optional(keep(best, all_but(count, i, j))) : std::nullopt;
            });
        }
    }
    return trials(std::move(all), Repeat::yes);
}

}  // namespace

std::unique_ptr<Pass> without_two_faults(const Plan& plan) {
    return without_two(
        plan, [](const Plan& each) { return each.faults.size(); }, with_faults);
}

std::unique_ptr<Pass> without_two_operations(const Plan& plan) {
    return plan.operations ? without_two(
                                 plan,
                                 [](const Plan& each) { return each.operations->size(); },
                                 with_operations)
                           : trials({}, Repeat::no);
}

}  // namespace squall::harness::shrink
