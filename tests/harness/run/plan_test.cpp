#include "harness/plan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/failure.hpp"

namespace squall::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::string problem_of(const std::string& text) {
    try {
        (void)plan_from_json(text, "plan.json");
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "";
}

/// A plan with one entry in each field that has any.
Plan realised_plan(std::uint64_t seed) {
    Plan plan;
    plan.seed = seed;
    plan.bug = "stale-read";
    plan.rate = 123.5;
    plan.time_limit = nanoseconds(12'345'678'901);
    plan.fault_classes = {"partition", "kill", "pause", "packet", "clock", "disk"};
    plan.deleted_operations = {{0, 4}, {3, 17}};
    materialise_faults(plan);
    plan.faults[0].action = nemesis::LinkFault{
        {{{1, 2}, {.cut = true}},
         {{2, 1}, {.delay = milliseconds(20), .jitter = nanoseconds(7), .drop = 0.3}},
         {{3, 1}, {.jitter = seconds(2), .law = nemesis::JitterLaw::pareto}},
         {{3, 2}, {.jitter = nanoseconds(1), .law = nemesis::JitterLaw::normal}},
         {{3, 4}, {.jitter = seconds(1), .law = nemesis::JitterLaw::exponential}}}};
    plan.faults[0].detail = "cut n1 > n2";
    plan.faults[1].action = nemesis::KillFault{{1, 5}};
    plan.faults[2].action = nemesis::PauseFault{{3}};
    plan.faults[2].nodes = {3};
    plan.faults[3].action = nemesis::ClockFault{
        {{2, {.rate = 0.2}}, {4, {.rate = 1, .realtime_jump = -nanoseconds(86'400'000'000'123)}}}};
    plan.faults[4].action = nemesis::DiskFault{
        {{1, {.sync_delay = milliseconds(7), .sync_error = 0.1, .write_error = 1}},
         {3, {.stuck = true, .full = true}}}};
    plan.faults[5].action = nemesis::PowerFault{{2, 4}, 3};
    plan.heal_quorum_only = seed % 2 == 1;
    return plan;
}

RC_GTEST_PROP(PlanJson, RoundTrips, (std::uint64_t seed)) {
    const Plan plan = realised_plan(seed);

    const std::string text = to_json(plan);
    const Plan back = plan_from_json(text, "plan.json");

    RC_ASSERT(to_json(back) == text);
    RC_ASSERT(back.seed == plan.seed);
    RC_ASSERT(back.time_limit == plan.time_limit);
    RC_ASSERT(back.timing == plan.timing);
    RC_ASSERT(back.heal_quorum_only == plan.heal_quorum_only);
    RC_ASSERT(back.deleted_operations == plan.deleted_operations);
    RC_ASSERT(back.faults.size() == plan.faults.size());
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
        RC_ASSERT(back.faults[i].id == plan.faults[i].id);
        RC_ASSERT(back.faults[i].at == plan.faults[i].at);
        RC_ASSERT(back.faults[i].duration == plan.faults[i].duration);
        RC_ASSERT(back.faults[i].draw == plan.faults[i].draw);
        RC_ASSERT(back.faults[i].nodes == plan.faults[i].nodes);
        RC_ASSERT(back.faults[i].action == plan.faults[i].action);
        RC_ASSERT(back.faults[i].detail == (plan.faults[i].action ? plan.faults[i].detail : ""));
    }
}

TEST(PlanJson, AbsentFieldsKeepTheirDefaults) {
    const Plan plan = plan_from_json(R"({"squall_plan": 1, "seed": 3})", "plan.json");

    EXPECT_EQ(plan.seed, 3U);
    EXPECT_EQ(plan.nodes, Plan().nodes);
    EXPECT_EQ(plan.timing, NodeTiming());
}

TEST(PlanJson, NamesTheFileTheFieldAndTheProblem) {
    EXPECT_EQ(problem_of(R"({"squall_plan": 2})"), "plan.json: squall_plan: must be 1");
    EXPECT_EQ(problem_of(R"({"seed": 1})"), "plan.json: squall_plan: must be 1");
    EXPECT_EQ(problem_of(R"([])"), "plan.json: document: must be an object");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "sed": 1})"), "plan.json: sed: unknown field");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "nodes": 0})"),
              "plan.json: nodes: must be an integer from 1 to 9");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "nodes": "five"})"),
              "plan.json: nodes: must be an integer from 1 to 9");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "bug": 7})"), "plan.json: bug: must be a string");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "rate": -1})"),
              "plan.json: rate: must be a number from 0.0 to 1000000.0");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "timing": {"heartbeat_ms": "x"}})").substr(0, 39),
              "plan.json: timing.heartbeat_ms: must be");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "timing": {"election": 5}})"),
              "plan.json: timing.election: unknown field");
    EXPECT_EQ(problem_of("{"), "plan.json: document: not JSON at byte 2");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "rate": 1e999})").substr(0, 46),
              "plan.json: document: a number out of range bef");
    EXPECT_EQ(problem_of(std::string(100'000, '[')), "plan.json: document: JSON deeper than 16");
}

TEST(PlanJson, ChecksEveryFault) {
    const auto with = [](const std::string& faults) {
        return problem_of(R"({"squall_plan": 1, "faults": [)" + faults + "]}");
    };

    EXPECT_EQ(with(R"({"id": 1, "at_ms": 5}, {"id": 1, "at_ms": 6})"),
              "plan.json: faults[1].id: is not unique");
    EXPECT_EQ(with(R"({"id": 1, "at_ms": 5}, {"id": 2, "at_ms": 4})"),
              "plan.json: faults[1].at_ms: must not come before the entry above");
    EXPECT_EQ(with(R"({"at_ms": 5})"), "plan.json: faults[0].id: is missing");
    EXPECT_EQ(with(R"({"id": 1, "when": 5})"), "plan.json: faults[0].when: unknown field");
    EXPECT_EQ(with(R"({"id": 1, "nodes": [6]})"),
              "plan.json: faults[0].nodes[0]: must be a node from 1 to 5");
    EXPECT_EQ(
        with(R"({"id": 1, "action": {}})"),
        "plan.json: faults[0].action.links: there must be one of links, kill, pause, clocks, disks "
        "and power_loss");
    EXPECT_EQ(
        with(R"({"id": 1, "action": {"kill": [1], "pause": [2]}})"),
        "plan.json: faults[0].action.links: there must be one of links, kill, pause, clocks, disks "
        "and power_loss");
    EXPECT_EQ(with(R"({"id": 1, "action": {"links": [{"from": 1, "to": 1}]}})"),
              "plan.json: faults[0].action.links[0].to: a link joins two different nodes");
    EXPECT_EQ(with(R"({"id": 1, "action": {"links": [{"from": 1, "to": 2, "drop": 1.5}]}})"),
              "plan.json: faults[0].action.links[0].drop: must be a number from 0.0 to 1.0");
}

TEST(PlanJson, ChecksTheLawOfAJitter) {
    const auto with = [](const std::string& fields) {
        return problem_of(R"({"squall_plan": 1, "faults": [{"id": 1, "action": {"links": [)"
                          R"({"from": 1, "to": 2, )" +
                          fields + "}]}}]}");
    };
    const std::string law = "plan.json: faults[0].action.links[0].jitter_law: ";

    EXPECT_EQ(with(R"("jitter_ms": 5, "jitter_law": "pareto")"), "");
    EXPECT_EQ(with(R"("jitter_law": "uniform")"), "");
    EXPECT_EQ(with(R"("jitter_ms": 5, "jitter_law": "gamma")"),
              law + "must be one of uniform, normal, exponential, pareto");
    EXPECT_EQ(with(R"("jitter_law": "pareto")"),
              law + "needs a jitter_ms above 0, which bounds it");
    EXPECT_EQ(with(R"("jitter_ms": 5, "jitter_law": 3)"), law + "must be a string");
    EXPECT_EQ(with(R"("jitter_ms": -1)").substr(0, 56),
              "plan.json: faults[0].action.links[0].jitter_ms: must be ");
    EXPECT_EQ(with(R"("jitter_ms": 1e13, "jitter_law": "pareto")").substr(0, 56),
              "plan.json: faults[0].action.links[0].jitter_ms: must be ");
}

TEST(PlanJson, RefusesWhatContradictsItself) {
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "timing": {"election_min_ms": 700}})"),
              "plan.json: timing.election_max_ms: must be more than election_min_ms");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "timing": {"heartbeat_ms": 300}})"),
              "plan.json: timing.election_min_ms: must be more than heartbeat_ms");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "rate": 1e6, "time_limit_ms": 1e6})"),
              "plan.json: rate: for time_limit_ms amounts to 1000000000 operations, more than the "
              "10000000 that memory is for");
}

