#include <gtest/gtest.h>

#include "checker/trace.hpp"
#include "tests/checker/support/traced_cluster.hpp"

namespace squall::checker {
namespace {

TEST(CommitCertificate, ACommitWithoutAMajorityIsFound) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1}});

    cluster.add(1, TraceCommit{1, 1, {{1, 1}, {2, 0}, {3, 0}}});

    EXPECT_EQ(cluster.violated(), "commit-certificate");
}

TEST(CommitCertificate, TwoEntriesCommittedAtOneIndexAreFoundInAnyOrder) {
    for (const bool leader_first : {true, false}) {
        TracedCluster cluster;
        cluster.start(1).add(1, TraceAppend{1, {1, 1}}).start(2).add(2, TraceAppend{1, {1, 2}});
        const auto one = [&] { cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}}); };
        const auto two = [&] { cluster.add(2, TraceApply{1, {1, 2}, {10, 20}}); };

        leader_first ? one() : two();
        EXPECT_EQ(cluster.violated(), "");
        leader_first ? two() : one();

        EXPECT_EQ(cluster.violated(), "commit-certificate");
    }
}

/// n1 leads term 3 with two entries of term 1 before its own; n2 and n3 hold so much of them.
TracedCluster leads_with_old_entries(std::uint64_t index, std::uint64_t held) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 3}});
    cluster.add(1, TraceCommit{index, 3, {{1, 3}, {2, held}, {3, held}}});
    return cluster;
}

TEST(CommitCertificate, EntriesOfEarlierTermsThatCommitByCountingAreFound) {
    EXPECT_EQ(leads_with_old_entries(2, 2).violated(), "commit-certificate");
    EXPECT_EQ(leads_with_old_entries(1, 2).check("commit-certificate").reason,
              "Commitment by a durable majority (§5.3, §5.4): n1 committed index 1 in term 3, "
              "though of that term a majority was not known to hold anything, only up to index 2 "
              "of term 1 (§5.4.2: entries of earlier terms do not commit by counting) (n1 life 1 "
              "event 2)");
}

TEST(CommitCertificate, EntriesOfEarlierTermsCommitWithOneOfTheLeaders) {
    EXPECT_EQ(leads_with_old_entries(3, 3).violated(), "");
    EXPECT_EQ(leads_with_old_entries(1, 3).violated(), "") << "told one by one";
}

TEST(CommitCertificate, OfALogThatIsNotToldTermsAreNotJudged) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceCommit{2, 3, {{1, 2}, {2, 2}, {3, 0}}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(MonotoneCommitAndApplied, GoingBackWithinALifeIsFound) {
    TracedCluster commit;
    commit.start(1).add(1, TraceCommit{5, 1, {}}).add(1, TraceCommit{4, 1, {}});
    EXPECT_EQ(commit.violated(), "monotone-commit-and-applied");

    TracedCluster apply;
    apply.start(1).add(1, TraceApply{1, {1, 1}, {10, 20}}).add(1, TraceApply{2, {1}, {20}});
    EXPECT_EQ(apply.violated(), "monotone-commit-and-applied");

    TracedCluster snapshot;
    snapshot.start(1).add(1, TraceApply{1, {1, 1}, {10, 20}}).add(1, TraceSnapshot{true, 1, 1, 10});
    EXPECT_EQ(snapshot.violated(), "monotone-commit-and-applied");
}

TEST(MonotoneCommitAndApplied, BeginsAgainWithEachLife) {
    TracedCluster cluster;
    cluster.start(1)
        .add(1, TraceCommit{5, 1, {}})
        .start(1, {.term = 1, .last_term = 1, .last_index = 5})
        .add(1, TraceCommit{3, 1, {}});

    EXPECT_EQ(cluster.violated(), "");
}

/// A leader of three that holds `mine` entries and commits them with what it knows of the others.
TracedCluster leader_commits(TraceOrder order, std::uint64_t of_n2) {
    TracedCluster cluster(order);
    cluster.start(1).start(2).start(3).add(1, leads(1, 1));
    cluster.add(1, TraceAppend{1, {1, 1}}).add(1, TraceDurable{1, 2});
    cluster.add(2, TraceAppend{1, {1, 1}}).add(2, TraceDurable{1, 1});
    cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, of_n2}, {3, 0}}});
    return cluster;
}

TEST(CommitCertificate, ALeaderThatCountsOnMoreThanANodeHoldsIsFound) {
    EXPECT_EQ(leader_commits(TraceOrder::real, 2).violated(), "commit-certificate");
    EXPECT_EQ(leader_commits(TraceOrder::per_node, 2).check("commit-certificate").reason,
              "Commitment by a durable majority (§5.3, §5.4): n1 counted on n2 for a durable log "
              "up to index 2, but that had told of 1 at most, against n2 life 1 event 2 (n1 life "
              "1 event 4)");
}

TEST(CommitCertificate, BetweenNodesFilesHaveNoOrder) {
    TracedCluster cluster = leader_commits(TraceOrder::per_node, 2);
    cluster.add(2, TraceDurable{1, 2});
    EXPECT_EQ(cluster.violated(), "");

    TracedCluster inline_fed = leader_commits(TraceOrder::real, 2);
    inline_fed.add(2, TraceDurable{1, 2});
    EXPECT_EQ(inline_fed.violated(), "commit-certificate");
}

TEST(CommitCertificate, WhatWasRecoveredOrInstalledIsDurable) {
    for (const bool installed : {true, false}) {
        TracedCluster cluster(TraceOrder::real);
        cluster.start(1).add(1, TraceAppend{1, {1, 1}}).add(1, TraceDurable{1, 2});
        cluster.start(2, {.term = 1, .last_term = 1, .last_index = installed ? 0U : 2U});
        if (installed) {
            cluster.add(2, TraceSnapshot{true, 1, 2, 20});
        }
        cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}});

        EXPECT_EQ(cluster.violated(), "") << installed;
    }
}

TEST(CommitCertificate, WhatAFollowerKnowsToBeCommittedItMayAcknowledge) {
    TracedCluster cluster(TraceOrder::real);
    cluster.start(1).add(1, TraceAppend{1, {1, 1}}).add(1, TraceDurable{1, 2});
    // A snapshot up to 2, replaced by a later one before its write ended.
    cluster.start(2).add(2, TraceCommit{2, 1, {}});
    cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(CommitCertificate, NodesThatDoNotTellWhatIsDurableAreNotHeldToIt) {
    TracedCluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1}}).start(2);
    cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}});

    EXPECT_EQ(cluster.violated(), "");
}

}  // namespace
}  // namespace squall::checker
