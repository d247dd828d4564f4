#include "harness/scorecard.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

namespace squall::harness {

namespace {

/// The detector that sees nothing but what clients saw.
constexpr const char* histories = "linearizability";
constexpr double half = 0.5;

template <typename Value>
std::optional<Value> quantile(std::vector<Value> values, std::size_t of, double share) {
    std::ranges::sort(values);
    const auto wanted = static_cast<std::size_t>(
        std::ceil(share * static_cast<double>(std::max<std::size_t>(of, 1))));
    return wanted == 0 || values.size() < wanted ? std::nullopt
                                                 : std::optional<Value>(values[wanted - 1]);
}

template <typename Property>
auto of_convictions(const BugScore& score, double share, Property property) {
    std::vector<std::decay_t<std::invoke_result_t<Property, const Conviction&>>> values;
    for (const auto& conviction : score.tries) {
        if (conviction) {
            values.push_back(std::invoke(property, *conviction));
        }
    }
    return quantile(std::move(values), score.tries.size(), share);
}

std::optional<std::uint64_t> median(std::vector<std::uint64_t> values) {
    const std::size_t count = values.size();
    return quantile(std::move(values), count, half);
}

void add_shrunk(const BugScore& bug, Totals& sum) {
    for (const auto& conviction : bug.tries) {
        if (conviction && conviction->shrunk) {
            const ShrunkRun& run = *conviction->shrunk;
            ++sum.shrunk;
            sum.shrunk_that_fail += run.again > 0 && run.failed_again == run.again ? 1U : 0U;
        }
    }
}

std::string or_none(const std::optional<std::uint64_t>& number) {
    return number ? std::to_string(*number) : "none";
}

Bar at_most(const char* what, const std::optional<std::uint64_t>& value, std::uint64_t most) {
    return {what, fmt::format("at most {}", most), or_none(value), value && *value <= most};
}

Bar at_least(const char* what, std::uint64_t value, std::uint64_t least, std::uint64_t of) {
    return {what,
            fmt::format("at least {}", least),
            fmt::format("{} of {}", value, of),
            value >= least};
}

}  // namespace

bool BugScore::convicted() const {
    return !tries.empty() &&
           std::ranges::all_of(tries, [](const auto& each) { return each.has_value(); });
}

std::optional<std::uint64_t> seeds_quantile(const BugScore& score, double share) {
    return of_convictions(score, share, &Conviction::seeds);
}

std::optional<double> seconds_quantile(const BugScore& score, double share) {
    return of_convictions(score, share, &Conviction::seconds);
}

std::optional<ShrunkSizes> shrunk_sizes(const BugScore& score) {
    const auto middle = [&](std::uint64_t ShrunkRun::*size) {
        std::vector<std::uint64_t> sizes;
        for (const auto& conviction : score.tries) {
            if (conviction && conviction->shrunk) {
                sizes.push_back((*conviction->shrunk).*size);
            }
        }
        return median(std::move(sizes));
    };
    const auto faults = middle(&ShrunkRun::faults);
    if (!faults) {
        return std::nullopt;
    }
    return ShrunkSizes{.faults_before = *middle(&ShrunkRun::faults_before),
                       .operations_before = *middle(&ShrunkRun::operations_before),
                       .faults = *faults,
                       .operations = *middle(&ShrunkRun::operations)};
}

Totals totals(const Scorecard& card) {
    constexpr auto worst = std::numeric_limits<std::uint64_t>::max();
    Totals sum;
    std::vector<std::uint64_t> seeds;
    std::vector<std::uint64_t> faults;
    std::vector<std::uint64_t> operations;
    for (const BugScore& bug : card.bugs) {
        sum.void_runs += bug.void_runs;
        add_shrunk(bug, sum);
        if (!bug.counts) {
            continue;
        }
        ++sum.bugs;
        sum.convicted += bug.convicted() ? 1U : 0U;
        sum.tries += bug.tries.size();
        for (const auto& conviction : bug.tries) {
            sum.tries_convicted += conviction ? 1U : 0U;
            sum.most_seeds = std::max(sum.most_seeds, conviction ? conviction->seeds : 0);
        }
        seeds.push_back(seeds_quantile(bug, half).value_or(worst));
        if (const auto sizes = shrunk_sizes(bug)) {
            faults.push_back(sizes->faults);
            operations.push_back(sizes->operations);
        }
        const auto alone = bug.alone.find(histories);
        sum.tried_alone = sum.tried_alone || bug.alone_seeds > 0;
        sum.by_histories_alone += alone != bug.alone.end() && alone->second ? 1U : 0U;
    }
    sum.median_seeds = median(std::move(seeds));
    if (sum.median_seeds == worst) {
        sum.median_seeds.reset();
    }
    sum.median_faults = median(std::move(faults));
    sum.median_operations = median(std::move(operations));
    return sum;
}

std::vector<Bar> bars(const Scorecard& card) {
    constexpr std::uint64_t bugs = 30;
    constexpr std::uint64_t bugs_on_processes = 20;
    constexpr std::uint64_t bugs_by_histories = 12;
    constexpr std::uint64_t seeds_median = 200;
    constexpr std::uint64_t seeds_most = 2000;
    constexpr std::uint64_t faults = 4;
    constexpr std::uint64_t operations = 10;
    const Totals sum = totals(card);
    if (card.tier != "sim") {
        return {at_least("convicted in each try", sum.convicted, bugs_on_processes, sum.bugs)};
    }
    std::vector<Bar> all{
        at_least("convicted in each try", sum.convicted, bugs, sum.bugs),
        at_most("seeds to a conviction, median of the bugs", sum.median_seeds, seeds_median),
        at_most("seeds to a conviction, worst try", sum.most_seeds, seeds_most)};
    if (sum.tried_alone) {
        all.push_back(at_least("convicted by client histories alone, assertions off",
                               sum.by_histories_alone,
                               bugs_by_histories,
                               sum.bugs));
    }
    if (sum.shrunk > 0) {
        all.push_back(
            at_most("faults after shrinking, median of the bugs", sum.median_faults, faults));
        all.push_back(at_most(
            "operations after shrinking, median of the bugs", sum.median_operations, operations));
        all.push_back({"shrunk plans that fail again, every time",
                       "all",
                       fmt::format("{} of {}", sum.shrunk_that_fail, sum.shrunk),
                       sum.shrunk_that_fail == sum.shrunk});
    }
    return all;
}

}  // namespace squall::harness
