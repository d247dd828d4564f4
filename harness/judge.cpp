#include "harness/judge.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "checker/claimed_order.hpp"
#include "checker/coverage.hpp"
#include "checker/election.hpp"
#include "checker/linearizability.hpp"
#include "checker/model.hpp"
#include "checker/progress.hpp"
#include "harness/availability.hpp"
#include "history/operation.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {
namespace {

using checker::Check;
using checker::Verdict;

std::string_view model_of(const Plan& plan) {
    const workloads::Workload* workload = workloads::find_workload(plan.workload);
    return workload == nullptr ? std::string_view{} : workload->model();
}

std::vector<Check> linearizable(const Evidence& evidence) {
    const std::string_view name = model_of(evidence.record.plan);
    if (name.empty()) {
        return {};
    }
    const checker::Model* model = checker::find_model(name);
    if (model == nullptr) {
        return {{.name = "linearizable",
                 .verdict = Verdict::unknown,
                 .reason = "workload " + evidence.record.plan.workload + " has no known model"}};
    }
    return {checker::linearizability_check(evidence.operations, *model, evidence.budget)};
}

std::vector<Check> claimed_order(std::span<const history::Operation> operations,
                                 std::string_view model_name) {
    const checker::Model* model = checker::find_model(model_name);
    if (model == nullptr) {
        return {};
    }
    std::optional<Check> check = checker::claimed_order_check(operations, *model);
    return check ? std::vector{std::move(*check)} : std::vector<Check>{};
}

std::vector<Check> claimed_order(const Evidence& evidence) {
    return claimed_order(evidence.operations, model_of(evidence.record.plan));
}

std::vector<Check> election(const Evidence& evidence) {
    if (evidence.record.plan.workload != "election") {
        return {};
    }
    return {checker::election_check(evidence.operations)};
}

bool disks_failed(const Plan& realised) {
    return std::any_of(realised.faults.begin(), realised.faults.end(), [](const auto& fault) {
        return fault.action && std::holds_alternative<nemesis::DiskFault>(*fault.action);
    });
}

/// A node whose disk does not write says for ever that it would vote and never can: that others
/// begin term after term is not against Raft then. The node's core could not know better. A grant
/// of a pre-vote promises nothing and needs no disk (dissertation §9.6, and so has it etcd/raft);
/// whether the next write succeeds shows when it is made. A write at every start, before the first
/// grant, would cost a sync where all is well, and prove nothing where some writes fail, or where a
/// full disk has room left in the segment that is open.
std::vector<Check> traces(const Evidence& evidence) {
    std::vector<Check> checks = evidence.record.trace_checks;
    for (Check& check : checks) {
        if (check.name == "term-growth" && check.verdict == Verdict::invalid &&
            disks_failed(evidence.record.realised)) {
            check.verdict = Verdict::unknown;
            check.reason += ", but disks did not write at times";
        }
    }
    return checks;
}

std::vector<Check> protocol(const Evidence& evidence) {
    return evidence.record.wiring_checks;
}

std::vector<Check> no_crash(const Evidence& evidence) {
    std::vector<checker::CrashFinding> findings;
    for (const NodeExited& exited : evidence.record.unplanned_exits) {
        findings.push_back({exited.node, exited.how, exited.last_words});
    }
    Check check = checker::crash_check(findings);
    check.details.insert(
        check.details.end(), evidence.record.remarks.begin(), evidence.record.remarks.end());
    return {check};
}

std::vector<Check> progress(const Evidence& evidence) {
    const RunRecord& record = evidence.record;
    const checker::ProgressLimits limits{.recovery_bound = record.plan.recovery_bound,
                                         .election_timeout = record.plan.timing.election_max};
    const checker::LagFacts lag{.recovery_loop_lag_max = record.lag.loop_lag_recovery_max};
    return {checker::progress_check(record.events, limits, lag)};
}

std::vector<Check> availability(const Evidence& evidence) {
    return {availability_check(evidence.record)};
}

std::vector<Check> coverage(const Evidence& evidence) {
    checker::CoverageRequirements required{
        .fault_classes = evidence.record.plan.fault_classes,
    };
    if (evidence.record.plan.swarm) {
        // Nobody asked for this plan in particular: what its seeds reach together is what counts.
        required.ok_operations_min = 0;
    }
    return {checker::coverage_check(evidence.record.events, required)};
}

constexpr std::array registry{
    Detector{"linearizability",
             "client histories, key by key, against a sequential model",
             linearizable},
    Detector{"claimed-order",
             "where the system says that operations stand in its log, replayed",
             claimed_order},
    Detector{"election", "no term has two leaders, by what nodes answer to clients", election},
    Detector{"trace", "the paper's invariants over the traces of all nodes", traces},
    Detector{"protocol", "what nodes write is Maelstrom's protocol", protocol},
    Detector{"crash", "no node ended that nobody ended", no_crash},
    Detector{"progress", "after healing the cluster serves again within a bound", progress, true},
    Detector{"availability",
             "while a majority is up and connected, somebody is served within a bound",
             availability},
    Detector{"coverage",
             "every fault asked for took effect and enough operations succeeded",
             coverage,
             true},
};

void count(const std::vector<history::Operation>& operations, Results& results) {
    for (const history::Operation& operation : operations) {
        const auto add = [&](OperationCounts& counts) {
            switch (operation.outcome) {
                case history::Outcome::ok:
                    ++counts.ok;
                    break;
                case history::Outcome::fail:
                    ++counts.fail;
                    break;
                case history::Outcome::info:
                    ++counts.info;
                    break;
            }
        };
        if (operation.final_read) {
            add(results.final_reads);
        } else {
            add(results.operations);
            add(results.by_function[operation.function]);
        }
    }
}

void summarise_faults(const std::vector<history::Event>& events, Results& results) {
    for (const history::Event& event : events) {
        if (!event.fault) {
            continue;
        }
        FaultSummary& summary = results.faults[event.fault->name];
        switch (event.fault->phase) {
            case history::FaultPhase::begin:
                ++summary.injected;
                break;
            case history::FaultPhase::skipped:
                ++summary.skipped;
                break;
            case history::FaultPhase::end:
                for (const auto& [what, amount] : event.fault->effect) {
                    checker::add_effect(summary.effect, what, amount);
                }
                break;
        }
    }
}

RunVerdict merge(const RunRecord& record, const std::vector<Check>& checks) {
    // A void run proves nothing good, but what its history already shows to be wrong stays wrong.
    switch (checker::worst(checks)) {
        case Verdict::invalid:
            return RunVerdict::invalid;
        case Verdict::unknown:
            return record.void_reason.empty() ? RunVerdict::unknown : RunVerdict::void_run;
        case Verdict::valid:
            break;
    }
    return record.void_reason.empty() ? RunVerdict::valid : RunVerdict::void_run;
}

std::vector<std::string> reasons_of(const RunRecord& record, const std::vector<Check>& checks) {
    std::vector<std::string> reasons;
    const auto add = [&](Verdict verdict) {
        for (const Check& check : checks) {
            if (check.verdict == verdict) {
                reasons.push_back(check.name + ": " + check.reason);
            }
        }
    };
    add(Verdict::invalid);
    if (!record.void_reason.empty()) {
        reasons.push_back("the harness failed: " + record.void_reason);
        return reasons;  // What could not be seen is no news after that.
    }
    add(Verdict::unknown);
    return reasons;
}

std::vector<Check> pairing_check(const history::Pairing& pairing) {
    if (!pairing.error) {
        return {};
    }
    return {
        {.name = "history",
         .detector = "pairing",
         .verdict = Verdict::unknown,
         .reason = "event " + std::to_string(pairing.error->event) + ": " + pairing.error->problem,
         .evidence = {pairing.error->event}}};
}

}  // namespace

