#include <gtest/gtest.h>

#include "checker/trace.hpp"
#include "tests/checker/support/traced_cluster.hpp"

namespace squall::checker {
namespace {

TEST(AppliedHash, DifferentStatesAtOneIndexAreFound) {
    TracedCluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, TraceApply{1, {1}, {10}}).add(2, TraceApply{1, {1}, {11}});

    EXPECT_EQ(cluster.violated(), "applied-hash");
}

TEST(AppliedHash, SnapshotsAndRecoveryCountAsApplied) {
    for (int how = 0; how < 3; ++how) {
        TracedCluster cluster;
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
    TracedCluster cluster;
    cluster.start(1)
        .add(1, TraceApply{1, {1, 1}, {10, 20}})
        .start(1, {.term = 1, .last_term = 1, .last_index = 2})
        .add(1, TraceApply{1, {1, 1}, {10, 20}});

    EXPECT_EQ(cluster.violated(), "");
}

TraceApply applied(std::uint64_t first, std::vector<TraceEffect> effects) {
    TraceApply apply{first, {}, {}, std::move(effects)};
    for (std::size_t i = 0; i < apply.effects.size(); ++i) {
        apply.terms.push_back(1);
        apply.hashes.push_back(first + i);
    }
    return apply;
}

TEST(ExactlyOnce, ARequestThatTakesEffectTwiceIsFound) {
    TracedCluster cluster;
    cluster.start(1).add(1, applied(1, {{7, 1}, {7, 2}, {7, 1}}));

    EXPECT_EQ(cluster.violated(), "exactly-once");
    EXPECT_EQ(cluster.check("exactly-once").reason,
              "Exactly-once sessions (dissertation §6.3): request 1 of session 7 took effect at "
              "index 1 on n1 and again at index 3 on n1, against n1 life 1 event 1 (n1 life 1 "
              "event 1)");
}

TEST(ExactlyOnce, AlsoBehindASnapshotThatForgotTheSession) {
    TracedCluster cluster;
    cluster.start(1).start(2).add(1, applied(1, {{7, 1}, {0, 0}}));
    cluster.add(2, TraceSnapshot{true, 1, 2, 2}).add(2, applied(3, {{7, 1}}));

    EXPECT_EQ(cluster.violated(), "exactly-once");
}

TEST(ExactlyOnce, WhatTookEffectOnOneNodeAloneIsFound) {
    TracedCluster cluster;
    cluster.start(1).start(2).add(1, applied(1, {{7, 1}})).add(2, applied(1, {{0, 0}}));

    EXPECT_EQ(cluster.violated(), "exactly-once");
}

TEST(ExactlyOnce, TheSameEffectOnEveryNodeAndInEveryLifeIsLegal) {
    TracedCluster cluster;
    cluster.start(1).start(2);
    cluster.add(1, applied(1, {{7, 1}, {8, 1}, {7, 3}, {0, 0}, {0, 0}}));
    cluster.add(2, applied(1, {{7, 1}, {8, 1}}));
    cluster.start(1, {.term = 1, .last_term = 1, .last_index = 5})
        .add(1, applied(1, {{7, 1}, {8, 1}, {7, 3}}));

    EXPECT_EQ(cluster.violated(), "");
    EXPECT_EQ(cluster.check("exactly-once").verdict, Verdict::valid);
}

TEST(BoundedResources, WhatOutgrowsItsLimitIsFound) {
    TracedCluster cluster;
    cluster.start(2).add(2, TraceBound{"log_entries", 126, 125});

    EXPECT_EQ(cluster.violated(), "bounded-resources");
    EXPECT_EQ(cluster.check("bounded-resources").reason,
              "Bounded log and memory (§7, dissertation §10.2): log_entries of n2 reached 126, and "
              "125 is the limit by its configuration (n2 life 1 event 1)");
}

TEST(BoundedResources, BytesOutgrowTheirLimitThoughEntriesDoNot) {
    TracedCluster cluster;
    cluster.start(2)
        .add(2, TraceBound{"log_entries", 12, 125})
        .add(2, TraceBound{"log_bytes", 50331649, 50331648});

    EXPECT_EQ(cluster.violated(), "bounded-resources");
}

TEST(BoundedResources, ALimitThatGrowsAlongIsFound) {
    TracedCluster cluster;
    cluster.start(2)
        .add(2, TraceBound{"log_entries", 100, 125})
        .add(2, TraceBound{"log_entries", 150, 200});

    EXPECT_EQ(cluster.violated(), "bounded-resources");
}

TEST(BoundedResources, GrowingUpToTheLimitIsLegal) {
    TracedCluster cluster;
    cluster.start(2)
        .add(2, TraceBound{"log_entries", 100, 125})
        .add(2, TraceBound{"log_entries", 125, 125})
        .add(2, TraceBound{"inflight_appends", 4, 4})
        .start(2)
        .add(2, TraceBound{"log_entries", 150, 200});

    EXPECT_EQ(cluster.violated(), "");
}

}  // namespace
}  // namespace squall::checker
