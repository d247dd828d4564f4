// What another build's simulator says is read as if this one had said it.
#include "harness/compare/recorded_run.hpp"

#include <gtest/gtest.h>

#include "harness/compare/metrics.hpp"
#include "harness/compare/profiles.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/sim/simulate.hpp"

namespace squall::harness::compare {
namespace {

RecordedRun recorded(const Plan& plan) {
    sim::Simulation simulation = sim::simulate(plan, {.keep_traces = true});
    return {std::move(simulation.record),
            std::move(simulation.traces),
            {simulation.messages_sent, simulation.payload_bytes}};
}

/// A line for each check.
std::string judged(const RunRecord& record) {
    const Results results = judge(record, {.version = "", .command = "sim"});
    std::string text = to_string(results.verdict);
    for (const checker::Check& check : results.checks) {
        text += "\n" + check.name + " " + checker::to_string(check.verdict) + " " + check.reason;
    }
    return text;
}

Plan plan_with(const std::string& bug, std::uint64_t seed) {
    Plan plan = plan_of(profiles().front(), seed, false);
    plan.bug = bug;
    return plan;
}

TEST(RecordedRun, IsJudgedLikeTheRunItself) {
    for (const char* bug : {"", "no-uptodate", "stale-read", "commit-no-min", "purged-stuck"}) {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            const Plan plan = plan_with(bug, seed);
            const RecordedRun run = recorded(plan);

            const RecordedRun read = decode(encode(run), plan);

            EXPECT_EQ(judged(read.record), judged(run.record)) << bug << " " << seed;
            EXPECT_EQ(read.record.events, run.record.events);
            EXPECT_EQ(to_json(read.record.realised), to_json(run.record.realised));
            EXPECT_EQ(encode(read), encode(run));
            EXPECT_EQ(read.traffic.messages, run.traffic.messages);
        }
    }
}

TEST(RecordedRun, SaysTheSameTwice) {
    const Plan plan = plan_with("", 3);
    EXPECT_EQ(digest(encode(recorded(plan))), digest(encode(recorded(plan))));
    EXPECT_NE(digest(encode(recorded(plan))), digest(encode(recorded(plan_with("", 4)))));
    EXPECT_NE(digest("a"), digest("b"));
    EXPECT_NE(digest(std::string(8, '\0')), digest(std::string(9, '\0')));
}

TEST(RecordedRun, CutShortOrMadeUpIsRefused) {
    const Plan plan = plan_with("", 2);
    const std::string whole = encode(recorded(plan));
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
        EXPECT_THROW(static_cast<void>(decode(whole.substr(0, size), plan)), Failure) << size;
    }
    EXPECT_THROW(static_cast<void>(decode("99999999999999999999\n", plan)), Failure);
    EXPECT_THROW(static_cast<void>(decode("2\n{}", plan)), Failure);
    EXPECT_THROW(static_cast<void>(decode("1\n[", plan)), Failure);
}

TEST(Metrics, TellARunWithoutALeaderFromOneWith) {
    Plan plan = plan_with("", 1);
    plan.faults.clear();
    const RecordedRun calm = recorded(plan);
    const SimulatorFacts facts{calm.traffic.messages, calm.traffic.payload_bytes, {}};
    const Measured measured = measure(calm.record, calm.traces, &facts);

    ASSERT_TRUE(measured[0] && measured[1] && measured[2] && measured[3]);
    EXPECT_GT(*measured[0], 1);
    EXPECT_LT(*measured[2], 30);
    EXPECT_GT(*measured[3], 1);
    EXPECT_EQ(*measure(calm.record, std::vector<checker::TraceRecord>(1), &facts)[2], 100);
    EXPECT_FALSE(measure(calm.record, {}, nullptr)[2]);
}

}  // namespace
}  // namespace squall::harness::compare