const char* to_string(RunVerdict verdict) {
    switch (verdict) {
        case RunVerdict::valid:
            return "valid";
        case RunVerdict::unknown:
            return "unknown";
        case RunVerdict::invalid:
            return "invalid";
        case RunVerdict::void_run:
            return "void";
    }
    return "void";
}

int exit_code(RunVerdict verdict) {
    switch (verdict) {
        case RunVerdict::valid:
            return 0;
        case RunVerdict::invalid:
            return 1;
        case RunVerdict::unknown:
            return 2;
        case RunVerdict::void_run:
            return 3;
    }
    return 3;
}

std::span<const Detector> detectors() {
    return registry;
}

Results judge(const RunRecord& record, const JudgeOptions& options) {
    const history::Pairing pairing = history::pair(record.events);
    const Evidence evidence{record, pairing.operations, options.budget};
    Results results;
    results.version = options.version;
    results.command = options.command;
    results.plan = record.plan;
    results.events = record.events.size();
    results.lag = record.lag;
    results.elapsed = record.elapsed;
    results.monotonic_origin = record.monotonic_origin;
    results.checks = pairing_check(pairing);
    for (const Detector& detector : options.detectors) {
        if (!record.void_reason.empty() && detector.needs_complete_run) {
            continue;
        }
        for (Check& check : detector.run(evidence)) {
            results.checks.push_back(std::move(check));
        }
    }
    results.verdict = merge(record, results.checks);
    results.reasons = reasons_of(record, results.checks);
    count(pairing.operations, results);
    summarise_faults(record.events, results);
    const double seconds = std::chrono::duration<double>(record.plan.time_limit).count();
    results.operations_per_second =
        seconds > 0 ? static_cast<double>(results.operations.ok) / seconds : 0;
    return results;
}

std::vector<Check> judge_history(std::span<const history::Event> events,
                                 std::string_view model_name,
                                 const checker::Budget& budget) {
    const history::Pairing pairing = history::pair(events);
    std::vector<Check> checks = pairing_check(pairing);
    if (const checker::Model* model = checker::find_model(model_name)) {
        checks.push_back(checker::linearizability_check(pairing.operations, *model, budget));
        for (Check& check : claimed_order(pairing.operations, model_name)) {
            checks.push_back(std::move(check));
        }
    }
    return checks;
}

}  // namespace squall::harness
