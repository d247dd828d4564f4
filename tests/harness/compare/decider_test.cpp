#include "harness/compare/decider.hpp"

#include <gtest/gtest.h>

namespace squall::harness::compare {
namespace {

PairOutcome valid_pair(PairTier tier = PairTier::simulator) {
    PairOutcome pair;
    pair.tier = tier;
    pair.profile = "general";
    pair.base.judged = pair.patch.judged = true;
    return pair;
}

PairOutcome safety_failure(PairTier tier = PairTier::simulator) {
    PairOutcome pair = valid_pair(tier);
    pair.patch.safety = {"linearizable"};
    return pair;
}

PairOutcome service_failure(bool patch) {
    PairOutcome pair = valid_pair();
    (patch ? pair.patch : pair.base).service = {"progress"};
    return pair;
}

Confirmation confirmed() {
    return {.check = "linearizable",
            .patch_again = 1,
            .patch_runs = 1,
            .base_failed = 0,
            .base_runs = 21,
            .around_failed = 7,
            .around_runs = 20};
}

Decider after(std::uint64_t pairs) {
    Decider decider;
    for (std::uint64_t i = 0; i < pairs; ++i) {
        decider.add(valid_pair());
    }
    return decider;
}

TEST(Decider, FindsNoDifferenceBetweenValidSides) {
    const Decider decider = after(500);

    EXPECT_FALSE(decider.settled());
    EXPECT_EQ(decider.decision().verdict, Verdict::no_difference);
    EXPECT_NEAR(*decider.sight(PairTier::simulator).safety, 0.006, 0.0002);
}

TEST(Decider, CannotTellFromAFewPairs) {
    EXPECT_EQ(after(10).decision().verdict, Verdict::could_not_tell);
}

TEST(Decider, SaysWhyPairsCouldNotBeJudged) {
    Decider decider;
    PairOutcome pair = valid_pair(PairTier::processes);
    pair.patch.judged = false;
    pair.patch.problem = "void: it did not start";
    for (int i = 0; i < 5; ++i) {
        decider.add(pair);
    }

    const Decision decision = decider.decision();

    EXPECT_EQ(decision.verdict, Verdict::could_not_tell);
    ASSERT_EQ(decision.reasons.size(), 2U);
    EXPECT_NE(decision.reasons[0].find("5 could not"), std::string::npos) << decision.reasons[0];
    EXPECT_NE(decision.reasons[1].find("patch's first run"), std::string::npos);
    EXPECT_NE(decision.reasons[1].find("void: it did not start"), std::string::npos);
}

TEST(Decider, OneSafetyFailureThatComesAgainIsAProof) {
    Decider decider = after(10);
    const PairOutcome pair = safety_failure();
    decider.add(pair);
    ASSERT_EQ(decider.suspicious(pair), "linearizable");

    decider.add(confirmed());

    EXPECT_TRUE(decider.settled());
    EXPECT_EQ(decider.decision().verdict, Verdict::introduces_failures);
    EXPECT_EQ(exit_code(decider.decision().verdict), 1);
    EXPECT_FALSE(decider.suspicious(pair));
}

TEST(Decider, WhatTheBaseFailsAroundThePlanIsNotThePatchs) {
    Decider decider = after(500);
    decider.add(safety_failure());
    Confirmation confirmation = confirmed();
    confirmation.base_failed = 1;

    decider.add(confirmation);

    EXPECT_FALSE(decider.settled());
    EXPECT_EQ(decider.decision().verdict, Verdict::no_difference);
}

TEST(Decider, WhatTheBaseFailsElsewhereIsNotThePatchsAlone) {
    Decider decider = after(500);
    PairOutcome base_fails = valid_pair();
    base_fails.base.safety = {"linearizable"};
    decider.add(base_fails);
    const PairOutcome pair = safety_failure();
    decider.add(pair);

    EXPECT_FALSE(decider.suspicious(pair));
    EXPECT_NE(decider.decision().verdict, Verdict::introduces_failures);
}

TEST(Decider, ASafetyFailureThatDoesNotComeAgainLeavesADoubt) {
    Decider decider = after(500);
    decider.add(safety_failure(PairTier::processes));
    Confirmation confirmation = confirmed();
    confirmation.tier = PairTier::processes;
    confirmation.patch_again = 0;

    decider.add(confirmation);

    EXPECT_FALSE(decider.settled());
    EXPECT_EQ(decider.decision().verdict, Verdict::could_not_tell);
}

TEST(Decider, ServiceFailuresAreJudgedByTheTestAlone) {
    Decider decider = after(500);
    decider.add(service_failure(true));
    EXPECT_EQ(decider.decision().verdict, Verdict::no_difference);

    for (int i = 1; i < 6; ++i) {
        decider.add(service_failure(true));
    }
    EXPECT_EQ(decider.decision().verdict, Verdict::no_difference);
    decider.add(service_failure(true));
    EXPECT_EQ(decider.decision().verdict, Verdict::could_not_tell);

    for (int i = 0; i < 6; ++i) {
        decider.add(service_failure(true));
    }
    EXPECT_EQ(decider.decision().verdict, Verdict::introduces_failures);
}

TEST(Decider, AsManyOnBothSidesAreNobodys) {
    Decider decider = after(500);
    for (int i = 0; i < 100; ++i) {
        decider.add(service_failure(i % 2 == 0));
    }

    EXPECT_EQ(decider.decision().verdict, Verdict::no_difference);
}

TEST(Decider, FewerFailuresThanTheBaseAreAFix) {
    Decider decider = after(500);
    for (int i = 0; i < 15; ++i) {
        decider.add(service_failure(false));
    }

    EXPECT_FALSE(decider.settled());
    EXPECT_EQ(decider.decision().verdict, Verdict::fixes_failures);
    EXPECT_EQ(exit_code(decider.decision().verdict), 0);
}

TEST(Decider, AFixThatBreaksSomethingElseIsNoFix) {
    Decider decider = after(500);
    for (int i = 0; i < 15; ++i) {
        decider.add(service_failure(false));
    }
    decider.add(safety_failure());
    decider.add(confirmed());

    EXPECT_EQ(decider.decision().verdict, Verdict::introduces_failures);
}

TEST(Decider, NothingFoundInAComparisonThatWasCutShortSaysNothing) {
    Decider decider = after(500);
    EXPECT_EQ(decider.decision("interrupted").verdict, Verdict::could_not_tell);
    EXPECT_EQ(decider.decision("interrupted").reasons.front(), "interrupted");

    // What was found till then stands.
    for (int i = 0; i < 15; ++i) {
        decider.add(service_failure(false));
    }
    EXPECT_EQ(decider.decision("interrupted").verdict, Verdict::fixes_failures);
    decider.add(safety_failure());
    decider.add(confirmed());
    EXPECT_EQ(decider.decision("interrupted").verdict, Verdict::introduces_failures);
}

TEST(Decider, PairsThatCannotBeJudgedCountForNobody) {
    Decider decider = after(500);
    PairOutcome pair = valid_pair();
    pair.patch.judged = false;
    decider.add(pair);

    EXPECT_EQ(decider.total().pairs, 500U);
    EXPECT_EQ(decider.total().undecided, 1U);
}

TEST(PairOutcome, TimeBoundsAreServiceAndTheRestIsSafety) {
    EXPECT_EQ(kind_of("progress"), FindingKind::service);
    EXPECT_EQ(kind_of("availability"), FindingKind::service);
    EXPECT_EQ(kind_of("convergence"), FindingKind::service);
    EXPECT_EQ(kind_of("term-growth"), FindingKind::service);
    EXPECT_EQ(kind_of("linearizable"), FindingKind::safety);
    EXPECT_EQ(kind_of("no-crash"), FindingKind::safety);
    EXPECT_EQ(kind_of("election-safety"), FindingKind::safety);
}

TEST(PairOutcome, AVoidSimulationHasNotEnded) {
    Results results;
    results.command = "sim";
    results.verdict = RunVerdict::void_run;
    EXPECT_EQ(outcome_of(results).service, std::vector<std::string>{never_ended});
    EXPECT_TRUE(outcome_of(results).judged);

    results.command = "run";
    EXPECT_FALSE(outcome_of(results).judged);
}

}  // namespace
}  // namespace squall::harness::compare