TEST(PlanJson, ChecksDeletedOperations) {
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "deleted_operations": [[0, 1], [99, 1]]})"),
              "plan.json: deleted_operations[1]: must be [slot, ordinal]");
}

TEST(PlanJson, ListedOperationsRoundTrip) {
    Plan plan;
    plan.operations = {
        {.slot = 3, .node = 2, .at = nanoseconds(1'234'567), .request = {"read", "k1", {}}},
        {.slot = 0, .node = 1, .at = milliseconds(5), .request = {"write", "k1", 7}},
        {.slot = 0,
         .node = 1,
         .at = milliseconds(5),
         .request = {"cas", "k2", history::Value::List{7, history::Value("x")}}}};

    const std::string text = to_json(plan);
    const Plan back = plan_from_json(text, "plan.json");

    EXPECT_EQ(back.operations, plan.operations);
    EXPECT_EQ(to_json(back), text);
    EXPECT_FALSE(plan_from_json(to_json(Plan()), "plan.json").operations);
}

TEST(PlanJson, ChecksEveryListedOperation) {
    const auto with = [](const std::string& operations) {
        return problem_of(R"({"squall_plan": 1, "operations": [)" + operations + "]}");
    };
    const std::string first = "plan.json: operations[0].";

    EXPECT_EQ(with(R"({"slot": 10})"), first + "slot: must be an integer from 0 to 9");
    EXPECT_EQ(with(R"({"node": 6})"), first + "node: must be an integer from 1 to 5");
    EXPECT_EQ(
        with(R"({"function": "drop"})"),
        first + "function: must be read, write, cas, cas-or-create, append, add, leader or echo");
    EXPECT_EQ(with(R"({"function": "read", "value": 1})"),
              first + "value: must be null or absent, for a read");
    EXPECT_EQ(with(R"({"function": "write"})"),
              first + "value: must be made of integers of 64 bits and short strings");
    EXPECT_EQ(with(R"({"function": "write", "value": 1.5})"),
              first + "value: must be made of integers of 64 bits and short strings");
    EXPECT_EQ(with(R"({"function": "cas", "value": [1]})"),
              first + "value: must be [expected, new]");
    EXPECT_EQ(with(R"({"function": "read", "keys": "a"})"), first + "keys: unknown field");
    EXPECT_EQ(with(R"({"function": "read", "at_ms": 5}, {"function": "read", "at_ms": 4})"),
              "plan.json: operations[1].at_ms: must not come before the entry above");
    EXPECT_EQ(problem_of(R"({"squall_plan": 1, "operations": 3})"),
              "plan.json: operations: must be an array");
}

TEST(Plan, MaterialisesTheSameFaultsFromTheSameSeed) {
    Plan plan;
    plan.fault_classes = {"kill", "partition"};
    materialise_faults(plan);
    const std::string first = to_json(plan);

    materialise_faults(plan);

    EXPECT_EQ(to_json(plan), first);
    EXPECT_FALSE(plan.faults.empty());
}

TEST(Plan, RefusesAnUnknownFaultClass) {
    Plan plan;
    plan.fault_classes = {"earthquake"};

    EXPECT_THROW(materialise_faults(plan), Failure);
}

}  // namespace
}  // namespace squall::harness
