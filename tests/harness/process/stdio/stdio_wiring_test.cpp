// Programs that speak Maelstrom's protocol, well and badly, under the whole harness.
#include "harness/process/stdio_wiring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/process/run_processes.hpp"

namespace squall::harness::process::test {

namespace {

using namespace std::chrono_literals;
using checker::Check;
using checker::Verdict;
using ::testing::HasSubstr;

Plan plan_of(const std::string& how, Duration time_limit = 1s) {
    Plan plan;
    plan.seed = 5;
    plan.system = "maelstrom";
    plan.workload = how.starts_with("elects") ? "election" : "lin-kv";
    plan.program = {ODD_NODE, how};
    plan.nodes = 3;
    plan.rate = 200;
    plan.concurrency = 6;
    plan.time_limit = time_limit;
    plan.operation_timeout = 500ms;
    plan.recovery_bound = 2s;
    plan.timing.election_max = 300ms;
    return plan;
}

void add(Plan& plan, Time at, Duration duration, nemesis::Action action) {
    nemesis::PlannedFault fault;
    fault.id = plan.faults.size() + 1;
    fault.name = "given";
    fault.at = at;
    fault.duration = duration;
    fault.action = std::move(action);
    plan.faults.push_back(std::move(fault));
}

nemesis::LinkFault on_link(nemesis::Link link, const nemesis::LinkRule& rule) {
    nemesis::LinkFault fault;
    fault.rules[link] = rule;
    return fault;
}

class Stdio : public ::testing::Test {
  protected:
    Results run(const Plan& plan) {
        record = run_processes(plan, {.run_directory = directory.path(), .node_binary = ""});
        return judge(record, {});
    }

    [[nodiscard]] static Check check(const Results& results, const std::string& name) {
        for (const Check& check : results.checks) {
            if (check.name == name) {
                return check;
            }
        }
        ADD_FAILURE() << "no check " << name;
        return {};
    }

