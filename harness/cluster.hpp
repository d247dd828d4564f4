// The port between the interpreter of a plan and whatever runs the nodes: real processes or the
// simulator. Calls return at once; results come back as Inputs to Run, through the driver's queue,
// never by re-entering Run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "nemesis/fault.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {

/// One client operation in flight. Unique in a run, from 1.
using OpId = std::uint64_t;

struct Invocation {
    OpId op = 0;
    ClientId client = 0;
    /// Number of this mutation among the client's, from 1; one that failed leaves its number to
    /// the next, so that there are no gaps. With `client` it identifies the mutation to the
    /// server, so that it may be sent again. Reads carry the number of the latest one.
    std::uint64_t sequence = 0;
    NodeId node = 0;  ///< Asked first.
    workloads::Request request;
    Duration
        timeout{};  ///< Give up after this; Run times out by itself, the cluster just cleans up.
};

struct Capabilities {
    bool links = false;
    bool processes = false;
    bool clocks = false;
    bool disks = false;
    bool traces = false;  ///< Nodes write docs/trace-format.md, and all invariants can be checked.
};

class Cluster {
  public:
    Cluster() = default;
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;
    virtual ~Cluster() = default;

    virtual void invoke(const Invocation& invocation) = 0;

    /// The operation timed out: forget it. A reply that still comes is dropped by Run.
    virtual void abandon(OpId op) = 0;

    virtual void inject(FaultId id, const nemesis::Fault& fault) = 0;
    virtual void heal(FaultId id) = 0;
};

}  // namespace squall::harness
