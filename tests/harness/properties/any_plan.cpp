#include "tests/harness/properties/any_plan.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <string>
#include <utility>

#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/size.hpp"
#include "nemesis/topology.hpp"

namespace squall::harness {

void showValue(const Plan& plan, std::ostream& out) {
    const std::size_t operations = plan.operations ? plan.operations->size() : 0;
    out << to_text(shrink::size_of(plan, operations)) << ", workload " << plan.workload << ", seed "
        << plan.seed;
    for (const nemesis::PlannedFault& fault : plan.faults) {
        out << "\n  at " << fault.at.count() / 1000 << " us for " << fault.duration.count() / 1000
            << " us: " << fault.detail;
    }
}

}  // namespace squall::harness

namespace squall::harness::properties {

namespace {

using nemesis::Action;
using nemesis::PlannedFault;
using std::chrono::milliseconds;
using workloads::Request;

milliseconds any_time(int low_ms, int high_ms) {
    return milliseconds(*rc::gen::inRange(low_ms, high_ms + 1));
}

bool chance(int percent) {
    return *rc::gen::inRange(0, 100) < percent;
}

/// In any order, at least one; never all of them when `spare` is set.
nemesis::Nodes any_nodes(std::uint32_t nodes, bool spare) {
    nemesis::Nodes all;
    for (NodeId node = 1; node <= nodes; ++node) {
        all.push_back(node);
    }
    all = nemesis::shuffled(all, *rc::gen::arbitrary<std::uint64_t>());
    all.resize(*rc::gen::inRange<std::size_t>(1, nodes + (spare ? 0 : 1)));
    return all;
}

nemesis::LinkRule any_rule() {
    nemesis::LinkRule rule;
    rule.drop = chance(40) ? *rc::gen::element(0.05, 0.2, 0.5) : 0;
    rule.duplicate = chance(40) ? *rc::gen::element(0.05, 0.3) : 0;
    rule.reorder = chance(40) ? *rc::gen::element(0.05, 0.3) : 0;
    rule.delay = chance(40) ? any_time(1, 200) : milliseconds(0);
    rule.jitter = chance(40) ? any_time(1, 300) : milliseconds(0);
    rule.cut = rule == nemesis::LinkRule{};
    return rule;
}

Action any_partition(std::uint32_t nodes) {
    const nemesis::Nodes side = any_nodes(nodes, true);
    nemesis::Nodes all = any_nodes(nodes, false);
    for (NodeId node = 1; node <= nodes; ++node) {
        if (std::ranges::find(all, node) == all.end()) {
            all.push_back(node);
        }
    }
    const nemesis::Nodes rest = nemesis::others(all, side);
    nemesis::Grudge grudge;
    switch (*rc::gen::inRange(0, 5)) {
        case 0:
            grudge = nemesis::one_way(side, rest);
            break;
        case 1:
            grudge = nodes >= 3 ? nemesis::majorities_ring(all) : nemesis::one_way(rest, side);
            break;
        case 2:
            grudge = nodes >= 3 ? nemesis::bridge(all) : nemesis::one_way(rest, side);
            break;
        default:
            grudge = nemesis::complete_grudge(std::array{side, rest});
            break;
    }
    nemesis::LinkFault fault;
    for (const nemesis::Link& link : grudge) {
        fault.rules[link].cut = true;
    }
    return fault;
}

Action any_packets(std::uint32_t nodes) {
    const nemesis::LinkRule rule = any_rule();
    const nemesis::Nodes from = any_nodes(nodes, false);
    nemesis::LinkFault fault;
    for (const NodeId one : from) {
        for (NodeId other = 1; other <= nodes; ++other) {
            if (one != other) {
                fault.rules[{.from = one, .to = other}] = rule;
            }
        }
    }
    return fault;
}

Action any_clocks(std::uint32_t nodes) {
    nemesis::ClockFault fault;
    for (const NodeId node : any_nodes(nodes, false)) {
        fault.rules[node].rate = *rc::gen::element(0.0, 0.2, 0.8, 1.25, 5.0);
    }
    return fault;
}

Action any_disks(std::uint32_t nodes) {
    nemesis::DiskFault fault;
    for (const NodeId node : any_nodes(nodes, true)) {
        nemesis::DiskRule& rule = fault.rules[node];
        switch (*rc::gen::inRange(0, 4)) {
            case 0:
                rule.stuck = true;
                break;
            case 1:
                rule.sync_error = 0.1;
                break;
            case 2:
                rule.write_error = 0.1;
                break;
            default:
                rule.sync_delay = any_time(1, 100);
                break;
        }
    }
    return fault;
}

std::pair<std::string, Action> any_action(std::uint32_t nodes) {
    // Kinds that are listed twice are likelier.
    switch (*rc::gen::inRange(0, 9)) {
        case 0:
        case 1:
            return {"partition", any_partition(nodes)};
        case 2:
            return {"packet", any_packets(nodes)};
        case 3:
            return {"pause", nemesis::PauseFault{any_nodes(nodes, false)}};
        case 4:
            return {"clock", any_clocks(nodes)};
        case 5:
            return {"disk", any_disks(nodes)};
        case 6:
            return {"disk", nemesis::PowerFault{any_nodes(nodes, false), 0}};
        default:
            return {"kill", nemesis::KillFault{any_nodes(nodes, false)}};
    }
}

/// The time in thousandths of the run, so that everything but the order of numbers is drawn before.
PlannedFault any_fault(const Plan& plan) {
    PlannedFault fault;
    auto [name, action] = any_action(plan.nodes);
    fault.name = std::move(name);
    fault.shape = "drawn";
    const auto length = static_cast<int>(plan.time_limit / milliseconds(1));
    fault.at = any_time(0, length - 1);
    fault.duration = std::min<Duration>(any_time(20, 2500), plan.time_limit - fault.at);
    fault.detail = shrink::words_of(action);
    fault.action = std::move(action);
    return fault;
}

void draw_faults(Plan& plan) {
    const int count = chance(10) ? 0 : *rc::gen::inRange(1, 9);
    for (int i = 0; i < count; ++i) {
        plan.faults.push_back(any_fault(plan));
    }
    std::ranges::stable_sort(plan.faults, {}, &PlannedFault::at);
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
        plan.faults[i].id = i + 1;
    }
}

/// No two mutations carry the same value; a cas expects one of the values before.
Request any_request(const Plan& plan, std::int64_t fresh) {
    const auto key = *rc::gen::inRange<std::uint32_t>(0, plan.keys);
    Request request{"read", "k" + std::to_string(key), {}};
    request.object = workloads::find_workload(plan.workload)->object();
    if (chance(50)) {
        return request;
    }
    if (plan.workload == "append") {
        request.function = "append";
        request.value = fresh;
    } else if (plan.workload == "counter") {
        request.function = "add";
        request.value = 1;
    } else if (chance(70)) {
        request.function = "write";
        request.value = fresh;
    } else {
        request.function = "cas";
        const auto expected = std::max<std::int64_t>(1, fresh - *rc::gen::inRange(1, 10));
        request.value = history::Value::List{expected, fresh};
    }
    return request;
}

void draw_operations(Plan& plan) {
    plan.concurrency = *rc::gen::inRange<std::uint32_t>(2, 9);
    plan.keys = *rc::gen::inRange<std::uint32_t>(1, 4);
    plan.operation_timeout = any_time(200, 1000);
    const auto count = *rc::gen::inRange<std::size_t>(20, 200);
    const auto length = static_cast<int>(plan.time_limit / milliseconds(1));
    std::vector<PlannedOperation>& operations = plan.operations.emplace();
    for (std::size_t i = 0; i < count; ++i) {
        PlannedOperation& operation = operations.emplace_back();
        operation.slot = *rc::gen::inRange<std::uint32_t>(0, plan.concurrency);
        operation.node = *rc::gen::inRange<NodeId>(1, plan.nodes + 1);
        operation.at = any_time(0, length - 1);
    }
    std::ranges::stable_sort(operations, {}, &PlannedOperation::at);
    for (std::size_t i = 0; i < count; ++i) {
        operations[i].request = any_request(plan, static_cast<std::int64_t>(i) + 1);
    }
}

void draw_cluster(Plan& plan) {
    plan.nodes = *rc::gen::element<std::uint32_t>(2, 3, 3, 3, 4, 5, 5);
    plan.timing.heartbeat = any_time(20, 80);
    plan.timing.election_min = plan.timing.heartbeat * *rc::gen::inRange(3, 8);
    plan.timing.election_max = plan.timing.election_min * *rc::gen::inRange(12, 21) / 10;
    plan.snapshot_interval = *rc::gen::inRange<std::uint64_t>(5, 100);
    plan.limits =
        NodeLimits{.segment_bytes = *rc::gen::element<std::uint64_t>(4096, 16384, 65536),
                   .max_inflight = *rc::gen::element<std::uint32_t>(1, 2, 4, 64),
                   .max_append_bytes = *rc::gen::element<std::uint32_t>(1, 512, 262144),
                   .snapshot_chunk_bytes = *rc::gen::element<std::uint32_t>(64, 4096, 262144)};
    plan.time_limit = any_time(1500, 6000);
    plan.heal_quorum_only = chance(20);
}

Plan draw(const std::string& bug) {
    Plan plan;
    plan.seed = *rc::gen::arbitrary<std::uint32_t>();
    plan.bug = bug;
    plan.workload = *rc::gen::element<std::string>("register", "register", "append", "counter");
    draw_cluster(plan);
    draw_operations(plan);
    draw_faults(plan);
    return plan;
}

}  // namespace

rc::Gen<Plan> any_plan(const std::string& bug) {
    // The whole range of every number in each case; a plan is made small by smaller_plans alone.
    const auto gen = rc::gen::resize(rc::kNominalSize, rc::gen::exec([bug] { return draw(bug); }));
    return rc::Gen<Plan>([gen](const rc::Random& random, int size) {
        return rc::shrinkable::shrinkRecur(gen(random, size).value(), smaller_plans);
    });
}

}  // namespace squall::harness::properties
