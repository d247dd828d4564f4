// plan.json.
#include "harness/failure.hpp"
#include "harness/plan.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

using namespace harness;  // NOLINT(google-build-using-namespace)
using std::chrono::milliseconds;

constexpr std::size_t message_max = 400;

bool run(std::string_view text) {
    Plan plan;
    try {
        plan = plan_from_json(std::string(text), "p");
    } catch (const Failure& failure) {
        const std::string_view message = failure.what();
        must(message.starts_with("p: ") && message.size() < message_max, "a message is short");
        return false;
    }
    const std::string once = to_json(plan);
    must(to_json(plan_from_json(once, "p")) == once, "a plan is read as it was written");
    return true;
}

std::vector<std::string> seeds() {
    Plan plan;
    plan.seed = 3;
    plan.time_limit = std::chrono::seconds(8);
    plan.fault_classes = {"partition", "kill", "pause", "packet", "clock", "disk"};
    plan.deleted_operations = {{0, 4}, {3, 17}};
    Plan small = plan;
    small.fault_classes.clear();
    materialise_faults(plan);
    plan.faults.resize(6);
    plan.heal_quorum_only = true;
    plan.faults[0].action = nemesis::LinkFault{
        {{{1, 2}, {.cut = true}},
         {{2, 1}, {.delay = milliseconds(20)}},
         {{2, 3}, {.jitter = milliseconds(9), .law = nemesis::JitterLaw::pareto}}}};
    plan.faults[1].action = nemesis::KillFault{{1, 5}};
    plan.faults[2].action = nemesis::PauseFault{{3}};
    plan.faults[3].action =
        nemesis::ClockFault{{{2, {.rate = 0.2, .realtime_jump = -milliseconds(5)}}}};
    plan.faults[4].action =
        nemesis::DiskFault{{{1, {.sync_delay = milliseconds(3), .sync_error = 0.5}}}};
    plan.faults[5].action = nemesis::PowerFault{{1, 2}, 1};
    return {to_json(plan), to_json(small), R"({"squall_plan": 1})"};
}

std::vector<std::string> tokens() {
    return {"\"squall_plan\": 1",
            "\"faults\": [",
            "\"at_ms\": ",
            "\"id\": ",
            "\"action\": {",
            "\"links\": [",
            "\"kill\": [",
            "\"clocks\"",
            "\"disks\"",
            "\"power_loss\"",
            "\"nodes\": [",
            "\"rate\": ",
            "1e999",
            "-0.0000001",
            "1e308",
            "86400000.0001",
            "18446744073709551615",
            "[[[[[[[[[[[[[[[[[[",
            "\"nodes\": 9",
            "NaN",
            "{}",
            "null"};
}

}  // namespace

const Target plan{"plan", run, seeds, tokens, ""};

}  // namespace squall::fuzz
