#include "harness/report/results_json.hpp"

#include <nlohmann/json.hpp>

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

Json counts_json(const OperationCounts& counts) {
    return {{"ok", counts.ok}, {"fail", counts.fail}, {"info", counts.info}};
}

Json linearization_json(const checker::PartialLinearization& linearization) {
    Json steps = Json::array();
    for (const checker::LinearizedStep& step : linearization.steps) {
        steps.push_back({step.operation, step.state});
    }
    Json blocked = Json::array();
    for (const checker::Blocked& operation : linearization.blocked) {
        blocked.push_back({operation.operation, operation.why});
    }
    return {{"initial", linearization.initial}, {"steps", steps}, {"blocked", blocked}};
}

Json check_json(const checker::Check& check) {
    Json json = {{"name", check.name},
                 {"detector", check.detector},
                 {"verdict", checker::to_string(check.verdict)},
                 {"reason", check.reason},
                 {"details", check.details},
                 {"evidence", check.evidence},
                 {"budget_used", {{"steps", check.spent.steps}, {"bytes", check.spent.bytes}}}};
    if (check.linearization) {
        json["linearization"] = linearization_json(*check.linearization);
    }
    return json;
}

Json faults_json(const Results& results) {
    Json faults = Json::object();
    for (const auto& [name, summary] : results.faults) {
        faults[name] = {{"injected", summary.injected},
                        {"skipped", summary.skipped},
                        {"effect", summary.effect}};
    }
    return faults;
}

double milliseconds(Duration duration) {
    return static_cast<double>(duration.count() / 1000) / 1000.0;
}

Json size_json(const RunSize& size) {
    return {{"faults", size.faults},
            {"operations", size.operations},
            {"nodes", size.nodes},
            {"time_limit_ms", milliseconds(size.length)}};
}

Json shrinkage_json(const Shrinkage& shrinkage) {
    return {{"before", size_json(shrinkage.before)},
            {"after", size_json(shrinkage.after)},
            {"complete", shrinkage.complete},
            {"failed", shrinkage.failed},
            {"runs", shrinkage.runs}};
}

}  // namespace

std::string results_json(const Results& results) {
    Json by_function = Json::object();
    for (const auto& [function, counts] : results.by_function) {
        by_function[function] = counts_json(counts);
    }
    Json checks = Json::array();
    for (const checker::Check& check : results.checks) {
        checks.push_back(check_json(check));
    }
    Json json = {
        {"squall_results", results_version},
        {"verdict", to_string(results.verdict)},
        {"reasons", results.reasons},
        {"checks", checks},
        {"operations",
         {{"main", counts_json(results.operations)},
          {"by_function", by_function},
          {"final_reads", counts_json(results.final_reads)}}},
        {"faults", faults_json(results)},
        {"events", results.events},
        {"command", results.command},
        {"seed", results.plan.seed},
        {"version", results.version},
        {"timings",
         {{"elapsed_ms", milliseconds(results.elapsed)},
          {"monotonic_origin_ns", results.monotonic_origin.count()},
          {"ok_operations_per_second", results.operations_per_second},
          {"loop_lag_max_ms", milliseconds(results.lag.loop_lag_max)},
          {"loop_lag_recovery_max_ms", milliseconds(results.lag.loop_lag_recovery_max)},
          {"cpu_steal", results.lag.cpu_steal}}},
    };
    if (results.plan_given) {
        json["plan_given"] = true;
    }
    if (results.reproduction) {
        json["reproduction"] = {{"check", results.reproduction->check},
                                {"failed", results.reproduction->failed},
                                {"runs", results.reproduction->runs},
                                {"failed_before", results.reproduction->failed_before},
                                {"runs_before", results.reproduction->runs_before}};
    }
    if (results.shrunk_to) {
        json["shrunk_to"] = shrinkage_json(*results.shrunk_to);
    }
    if (results.shrunk_from) {
        json["shrunk_from"] = shrinkage_json(*results.shrunk_from);
    }
    // A node's last words may hold any bytes.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace squall::harness::report
