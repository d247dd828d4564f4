#include "harness/process/run_processes.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "checker/trace.hpp"
#include "harness/failure.hpp"
#include "harness/process/clock_support.hpp"
#include "harness/process/process_cluster.hpp"
#include "harness/process/real_time_driver.hpp"
#include "harness/systems/system.hpp"
#include "history/recorder.hpp"

namespace squall::harness::process {

namespace {

const systems::System& system_of(const Plan& plan) {
    const systems::System* system = systems::find_system(plan.system);
    if (system == nullptr) {
        throw Failure(fmt::format("there is no system '{}'; see `squall list`", plan.system));
    }
    return *system;
}

void require_program(const std::string& path) {
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
        throw Failure(path + " is not a file; name the node's program");
    }
    if (::access(path.c_str(), X_OK) != 0) {
        throw Failure(fmt::format(
            "{}: {}; build it or name another", path, std::generic_category().message(errno)));
    }
}

/// Far beyond what a healthy run takes: the phases after the main one are bounded by Run, this
/// bounds our own mistakes.
Duration duration_max(const Plan& plan) {
    constexpr auto slack = std::chrono::seconds(60);
    return plan.time_limit + 2 * plan.recovery_bound + 2 * plan.operation_timeout + slack;
}

std::vector<checker::Check> check_traces(const Plan& plan,
                                         const systems::System& system,
                                         const std::string& run_directory) {
    checker::TraceChecker checker;
    std::vector<checker::Check> unreadable;
    for (NodeId node = 1; node <= plan.nodes; ++node) {
        const checker::LoadedTrace trace =
            checker::load_traces(node_directory(run_directory, node) + "/trace");
        if (trace.error) {
            checker::Check check;
            check.name = fmt::format("trace of n{}", node);
            check.detector = "trace";
            check.verdict = checker::Verdict::unknown;
            check.reason = *trace.error;
            unreadable.push_back(std::move(check));
        }
        // Also what stands before a line that cannot be read: it may hold a conviction.
        for (const checker::TraceRecord& record : trace.records) {
            checker.add(record);
        }
    }
    std::vector<checker::Check> checks = checker.results();
    if (!system.capabilities().traces) {
        // What such nodes do not tell, nobody misses.
        std::erase_if(checks, [](const checker::Check& check) {
            return check.verdict == checker::Verdict::unknown;
        });
    }
    checks.insert(checks.end(), unreadable.begin(), unreadable.end());
    return checks;
}

}  // namespace

RunRecord run_processes(const Plan& plan, const ProcessOptions& options) {
    const systems::System& system = system_of(plan);
    require_program(plan.program.empty() ? options.node_binary : plan.program.front());
    Run run(plan);
    history::FileRecorder recorder(options.run_directory + "/history.jsonl");
    boost::asio::io_context io(1);
    ProcessCluster* links = nullptr;  // Set before the driver runs.
    RealTimeDriver driver(io,
                          run,
                          recorder,
                          {.duration_max = duration_max(plan),
                           .on_progress = options.on_progress,
                           .stop_requests = options.stop_requests,
                           .other_lag = [&links] { return links->take_lag(); }});
    RunRecord record;
    record.plan = plan;
    ProcessCluster::Teardown teardown;
    {
        ProcessCluster cluster(
            io,
            plan,
            system,
            {.run_directory = options.run_directory,
             .node_binary = options.node_binary,
             .clock_shim = options.clock_shim.empty() ? default_clock_shim() : options.clock_shim,
             .show_logs = options.show_logs,
             .stop_requests = options.stop_requests},
            [&driver](const Input& input) { driver.enqueue(input); });
        // The run boundary: whatever the harness could not do makes the run void.
        try {
            cluster.start();
            links = &cluster;
            driver.drive(cluster);
            record.elapsed = driver.now();
            // What a void run's nodes do when they are stopped is not looked at.
            teardown = cluster.stop();
        } catch (const std::exception& failure) {
            record.void_reason = failure.what();
        }
        record.lag = driver.lag();
        record.monotonic_origin = driver.origin();
        record.wiring_checks = cluster.checks();
        record.unplanned_exits = cluster.crashed_at_start();
    }
    record.realised = run.realised();
    record.events = recorder.events();
    for (const auto& exits : {run.unplanned_exits(), teardown.crashes}) {
        record.unplanned_exits.insert(record.unplanned_exits.end(), exits.begin(), exits.end());
    }
    record.remarks = std::move(teardown.remarks);
    record.trace_checks = check_traces(plan, system, options.run_directory);
    return record;
}

}  // namespace squall::harness::process
