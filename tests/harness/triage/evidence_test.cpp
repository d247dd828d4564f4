// What triage makes of failing runs: the same bug gets the same name, others get others, and the
// name of a bug is nothing that it could have read.
#include "harness/triage/evidence.hpp"

#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/swarm.hpp"

namespace squall::harness::triage {
namespace {

struct Failed {
    Results results;
    sim::Simulation simulation;
};

/// The first seed from `from` on under which the bug is convicted.
Failed failing(const std::string& bug, std::uint64_t from) {
    for (std::uint64_t seed = from; seed < from + 500; ++seed) {
        Plan plan = swarm_plan(seed);
        plan.bug = bug;
        Failed failed{.results = {}, .simulation = sim::simulate(plan, {.keep_traces = true})};
        failed.results = judge(failed.simulation.record, {.version = "v", .command = "sim"});
        if (failed.results.verdict == RunVerdict::invalid) {
            return failed;
        }
    }
    ADD_FAILURE() << bug << " is not convicted";
    return {};
}

Evidence evidence(const Failed& failed) {
    return evidence_of(failed.results,
                       failed.simulation.record.events,
                       failed.simulation.traces,
                       failed.simulation.messages);
}

TEST(Evidence, NeitherReadsNorTellsWhichBugIsSwitchedOn) {
    Failed failed = failing("ack-before-commit", 1);
    const Evidence before = evidence(failed);

    failed.results.plan.bug = "something-else";
    failed.simulation.record.plan.bug = "something-else";
    failed.results.plan.seed = 0;

    EXPECT_EQ(evidence(failed), before);
    EXPECT_EQ(to_json(before).find("ack-before-commit"), std::string::npos);
}

TEST(Evidence, NamesTheStateInWhichItHappened) {
    EXPECT_EQ(signature(evidence(failing("ack-before-commit", 1))),
              "linearizable: acknowledged before it was committed");
    EXPECT_EQ(signature(evidence(failing("even-quorum", 1))),
              "commit-certificate: committed without a majority");
}

TEST(Evidence, StatesTellBugsApartThatViolateTheSame) {
    EXPECT_EQ(signature(evidence(failing("before-noop", 1))),
              "linearizable: read behind, served by a leader that had committed nothing yet");
    EXPECT_EQ(signature(evidence(failing("stale-read", 1))),
              "linearizable: read behind, served by no leader");
    EXPECT_EQ(signature(evidence(failing("local-leader-read", 1))),
              "linearizable: read behind, served by a leader that asked nobody");
    EXPECT_EQ(signature(evidence(failing("no-quorum-ack", 1))),
              "linearizable: read behind, served by a leader that no majority had answered");
    EXPECT_EQ(signature(evidence(failing("no-checkquorum", 1))),
              "progress: a leader that hears no majority goes on leading");
}

TEST(Evidence, AnAssertionIsItsOwnName) {
    const std::string name = signature(evidence(failing("off-by-one-apply", 1)));

    EXPECT_EQ(name.find("no-crash: assertion failed: applied_ <= commit_"), 0U) << name;
}

TEST(Evidence, NothingIsMadeOfARunThatDidNotFail) {
    EXPECT_EQ(evidence_of(Results{}, {}, {}), Evidence{});
    EXPECT_EQ(signature(Evidence{}), "nothing");
}

TEST(Evidence, WithoutTracesTheShapeIsTheName) {
    Results results;
    results.checks.push_back({.name = "progress",
                              .verdict = checker::Verdict::invalid,
                              .reason = "n3 served nothing for 10 s; then it was over",
                              .details = {},
                              .evidence = {},
                              .linearization = {}});

    EXPECT_EQ(signature(evidence_of(results, {}, {})), "progress: _ served nothing for _ s");
}

TEST(Evidence, AWholeRunShowsThatAnybodyServes) {
    Evidence shrunk;
    shrunk.property = "linearizable";
    shrunk.state = "read behind, served by a leader that had committed nothing yet";
    shrunk.faults = {"kill"};
    Evidence whole = shrunk;
    whole.state = "read behind, served by no leader";
    whole.faults = {"kill", "pause"};
    Evidence other = whole;
    other.property = "applied-hash";

    EXPECT_EQ(with_whole_run(shrunk, whole).state, whole.state);
    EXPECT_EQ(with_whole_run(shrunk, whole).faults, shrunk.faults);
    EXPECT_EQ(with_whole_run(shrunk, other), shrunk);
    EXPECT_EQ(with_whole_run(shrunk, shrunk), shrunk);
}

TEST(Shape, NamesAndNumbersVary) {
    EXPECT_EQ(shape_of("key k50: read op #20172 by c49 returned nil"),
              "key _: read op #_ by _ returned nil");
    EXPECT_EQ(shape_of("hash 0a1b2c3d4e5f6071, commit.cpp:30"), "hash _, commit.cpp:_");
    EXPECT_EQ(shape_of("wal-0000000000000008 at offset 12, node-1"), "wal-_ at offset _, node-1");
    EXPECT_EQ(shape_of("one\ntwo"), "one");
}

}  // namespace
}  // namespace squall::harness::triage
