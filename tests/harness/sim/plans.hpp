// Plans and questions that the simulator's tests share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checker/claimed_order.hpp"
#include "checker/linearizability.hpp"
#include "checker/progress.hpp"
#include "harness/plan.hpp"
#include "harness/run_record.hpp"
#include "history/jsonl.hpp"
#include "history/operation.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A short run without faults.
inline Plan calm_plan(std::uint64_t seed) {
    Plan plan;
    plan.seed = seed;
    plan.nodes = 5;
    plan.rate = 50;
    plan.keys = 5;
    plan.operations_per_key = 100;
    plan.time_limit = seconds(4);
    plan.snapshot_interval = 60;
    return plan;
}

/// All fault classes, often.
inline Plan stormy_plan(std::uint64_t seed) {
    Plan plan = calm_plan(seed);
    plan.time_limit = seconds(10);
    plan.fault_classes = {"partition", "kill", "pause", "packet", "clock", "disk"};
    plan.fault_interval = seconds(3);
    plan.heal_quorum_only = draw_heal_quorum_only(seed);
    materialise_faults(plan);
    return plan;
}

/// One fault, exactly this, in the middle of a run.
inline Plan plan_with(std::string name, nemesis::Action action, std::uint64_t seed = 1) {
    Plan plan = calm_plan(seed);
    nemesis::PlannedFault fault;
    fault.id = 1;
    fault.name = std::move(name);
    fault.at = milliseconds(1500);
    fault.duration = milliseconds(1500);
    fault.action = std::move(action);
    plan.faults.push_back(std::move(fault));
    return plan;
}

inline std::int64_t count_ok(const RunRecord& record) {
    return std::count_if(record.events.begin(), record.events.end(), [](const auto& event) {
        return event.type == history::EventType::ok;
    });
}

/// The record of a fault's begin or end; nothing when there is none.
inline const history::FaultRecord* find_fault(const RunRecord& record,
                                              std::uint64_t id,
                                              history::FaultPhase phase) {
    for (const history::Event& event : record.events) {
        if (event.fault && event.fault->id == id && event.fault->phase == phase) {
            return &*event.fault;
        }
    }
    return nullptr;
}

inline const checker::Model& model_of(const RunRecord& record) {
    return *checker::find_model(workloads::find_workload(record.plan.workload)->model());
}

inline checker::LinearizabilityResult linearizability(const RunRecord& record) {
    const history::Pairing pairing = history::pair(record.events);
    return checker::check_linearizable(pairing.operations, model_of(record), checker::Budget{});
}

/// What is wrong with a run, in words; empty when nothing is.
inline std::vector<std::string> problems(const RunRecord& record) {
    std::vector<std::string> found;
    if (!record.void_reason.empty()) {
        found.push_back("void: " + record.void_reason);
    }
    for (const NodeExited& exit : record.unplanned_exits) {
        found.push_back("exit of n");
        found.back() += std::to_string(exit.node) + " (" + exit.how + "): " + exit.last_words;
    }
    for (const checker::Check& check : record.trace_checks) {
        if (check.verdict == checker::Verdict::invalid) {
            found.push_back(check.name + ": " + check.reason);
        }
    }
    const history::Pairing pairing = history::pair(record.events);
    if (pairing.error) {
        found.push_back("history: " + pairing.error->problem);
    }
    const checker::Check progress =
        checker::progress_check(record.events,
                                {.recovery_bound = record.plan.recovery_bound,
                                 .election_timeout = record.plan.timing.election_max},
                                {});
    if (progress.verdict == checker::Verdict::invalid) {
        found.push_back("progress: " + progress.reason);
    }
    const auto result = linearizability(record);
    if (result.verdict == checker::Verdict::invalid) {
        found.push_back(result.counterexample ? result.counterexample->sentence : result.reason);
    } else if (result.verdict == checker::Verdict::unknown) {
        found.push_back("undecided: " + result.reason);
    }
    const auto claimed = checker::claimed_order_check(pairing.operations, model_of(record));
    if (claimed && claimed->verdict != checker::Verdict::valid) {
        found.push_back("claimed order: " + claimed->reason);
    }
    return found;
}

inline std::string history_text(const RunRecord& record) {
    std::string text = history::header_line() + "\n";
    for (const history::Event& event : record.events) {
        text += history::to_line(event) + "\n";
    }
    return text;
}

}  // namespace squall::harness::sim
