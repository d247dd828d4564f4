#include "harness/judge.hpp"

#include <array>

#include <gtest/gtest.h>

#include "storm.hpp"

namespace squall::harness {
namespace {

using testing::storm;

TEST(Judge, StormThatBitAndWasSurvivedIsValid) {
    const Results results = judge(storm(12, false).record_, {});

    EXPECT_EQ(results.verdict, RunVerdict::valid)
        << (results.reasons.empty() ? "" : results.reasons[0]);
    EXPECT_EQ(results.operations.ok, 150U);
    EXPECT_EQ(results.final_reads.ok, 1U);
    EXPECT_EQ(results.faults.at("partition").injected, 1U);
    EXPECT_EQ(exit_code(results.verdict), 0);
}

TEST(Judge, FaultThatDidNotBiteMakesValidUnknown) {
    const Results results = judge(storm(0, false).record_, {});

    EXPECT_EQ(results.verdict, RunVerdict::unknown);
    EXPECT_EQ(exit_code(results.verdict), 2);
}

TEST(Judge, FaultThatDidNotBiteNeverMasksInvalid) {
    const Results results = judge(storm(0, true).record_, {});

    EXPECT_EQ(results.verdict, RunVerdict::invalid);
    EXPECT_EQ(exit_code(results.verdict), 1);
}

TEST(Judge, VoidRunIsVoidWhateverItsChecksHold) {
    RunRecord record = storm(12, false).record_;
    record.void_reason = "no space left on device";

    const Results results = judge(record, {});

    EXPECT_EQ(results.verdict, RunVerdict::void_run);
    EXPECT_EQ(exit_code(results.verdict), 3);
}

TEST(Judge, VoidRunWhoseHistoryIsWrongStaysInvalid) {
    RunRecord record = storm(12, true).record_;
    record.void_reason = "no space left on device";

    EXPECT_EQ(judge(record, {}).verdict, RunVerdict::invalid);
}

TEST(Judge, UnplannedExitIsInvalid) {
    RunRecord record = storm(12, false).record_;
    record.unplanned_exits.push_back({3, "signal 6 (Aborted)", "assertion failed"});

    const Results results = judge(record, {});

    EXPECT_EQ(results.verdict, RunVerdict::invalid);
    EXPECT_NE(results.reasons.at(0).find("signal 6"), std::string::npos) << results.reasons.at(0);
}

TEST(Judge, InvalidTraceCheckDecides) {
    RunRecord record = storm(12, false).record_;
    record.trace_checks.push_back({.name = "election-safety",
                                   .detector = "trace",
                                   .verdict = checker::Verdict::invalid,
                                   .reason = "n1 and n2 both led term 4"});

    EXPECT_EQ(judge(record, {}).verdict, RunVerdict::invalid);
}

// How to add a detector: a function over the evidence and a line in the registry.
std::vector<checker::Check> odd_values(const Evidence& evidence) {
    checker::Check check{.name = "odd-values", .detector = "example"};
    for (const history::Operation& operation : evidence.operations) {
        const std::int64_t* value = operation.argument.as_int();
        if (value != nullptr && *value % 2 == 0) {
            check.verdict = checker::Verdict::invalid;
            check.reason = "an even value was written";
            check.evidence.push_back(operation.invoked);
        }
    }
    return {check};
}

TEST(Judge, DetectorIsOneFunctionAndOneLine) {
    const std::array mine{Detector{"odd-values", "all written values are odd", odd_values}};

    const Results results = judge(storm(12, false).record_, {.detectors = mine});

    EXPECT_EQ(results.verdict, RunVerdict::invalid);
    ASSERT_EQ(results.checks.size(), 1U);
    EXPECT_EQ(results.checks[0].evidence.size(), 75U);
}

TEST(Judge, BareHistoryWithStaleReadIsInvalid) {
    const RunRecord record = storm(12, true).record_;

    const auto checks = judge_history(record.events, "register", {});

    EXPECT_EQ(checker::worst(checks), checker::Verdict::invalid);
}

}  // namespace
}  // namespace squall::harness
