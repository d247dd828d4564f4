// What delta debugging leaves, against predicates of all kinds.
#include "harness/shrink/ddmin.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "history/random.hpp"

namespace squall::harness::shrink {
namespace {

using Positions = std::vector<std::size_t>;
using Fails = std::function<bool(const Positions&)>;

struct Minimised {
    Positions kept;
    std::size_t tries = 0;
};

Minimised minimise(std::size_t count, const Fails& fails) {
    Ddmin ddmin(count);
    Minimised result;
    while (const auto candidate = ddmin.next()) {
        ++result.tries;
        ddmin.verdict(fails(*candidate));
    }
    result.kept = ddmin.kept();
    return result;
}

/// Fails when all of `needed` are there.
Fails needs(const std::set<std::size_t>& needed) {
    return [needed](const Positions& there) { return std::ranges::includes(there, needed); };
}

/// Some of the positions below `count`.
rc::Gen<std::set<std::size_t>> some_of(std::size_t count) {
    return rc::gen::map(
        rc::gen::container<Positions>(rc::gen::inRange<std::size_t>(0, count)),
        [](const Positions& list) { return std::set<std::size_t>(list.begin(), list.end()); });
}

/// How many tries an honest minimiser may take at most: every sweep over all entries, and another
/// one for every entry that goes.
std::size_t tries_max(std::size_t count) {
    return (count + 3) * (count + 3);
}

RC_GTEST_PROP(Ddmin, LeavesExactlyWhatIsNeeded, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 200);
    const auto needed = *some_of(count);

    const Minimised result = minimise(count, needs(needed));

    RC_ASSERT(result.kept == Positions(needed.begin(), needed.end()));
    RC_ASSERT(result.tries <= tries_max(count));
}

RC_GTEST_PROP(Ddmin, IsOneMinimalForAnyMonotonePredicate, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 60);
    // Any monotone predicate is: one of some sets is there. The whole list holds one of them.
    auto sets = *rc::gen::container<std::vector<std::set<std::size_t>>>(some_of(count));
    sets.push_back({count - 1});
    const Fails fails = [&](const Positions& there) {
        return std::ranges::any_of(
            sets, [&](const auto& needed) { return std::ranges::includes(there, needed); });
    };

    const Minimised result = minimise(count, fails);

    RC_ASSERT(fails(result.kept));
    for (const std::size_t entry : result.kept) {
        Positions without = result.kept;
        std::erase(without, entry);
        RC_ASSERT(!fails(without));
    }
    RC_ASSERT(result.tries <= tries_max(count));
}

RC_GTEST_PROP(Ddmin, StillFailsForAnyPredicateAtAll, (std::uint64_t seed)) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 60);
    const history::Stream chance(seed, "predicate");
    const Fails fails = [&](const Positions& there) {
        std::uint64_t hash = 0;
        for (const std::size_t entry : there) {
            hash = history::mix(hash ^ (entry + 1));
        }
        return there.size() == count || chance.below(3, hash, 0) == 0;
    };

    const Minimised result = minimise(count, fails);

    RC_ASSERT(fails(result.kept));
    RC_ASSERT(result.tries <= tries_max(count));
}

TEST(Ddmin, TakesAboutAsManyTriesAsItsTheorySays) {
    // One entry in n: two halves at each of log n levels, and the empty list first.
    EXPECT_LE(minimise(4096, needs({1234})).tries, 30U);
    // k of n: each is found by itself.
    EXPECT_LE(minimise(4096, needs({7, 1000, 2222, 4000})).tries, 150U);
}

TEST(Ddmin, NeedsOneTryWhenNothingMatters) {
    const Minimised result = minimise(1000, [](const Positions&) { return true; });

    EXPECT_TRUE(result.kept.empty());
    EXPECT_EQ(result.tries, 1U);
}

TEST(Ddmin, HasNothingToDoWithNothing) {
    EXPECT_FALSE(Ddmin(0).next());
}

}  // namespace
}  // namespace squall::harness::shrink
