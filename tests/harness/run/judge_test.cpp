#include "harness/judge.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace squall::harness {
namespace {

checker::Verdict verdict_of(const Results& results, std::string_view name) {
    const auto found = std::find_if(
        results.checks.begin(), results.checks.end(), [&](const checker::Check& check) {
            return check.name == name;
        });
    return found == results.checks.end() ? checker::Verdict::valid : found->verdict;
}

RunRecord with_violated(const std::string& invariant) {
    checker::Check check;
    check.name = invariant;
    check.detector = "trace";
    check.verdict = checker::Verdict::invalid;
    check.reason = "n1 began the terms 2 to 10 one after the other";
    RunRecord record;
    record.trace_checks = {check};
    return record;
}

nemesis::PlannedFault full_disk() {
    nemesis::PlannedFault fault;
    fault.id = 1;
    fault.name = "disk";
    fault.action = nemesis::DiskFault{{{2, nemesis::DiskRule{}}}};
    return fault;
}

TEST(Judge, TermsThatGrowAreAFinding) {
    EXPECT_EQ(verdict_of(judge(with_violated("term-growth"), {}), "term-growth"),
              checker::Verdict::invalid);
}

TEST(Judge, TermsThatGrowWhileADiskDoesNotWriteAreNone) {
    RunRecord record = with_violated("term-growth");
    record.realised.faults.push_back(full_disk());
    EXPECT_EQ(verdict_of(judge(record, {}), "term-growth"), checker::Verdict::unknown);
}

TEST(Judge, DisksExcuseNoOtherInvariant) {
    RunRecord record = with_violated("election-safety");
    record.realised.faults.push_back(full_disk());
    EXPECT_EQ(verdict_of(judge(record, {}), "election-safety"), checker::Verdict::invalid);
}

}  // namespace
}  // namespace squall::harness
