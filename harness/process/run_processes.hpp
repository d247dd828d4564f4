// Runs a plan on real processes in real time. Everything that it starts is gone when it returns or
// throws, and also when the calling process dies in any way.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "harness/plan.hpp"
#include "harness/run.hpp"
#include "harness/run_record.hpp"

namespace squall::harness::process {

struct ProcessOptions {
    std::string run_directory;  ///< Exists. history.jsonl and nodes/<id>/{log,trace,data} go here.
    std::string node_binary;    ///< Path of raft-node.
    /// For clock faults; empty: libsquall_clock.so beside this program.
    std::string clock_shim = {};
    bool show_logs = false;  ///< Nodes' errors also go to ours; systems on standard I/O.
    /// Called about twice a second with the run's progress, and at every change of phase.
    std::function<void(Time, const Progress&)> on_progress;
    /// Set from a signal handler: heal, settle, finish early.
    const std::atomic<int>* stop_requests = nullptr;
};

/// The record's trace checks are over the trace files. A harness failure after the start makes the
/// record void
/// (`void_reason`) instead of throwing; one before (missing binary, no address) throws Failure.
[[nodiscard]] RunRecord run_processes(const Plan& plan, const ProcessOptions& options);

}  // namespace squall::harness::process
