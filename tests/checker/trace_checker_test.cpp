#include <gtest/gtest.h>

#include "checker/trace.hpp"

namespace squall::checker {
namespace {

/// Feeds records and numbers them per node.
class Cluster {
  public:
    template <typename Body>
    Cluster& add(NodeId node, Body body) {
        TraceRecord record;
        record.node = node;
        record.incarnation = lives_[node];
        record.sequence = next_[node]++;
        record.body = std::move(body);
        checker_.add(record);
        return *this;
    }

    Cluster& start(NodeId node, TraceInit init = {}) {
        ++lives_[node];
        next_[node] = 0;
        return add(node, init);
    }

    [[nodiscard]] Check check(const std::string& name) const {
        for (const Check& candidate : checker_.results()) {
            if (candidate.name == name) {
                return candidate;
            }
        }
        return {};
    }

    /// Names of all invariants that are violated, joined.
    [[nodiscard]] std::string violated() const {
        std::string names;
        for (const Check& candidate : checker_.results()) {
            if (candidate.verdict == Verdict::invalid) {
                names += (names.empty() ? "" : " ") + candidate.name;
            }
        }
        return names;
    }

  private:
    TraceChecker checker_;
    std::map<NodeId, std::uint64_t> lives_;
    std::map<NodeId, std::uint64_t> next_;
};

TraceRole leads(std::uint64_t term, NodeId self) {
    return {"leader", term, self};
}

TEST(TraceChecker, IsUnknownAboutWhatItNeverSaw) {
    const TraceChecker checker;

    for (const Check& check : checker.results()) {
        EXPECT_EQ(check.verdict, Verdict::unknown) << check.name;
        EXPECT_FALSE(check.reason.empty());
    }
    EXPECT_EQ(checker.results().size(), 10U);
}

TEST(TraceChecker, AcceptsAnOrdinaryTermOfThreeNodes) {
    Cluster cluster;
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
    Cluster cluster;
    cluster.start(1).start(2).add(1, leads(4, 1)).add(2, leads(4, 2));

    EXPECT_EQ(cluster.violated(), "election-safety");
    EXPECT_EQ(cluster.check("election-safety").reason,
              "n1 and n2 both led term 4 (n2 life 1 event 1)");
}

TEST(ElectionSafety, AFollowerOfAnotherLeaderIsFound) {
    Cluster cluster;
    cluster.start(1).start(2).start(3).add(1, leads(4, 1)).add(2, TraceRole{"follower", 4, 3});

    EXPECT_EQ(cluster.violated(), "election-safety");
    EXPECT_EQ(cluster.check("election-safety").reason,
              "n1 and n3 (as n2 believed) both led term 4 (n2 life 1 event 1)");
}

TEST(ElectionSafety, FollowersOfTheLeaderOrOfNobodyAreLegal) {
    Cluster cluster;
    cluster.start(1).start(2).start(3).add(2, TraceRole{"follower", 4, 1}).add(1, leads(4, 1));
    cluster.add(3, TraceRole{"follower", 4, 0}).add(3, TraceRole{"follower", 4, 1});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LeaderAppendOnly, ALeaderThatReplacesItsOwnEntriesIsFound) {
    Cluster cluster;
    cluster.start(1).add(1, leads(4, 1)).add(1, TraceAppend{1, {4, 4}}).add(1, TraceAppend{2, {4}});

    EXPECT_EQ(cluster.violated(), "leader-append-only");
}

TEST(LeaderAppendOnly, AFollowerMayReplaceEntries) {
    Cluster cluster;
    cluster.start(1).add(1, leads(4, 1)).add(1, TraceAppend{1, {4, 4}});
    cluster.add(1, TraceRole{"follower", 5, 2}).add(1, TraceAppend{2, {5}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(ElectionSafety, LeadersOfDifferentTermsAtOnceAreLegal) {
    Cluster cluster;
    cluster.start(1).start(2).add(1, leads(4, 1)).add(2, leads(5, 2)).add(1, leads(4, 1));

    EXPECT_EQ(cluster.violated(), "");
}

TEST(VoteOnce, TwoVotesOfOneNodeInOneTermAreFoundAcrossARestart) {
    Cluster cluster;
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
    Cluster cluster;
    cluster.start(1)
        .start(3)
        .add(3, TraceHardState{2, 1})
        .add(1, TraceHardState{2, 2})
        .add(3, TraceHardState{3, 2})
        .start(3, {.term = 3, .vote = 2});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(DurableHardState, ATermLostInARestartIsFound) {
    Cluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 0}).start(2, {.term = 5});

    EXPECT_EQ(cluster.violated(), "durable-hard-state");
    EXPECT_NE(cluster.check("durable-hard-state")
                  .reason.find("n2 recovered term 5 after term 7 had been durable"),
              std::string::npos);
}

TEST(DurableHardState, AVoteForgottenWithinALifeIsFound) {
    Cluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 1}).add(2, TraceHardState{7, 0});

    EXPECT_EQ(cluster.violated(), "durable-hard-state");
}

TEST(DurableHardState, RecoveringMoreThanWasTracedIsLegal) {
    // The node was killed before it could trace its last write.
    Cluster cluster;
    cluster.start(2).add(2, TraceHardState{7, 1}).start(2, {.term = 8, .vote = 3});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, OneEntryWithTwoPredecessorsIsFound) {
    Cluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, TraceAppend{1, {1, 1, 3}}).add(2, TraceAppend{1, {1, 2}});
    EXPECT_EQ(cluster.violated(), "");

