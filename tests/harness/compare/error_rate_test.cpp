// What the whole decider does, told of thousands of virtual comparisons with fixed seeds: how often
// it accuses a patch that is no worse, and whether it convicts one that is.
#include <gtest/gtest.h>

#include "harness/compare/decider.hpp"
#include "history/random.hpp"

namespace squall::harness::compare {
namespace {

constexpr std::uint64_t comparisons_drawn = 2000;

/// Of pairs: probabilities that base and patch fail.
struct Rates {
    double base = 0;
    double patch = 0;
};

struct Shares {
    double convicted = 0;
    double acquitted_of_more = 0;  ///< "fixes failures"
};

/// Both kinds of failure at these rates, independent of each other and of the other side. Decided
/// after every pair that counts, as a comparison is.
Shares played(const char* stream, const Rates& rates, std::uint64_t pairs) {
    const history::Stream draws(1, stream);
    Shares shares;
    for (std::uint64_t i = 0; i < comparisons_drawn; ++i) {
        Decider decider;
        // A check that the base has, too: only the test can tell.
        PairOutcome known;
        known.base.judged = known.patch.judged = true;
        known.base.safety = known.patch.safety = {"linearizable"};
        decider.add(known);
        for (std::uint64_t n = 0; n < pairs && !decider.settled(); ++n) {
            PairOutcome pair;
            pair.base.judged = pair.patch.judged = true;
            const auto fails = [&](std::uint64_t which, double rate) {
                return draws.unit(i, 4 * n + which) < rate;
            };
            if (fails(0, rates.base)) {
                pair.base.safety = {"linearizable"};
            }
            if (fails(1, rates.patch)) {
                pair.patch.safety = {"linearizable"};
            }
            if (fails(2, rates.base)) {
                pair.base.service = {"progress"};
            }
            if (fails(3, rates.patch)) {
                pair.patch.service = {"progress"};
            }
            decider.add(pair);
        }
        const Verdict verdict = decider.decision().verdict;
        shares.convicted += verdict == Verdict::introduces_failures ? 1.0 / comparisons_drawn : 0;
        shares.acquitted_of_more +=
            verdict == Verdict::fixes_failures ? 1.0 / comparisons_drawn : 0;
    }
    return shares;
}

TEST(ErrorRate, APatchThatIsNoWorseIsAccusedNoMoreOftenThanStated) {
    const Shares shares = played("no difference", {0.4, 0.4}, 120);

    EXPECT_LE(shares.convicted, 0.01);
    EXPECT_LE(shares.acquitted_of_more, 0.01);
}

TEST(ErrorRate, APatchThatFailsMoreOftenIsConvicted) {
    EXPECT_GE(played("worse", {0.1, 0.5}, 120).convicted, 0.99);
}

TEST(ErrorRate, ABetterPatchIsSaidToBeOneAndNeverAccused) {
    const Shares shares = played("better", {0.5, 0.1}, 120);

    EXPECT_EQ(shares.convicted, 0);
    EXPECT_GE(shares.acquitted_of_more, 0.99);
}

}  // namespace
}  // namespace squall::harness::compare
