#include <gtest/gtest.h>

#include "checker/trace.hpp"
#include "tests/checker/support/traced_cluster.hpp"

namespace squall::checker {
namespace {

TEST(TraceChecker, IsUnknownAboutWhatItNeverSaw) {
    const TraceChecker checker;

    for (const Check& check : checker.results()) {
        if (check.name == "exactly-once" || check.name == "bounded-resources") {
            EXPECT_EQ(check.verdict, Verdict::valid) << "a node need not tell of it";
            EXPECT_FALSE(check.details.empty());
            continue;
        }
        EXPECT_EQ(check.verdict, Verdict::unknown) << check.name;
        EXPECT_FALSE(check.reason.empty());
    }
    EXPECT_EQ(checker.results().size(), 12U);
}

TEST(TraceChecker, AcceptsAnOrdinaryTermOfThreeNodes) {
    TracedCluster cluster;
    for (const NodeId node : {1U, 2U, 3U}) {
        cluster.start(node).add(node, TraceHardState{1, 1});
    }
    cluster.add(1, TraceRole{"candidate", 1, 0}).add(1, leads(1, 1));
    for (const NodeId node : {1U, 2U, 3U}) {
        cluster.add(node, TraceAppend{1, {1, 1}}).add(node, TraceDurable{1, 2});
    }
    cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}})
        .add(2, TraceCommit{2, 1, {}})
        .add(1, TraceApply{1, {1, 1}, {10, 20}})
        .add(2, TraceApply{1, {1, 1}, {10, 20}})
        .add(1, TraceSnapshot{false, 1, 2, 20});

    EXPECT_EQ(cluster.violated(), "");
    for (const char* name : {"election-safety",
                             "vote-once",
                             "durable-hard-state",
                             "log-matching",
                             "commit-certificate",
                             "applied-hash",
                             "monotone-commit-and-applied",
                             "leader-append-only",
                             "leader-completeness",
                             "term-growth"}) {
        EXPECT_EQ(cluster.check(name).verdict, Verdict::valid) << name;
    }
}

TEST(ElectionSafety, TwoLeadersOfOneTermAreFound) {
    TracedCluster cluster;
    cluster.start(1).start(2).add(1, leads(4, 1)).add(2, leads(4, 2));

    EXPECT_EQ(cluster.violated(), "election-safety");
    EXPECT_EQ(cluster.check("election-safety").reason,
              "Election Safety (§5.2): n1 and n2 both led term 4, against n1 life 1 event 1 "
              "(n2 life 1 event 1)");
}

TEST(ElectionSafety, AFollowerOfAnotherLeaderIsFound) {
    TracedCluster cluster;
    cluster.start(1).start(2).start(3).add(1, leads(4, 1)).add(2, TraceRole{"follower", 4, 3});

    EXPECT_EQ(cluster.violated(), "election-safety");
    EXPECT_EQ(
        cluster.check("election-safety").reason,
        "Election Safety (§5.2): n1 and n3 (as n2 believed) both led term 4, against n1 life 1 "
        "event 1 (n2 life 1 event 1)");
}

TEST(ElectionSafety, FollowersOfTheLeaderOrOfNobodyAreLegal) {
    TracedCluster cluster;
    cluster.start(1).start(2).start(3).add(2, TraceRole{"follower", 4, 1}).add(1, leads(4, 1));
    cluster.add(3, TraceRole{"follower", 4, 0}).add(3, TraceRole{"follower", 4, 1});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LeaderAppendOnly, ALeaderThatReplacesItsOwnEntriesIsFound) {
    TracedCluster cluster;
    cluster.start(1).add(1, leads(4, 1)).add(1, TraceAppend{1, {4, 4}}).add(1, TraceAppend{2, {4}});

    EXPECT_EQ(cluster.violated(), "leader-append-only");
}