    cluster.add(2, TraceAppend{3, {3}});

    EXPECT_EQ(cluster.violated(), "log-matching");
}

TEST(LogMatching, ATruncatedTailIsForgotten) {
    Cluster cluster;
    cluster.start(1).start(2);

    cluster.add(2, TraceAppend{1, {1, 2, 2}})
        .add(1, TraceAppend{1, {1, 3, 3}})
        .add(2, TraceAppend{2, {3, 3}})
        .add(2, TraceAppend{4, {3}})
        .add(1, TraceAppend{4, {3}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, AnUntracedStretchOfTheLogIsNotGuessedAt) {
    Cluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 2, 2}});
    // Recovered up to 4; the leader replaces 3 and 4, whose predecessor's term is not known here.
    cluster.start(2, {.term = 3, .last_term = 2, .last_index = 4})
        .add(2, TraceAppend{3, {3}})
        .add(1, TraceAppend{3, {3}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(LogMatching, ALogReplacedByASnapshotBeforeItIsTracedIsNoAlarm) {
    Cluster cluster;
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
    Cluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1, 1, 3}});
    cluster.start(2)
        .add(2, TraceAppend{1, {1, 2}})
        .add(2, TraceCommit{2, 3, {}})
        .add(2, TraceAppend{3, {3}});
    EXPECT_EQ(cluster.violated(), "");

    cluster.add(2, TraceApply{1, {1, 2}, {10, 20}});

    EXPECT_EQ(cluster.violated(), "log-matching");
}

TEST(CommitCertificate, ACommitWithoutAMajorityIsFound) {
    Cluster cluster;
    cluster.start(1).add(1, TraceAppend{1, {1}});

    cluster.add(1, TraceCommit{1, 1, {{1, 1}, {2, 0}, {3, 0}}});

    EXPECT_EQ(cluster.violated(), "commit-certificate");
}

TEST(CommitCertificate, TwoEntriesCommittedAtOneIndexAreFoundInAnyOrder) {
    for (const bool leader_first : {true, false}) {
        Cluster cluster;
        cluster.start(1).add(1, TraceAppend{1, {1, 1}}).start(2).add(2, TraceAppend{1, {1, 2}});
        const auto one = [&] { cluster.add(1, TraceCommit{2, 1, {{1, 2}, {2, 2}, {3, 0}}}); };
        const auto two = [&] { cluster.add(2, TraceApply{1, {1, 2}, {10, 20}}); };

        leader_first ? one() : two();
        EXPECT_EQ(cluster.violated(), "");
        leader_first ? two() : one();

        EXPECT_EQ(cluster.violated(), "commit-certificate");
    }
}

TEST(AppliedHash, DifferentStatesAtOneIndexAreFound) {
    Cluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, TraceApply{1, {1}, {10}}).add(2, TraceApply{1, {1}, {11}});

    EXPECT_EQ(cluster.violated(), "applied-hash");
}

TEST(AppliedHash, SnapshotsAndRecoveryCountAsApplied) {
    for (int how = 0; how < 3; ++how) {
        Cluster cluster;
        cluster.start(1).start(2).add(1, TraceApply{1, {1, 1}, {10, 20}});

        if (how == 0) {
            cluster.add(2, TraceSnapshot{true, 1, 2, 21});
        } else if (how == 1) {
            cluster.add(1, TraceSnapshot{false, 1, 2, 21});
        } else {
            cluster.start(1, {.term = 1, .snapshot_term = 1, .snapshot_index = 2, .hash = 21});
        }

        EXPECT_EQ(cluster.violated(), "applied-hash") << how;
    }
}

TEST(AppliedHash, ApplyingAgainAfterARestartIsLegal) {
    Cluster cluster;
    cluster.start(1)
        .add(1, TraceApply{1, {1, 1}, {10, 20}})
        .start(1, {.term = 1, .last_term = 1, .last_index = 2})
        .add(1, TraceApply{1, {1, 1}, {10, 20}});

    EXPECT_EQ(cluster.violated(), "");
}

TEST(MonotoneCommitAndApplied, GoingBackWithinALifeIsFound) {
    Cluster commit;
    commit.start(1).add(1, TraceCommit{5, 1, {}}).add(1, TraceCommit{4, 1, {}});
    EXPECT_EQ(commit.violated(), "monotone-commit-and-applied");

    Cluster apply;
    apply.start(1).add(1, TraceApply{1, {1, 1}, {10, 20}}).add(1, TraceApply{2, {1}, {20}});
    EXPECT_EQ(apply.violated(), "monotone-commit-and-applied");

    Cluster snapshot;
    snapshot.start(1).add(1, TraceApply{1, {1, 1}, {10, 20}}).add(1, TraceSnapshot{true, 1, 1, 10});
    EXPECT_EQ(snapshot.violated(), "monotone-commit-and-applied");
}

TEST(MonotoneCommitAndApplied, BeginsAgainWithEachLife) {
    Cluster cluster;
    cluster.start(1)
        .add(1, TraceCommit{5, 1, {}})
        .start(1, {.term = 1, .last_term = 1, .last_index = 5})
        .add(1, TraceCommit{3, 1, {}});

    EXPECT_EQ(cluster.violated(), "");
}

}  // namespace
}  // namespace squall::checker
