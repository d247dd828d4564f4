// Which fault met whom while doing what.
#include "harness/report/fault_coverage.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "told.hpp"

namespace squall::harness::report {
namespace {

using testing::ms;
using testing::Told;

void inject(Told& told,
            std::int64_t at,
            const std::string& name,
            std::vector<history::FaultTarget> targets,
            history::FaultPhase phase = history::FaultPhase::begin) {
    history::FaultRecord fault;
    fault.id = told.history_.record_.events.size() + 1;
    fault.name = name;
    fault.phase = phase;
    fault.targets = std::move(targets);
    told.event(history::EventType::fault, at).fault = fault;
}

std::uint64_t cell(const FaultCoverage& coverage,
                   const std::string& fault,
                   const std::string& role,
                   const std::string& phase) {
    const auto row = coverage.cells.find(fault);
    if (row == coverage.cells.end() || !row->second.contains({role, phase})) {
        return 0;
    }
    return row->second.at({role, phase});
}

Told busy() {
    Told told;
    told.leads(1, 700, 1);
    told.trace(1, 990, checker::TraceAppend{.first = 1, .terms = {1}});
    told.trace(2, 2050, checker::TraceSnapshot{.index = 1});
    return told;
}

TEST(FaultCoverage, CountsNodesByRoleAndPhase) {
    Told told = busy();
    inject(told, 100, "kill", {{2, "follower"}});
    inject(told, 600, "kill", {{2, "follower"}});
    inject(told, 1000, "kill", {{1, "leader"}, {2, "follower"}});
    inject(told, 2000, "pause", {{2, "follower"}, {3, "pre_candidate"}});

    const FaultCoverage coverage = fault_coverage(told.material(), Time{});

    EXPECT_EQ(cell(coverage, "kill", "follower", "starting"), 1U);
    EXPECT_EQ(cell(coverage, "kill", "follower", "electing"), 1U);
    EXPECT_EQ(cell(coverage, "kill", "leader", "replicating"), 1U);
    EXPECT_EQ(cell(coverage, "kill", "follower", "idle"), 1U);
    EXPECT_EQ(cell(coverage, "pause", "follower", "snapshotting"), 1U);
    EXPECT_EQ(cell(coverage, "pause", "candidate", "idle"), 1U);
    EXPECT_EQ(cell(coverage, "pause", "leader", "idle"), 0U);
}

TEST(FaultCoverage, SkippedFaultsCoverNothing) {
    Told told = busy();
    inject(told, 1000, "kill", {{1, "leader"}}, history::FaultPhase::skipped);

    EXPECT_TRUE(fault_coverage(told.material(), Time{}).cells.empty());
}

TEST(FaultCoverage, WithoutTracesThePhaseIsUnknown) {
    Told told = busy();
    inject(told, 1000, "kill", {{1, "leader"}});
    told.traces_.clear();

    const FaultCoverage coverage = fault_coverage(told.material(), Time{});

    EXPECT_EQ(cell(coverage, "kill", "leader", "unknown"), 1U);
    EXPECT_EQ(std::ranges::count(coverage.columns, RoleAndPhase{"leader", "unknown"}), 1);
}

}  // namespace
}  // namespace squall::harness::report