TEST(LeaderAppendOnly, AFollowerMayReplaceEntries) {
    TracedCluster cluster;
    cluster.start(1).add(1, leads(4, 1)).add(1, TraceAppend{1, {4, 4}});
    cluster.add(1, TraceRole{"follower", 5, 2}).add(1, TraceAppend{2, {5}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(ElectionSafety, LeadersOfDifferentTermsAtOnceAreLegal) {
    TracedCluster cluster;
    cluster.start(1).start(2).add(1, leads(4, 1)).add(2, leads(5, 2)).add(1, leads(4, 1));

    EXPECT_EQ(cluster.violated(), "");
}

TEST(VoteOnce, TwoVotesOfOneNodeInOneTermAreFoundAcrossARestart) {
    TracedCluster cluster;
    // It comes back with the term but without the vote, and votes again.
    cluster.start(3)
        .add(3, TraceHardState{2, 1})
        .start(3, {.term = 2})
        .add(3, TraceHardState{2, 2});

    EXPECT_EQ(cluster.violated(), "vote-once durable-hard-state");
    EXPECT_NE(cluster.check("vote-once").reason.find("n3 voted for n1 and for n2 in term 2"),
              std::string::npos);
}

TEST(VoteOnce, VotesOfDifferentTermsAndNodesAreLegal) {
    TracedCluster cluster;
    cluster.start(1)
        .start(3)
        .add(3, TraceHardState{2, 1})
        .add(1, TraceHardState{2, 2})
        .add(3, TraceHardState{3, 2})
        .start(3, {.term = 3, .vote = 2});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(DurableHardState, ATermLostInARestartIsFound) {
    TracedCluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 0}).start(2, {.term = 5});

    EXPECT_EQ(cluster.violated(), "durable-hard-state");
    EXPECT_NE(cluster.check("durable-hard-state")
                  .reason.find("n2 recovered term 5 after term 7 had been durable"),
              std::string::npos);
}

TEST(DurableHardState, AVoteForgottenWithinALifeIsFound) {
    TracedCluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 1}).add(2, TraceHardState{7, 0});

    EXPECT_EQ(cluster.violated(), "durable-hard-state");
}

TEST(DurableHardState, RecoveringMoreThanWasTracedIsLegal) {
    // The node was killed before it could trace its last write.
    TracedCluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 1}).start(2, {.term = 8, .vote = 3});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, OneEntryWithTwoPredecessorsIsFound) {
    TracedCluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, TraceAppend{1, {1, 1, 3}}).add(2, TraceAppend{1, {1, 2}});
    EXPECT_EQ(cluster.violated(), "");

    cluster.add(2, TraceAppend{3, {3}});

    EXPECT_EQ(cluster.violated(), "log-matching");
}

TEST(LogMatching, ATruncatedTailIsForgotten) {
    TracedCluster cluster;
    cluster.start(1).start(2);

    cluster.add(2, TraceAppend{1, {1, 2, 2}})
        .add(1, TraceAppend{1, {1, 3, 3}})
        .add(2, TraceAppend{2, {3, 3}})
        .add(2, TraceAppend{4, {3}})
        .add(1, TraceAppend{4, {3}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, AnUntracedStretchOfTheLogIsNotGuessedAt) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 2, 2}});
    // Recovered up to 4; the leader replaces 3 and 4, whose predecessor's term is not known here.
    cluster.start(2, {.term = 3, .last_term = 2, .last_index = 4})
        .add(2, TraceAppend{3, {3}})
        .add(1, TraceAppend{3, {3}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LeaderCompleteness, WhatWasAppendedBeforeTheSnapshotWasDurableIsStillThere) {
    TracedCluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, leads(3, 1))
        .add(1, TraceAppend{1, {3, 3, 3}})
        .add(1, TraceDurable{3, 3})
        .add(2, TraceAppend{3, {3}})
        .add(2, TraceDurable{3, 3})
        .add(2, TraceSnapshot{true, 3, 2, 77})
        .add(1, TraceCommit{3, 3, {{1, 3}, {2, 3}}})
        .add(2, leads(4, 2))
        .add(2, TraceAppend{4, {4}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, ALogReplacedByASnapshotBeforeItIsTracedIsNoAlarm) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 3, 3}});

    // Entry 3 of term 2 gives way to a snapshot up to 3; that is traced only once it is durable.
    cluster.start(2)
        .add(2, TraceAppend{1, {1, 1, 2}})
        .add(2, TraceCommit{3, 3, {}})
        .add(2, TraceAppend{4, {3}})
        .add(2, TraceSnapshot{true, 3, 3, 77})
        .add(2, TraceCommit{4, 3, {}})
        .add(2, TraceAppend{5, {3}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, WhatWasDoubtfulIsJudgedWhenItsPredecessorIsApplied) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 3}});
    cluster.start(2)
        .add(2, TraceAppend{1, {1, 2}})
        .add(2, TraceCommit{2, 3, {}})
        .add(2, TraceAppend{3, {3}});
    EXPECT_EQ(cluster.violated(), "");

    cluster.add(2, TraceApply{1, {1, 2}, {10, 20}});

    EXPECT_EQ(cluster.violated(), "log-matching");
}

}  // namespace
}  // namespace squall::checker