    TemporaryDirectory directory;
    RunRecord record;
};

}  // namespace

TEST_F(Stdio, ACorrectProgramIsValidUnderFaults) {
    Plan plan = plan_of("correct", 2s);
    add(plan, 200ms, 300ms, on_link({2, 3}, {.cut = true}));
    add(plan, 600ms, 300ms, nemesis::KillFault{{2}});
    add(plan, 1100ms, 300ms, nemesis::PauseFault{{1}});
    const Results results = run(plan);
    EXPECT_EQ(results.verdict, RunVerdict::valid) << ::testing::PrintToString(results.reasons);
    EXPECT_GT(results.operations.ok, 100U);
    EXPECT_EQ(record.void_reason, "");
}

TEST_F(Stdio, LinesThatAreNoMessagesAreAFinding) {
    const Check protocol = check(run(plan_of("garbage")), "protocol");
    EXPECT_EQ(protocol.verdict, Verdict::invalid);
    EXPECT_THAT(protocol.reason, HasSubstr("n2 wrote a line that is no message"));
    EXPECT_THAT(protocol.reason, HasSubstr("Traceback"));
}

TEST_F(Stdio, ALineOfTenMegabytesIsAFindingAndTheRunGoesOn) {
    const Results results = run(plan_of("long_line"));
    EXPECT_THAT(check(results, "protocol").reason, HasSubstr("n2 wrote a line that is too long"));
    EXPECT_GT(results.operations.ok, 50U);
}

TEST_F(Stdio, AFloodSlowsNobodyElse) {
    const Results results = run(plan_of("flood", 2s));
    const Check protocol = check(results, "protocol");
    EXPECT_THAT(::testing::PrintToString(protocol.details), HasSubstr("was slowed down"));
    EXPECT_GT(results.operations.ok, 50U);
}

TEST_F(Stdio, TwoAnswersAreAFinding) {
    const Check protocol = check(run(plan_of("twice")), "protocol");
    EXPECT_EQ(protocol.verdict, Verdict::invalid);
    EXPECT_THAT(protocol.reason, HasSubstr("answered a request twice"));
}

TEST_F(Stdio, MessagesToNobodyAndInAnothersNameAreFindings) {
    const Check protocol = check(run(plan_of("nobody")), "protocol");
    EXPECT_EQ(protocol.verdict, Verdict::invalid);
    const std::string all = ::testing::PrintToString(protocol.details);
    EXPECT_THAT(all, HasSubstr("answered what nobody asked"));
    EXPECT_THAT(all, HasSubstr("sent to a name that nobody has"));
    EXPECT_THAT(all, HasSubstr("sent in another's name"));
}

TEST_F(Stdio, AProgramThatNeverAnswersMakesNoProgress) {
    const Results results = run(plan_of("silent"));
    EXPECT_EQ(check(results, "progress").verdict, Verdict::invalid);
    EXPECT_EQ(check(results, "linearizable").verdict, Verdict::valid);
}

TEST_F(Stdio, AClosedOutputIsAFinding) {
    const Check protocol = check(run(plan_of("closes_stdout", 2s)), "protocol");
    EXPECT_THAT(protocol.reason, HasSubstr("n2 closed its standard output and lived on"));
}

TEST_F(Stdio, AProgramThatIgnoresSigtermIsEnded) {
    EXPECT_EQ(run(plan_of("ignores_sigterm")).verdict, RunVerdict::valid);
}

TEST_F(Stdio, APanicUnderDelayIsACrashWithItsMessage) {
    Plan plan = plan_of("panics_when_late", 2s);
    add(plan, 300ms, 1s, on_link({1, 2}, {.delay = 500ms}));
    const Results results = run(plan);
    const Check crash = check(results, "no-crash");
    EXPECT_EQ(crash.verdict, Verdict::invalid);
    EXPECT_THAT(crash.reason, HasSubstr("n2 ended by itself: signal 6"));
    EXPECT_THAT(::testing::PrintToString(crash.details), HasSubstr("panic: message from the past"));
}

TEST_F(Stdio, WithoutDelayTheSameProgramDoesNotPanic) {
    EXPECT_EQ(check(run(plan_of("panics_when_late")), "no-crash").verdict, Verdict::valid);
}

TEST_F(Stdio, ANodeThatCannotStartAgainIsAFinding) {
    Plan plan = plan_of("restarts_once", 2s);
    add(plan, 300ms, 300ms, nemesis::KillFault{{3}});
    const Check crash = check(run(plan), "no-crash");
    EXPECT_THAT(crash.reason, HasSubstr("n3 ended by itself: exit code 3"));
}

TEST_F(Stdio, LeaderPatternsShowTwoLeadersOfOneTerm) {
    Plan plan = plan_of("leads_twice");
    plan.leader_pattern = R"(became leader.*term (\d+))";
    const Results results = run(plan);
    EXPECT_EQ(check(results, "election-safety").verdict, Verdict::invalid);
}

TEST_F(Stdio, ProgramsThatOnlyElectAreJudgedByTheirLeaders) {
    const Results good = run(plan_of("elects"));
    EXPECT_EQ(good.verdict, RunVerdict::valid) << ::testing::PrintToString(good.reasons);
}

TEST_F(Stdio, TwoLeadersOfOneTermAreInvalid) {
    const Results bad = run(plan_of("elects_two"));
    EXPECT_EQ(check(bad, "one-leader-per-term").verdict, Verdict::invalid);
}

TEST_F(Stdio, StandingLatencyDelaysMessagesBetweenNodesOnly) {
    Plan plan = plan_of("panics_when_late");
    plan.latency = 600ms;
    const Results results = run(plan);
    EXPECT_EQ(check(results, "no-crash").verdict, Verdict::invalid);
    EXPECT_GT(results.operations.ok, 50U);
}

TEST_F(Stdio, AProgramThatDoesNotAnswerInitMakesTheRunVoid) {
    Plan plan = plan_of("no_init");
    run(plan);
    EXPECT_THAT(record.void_reason, HasSubstr("did not answer within"));
}

}  // namespace squall::harness::process::test
