#include "checker/trace_elections.hpp"

#include <gtest/gtest.h>

namespace squall::checker {
namespace {

TraceRecord by(NodeId node, std::uint64_t incarnation = 1) {
    TraceRecord record;
    record.node = node;
    record.incarnation = incarnation;
    return record;
}

LeaderCompleteness::TermAt all_of_term(std::uint64_t term) {
    return [term](std::uint64_t) { return std::optional(term); };
}

TEST(LeaderCompleteness, ALeaderWithoutACommittedEntryIsFound) {
    LeaderCompleteness completeness;
    completeness.committed(by(1), 3, 7, 3);
    completeness.elected(by(2), 4, 6, all_of_term(3));

    const Check check = completeness.invariant().check();
    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_EQ(check.reason,
              "Leader Completeness (§5.4): n2 leads term 4 without the entry 7 of term 3, which n1 "
              "committed in term 3, against n1 life 1 event 0 (n2 life 1 event 0)");
}

TEST(LeaderCompleteness, ALeaderWithAnotherEntryThereIsFound) {
    LeaderCompleteness completeness;
    completeness.committed(by(1), 3, 7, 3);
    completeness.elected(by(2), 4, 9, all_of_term(2));

    EXPECT_FALSE(completeness.invariant().holds());
}

TEST(LeaderCompleteness, TheCommitMayBeToldAfterTheElection) {
    LeaderCompleteness completeness;
    completeness.elected(by(2), 4, 6, all_of_term(3));
    completeness.committed(by(1), 3, 7, 3);

    EXPECT_FALSE(completeness.invariant().holds());
}

TEST(LeaderCompleteness, LeadersOfEarlierTermsOweNothing) {
    LeaderCompleteness completeness;
    completeness.elected(by(1), 3, 6, all_of_term(2));
    completeness.committed(by(1), 3, 9, 3);
    completeness.elected(by(2), 4, 9, all_of_term(3));
    // A deposed leader goes on to look at its log; its own term is what counts.
    completeness.elected(by(3), 2, 1, all_of_term(1));

    EXPECT_EQ(completeness.invariant().check().verdict, Verdict::valid);
}

TEST(LeaderCompleteness, WhatWasCompactedCannotBeCompared) {
    LeaderCompleteness completeness;
    completeness.committed(by(1), 3, 7, 3);
    completeness.elected(by(2), 4, 20, [](std::uint64_t) { return std::nullopt; });

    EXPECT_TRUE(completeness.invariant().holds());
}

/// `count` terms from `first` on, each given up for the next.
void campaign_alone(TermGrowth& growth, NodeId node, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t term = first; term < first + count; ++term) {
        growth.candidate(by(node), term);
        growth.durable(by(node), term);
    }
}

TEST(TermGrowth, ANodeThatCampaignsForItselfForEverIsFound) {
    TermGrowth growth;
    campaign_alone(growth, 2, 5, TermGrowth::lonely_terms_max + 2);

    const Check check = growth.invariant().check();
    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_EQ(check.reason,
              "Bounded term growth (dissertation §9.6): n2 began the terms 5 to 13 one after the "
              "other, and nobody else took part in any "
              "of them (n2 life 1 event 0)");
}

TEST(TermGrowth, AFewFailuresInARowAreChance) {
    TermGrowth growth;
    campaign_alone(growth, 2, 5, TermGrowth::lonely_terms_max + 1);

    EXPECT_EQ(growth.invariant().check().verdict, Verdict::valid);
}

TEST(TermGrowth, SplitVotesAreNoOffence) {
    TermGrowth growth;
    campaign_alone(growth, 1, 1, 50);
    campaign_alone(growth, 2, 1, 50);

    EXPECT_TRUE(growth.invariant().holds());
}

TEST(TermGrowth, ADiskThatHangsIsNoOffence) {
    TermGrowth growth;
    for (std::uint64_t term = 1; term < 50; ++term) {
        growth.candidate(by(1), term);
    }
    for (std::uint64_t term = 1; term < 50; ++term) {
        growth.durable(by(1), term);
    }

    EXPECT_TRUE(growth.invariant().holds());
}

TEST(TermGrowth, ARestartBeginsAnew) {
    TermGrowth growth;
    for (std::uint64_t term = 1; term < 50; ++term) {
        growth.candidate(by(1, term), term);
        growth.durable(by(1, term), term);
    }

    EXPECT_TRUE(growth.invariant().holds());
}

TEST(TermGrowth, IsUnknownWithoutCandidates) {
    EXPECT_EQ(TermGrowth().invariant().check().verdict, Verdict::unknown);
}

}  // namespace
}  // namespace squall::checker
