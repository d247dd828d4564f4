// The cluster port on real processes: nodes as children, links through proxies, clients on sockets.
// Puts the parts together and passes their news on; every decision is in one of them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "harness/cluster.hpp"
#include "harness/run.hpp"
#include "harness/systems/system.hpp"

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

class ProcessCluster : public Cluster {
  public:
    struct Options {
        std::string run_directory;
        std::string node_binary;
        std::string clock_shim = {};  ///< Needed by plans with clock faults only.
        bool show_logs = false;       ///< Nodes' errors also go to ours, where they are watched.
        const std::atomic<int>* stop_requests = nullptr;  ///< Seen by `start`.
    };

    /// What the end of the nodes has shown.
    struct Teardown {
        std::vector<NodeExited> crashes;   ///< Ended by themselves, or not as asked.
        std::vector<std::string> remarks;  ///< For the report; no finding.
    };

    /// Claims addresses and makes nodes/<id>/; starts nothing. References must outlive it. `report`
    /// is called from the io_context or from within a call of the port. Throws Failure.
    ProcessCluster(boost::asio::io_context& io,
                   const Plan& plan,
                   const systems::System& system,
                   const Options& options,
                   std::function<void(const Input&)> report);

    /// Stops what still runs.
    ~ProcessCluster() override;

    /// Spawns all nodes and runs the io_context until each answers and one leads. Throws Failure
    /// with the node's command line and last words when that does not happen in time, and when a
    /// stop is requested. Nothing is reported before it returns.
    void start();

    /// Ends every node: SIGTERM, a second of grace, SIGKILL. Blocks, boundedly. Throws Failure when
    /// a node ended badly for want of space.
    Teardown stop();

    /// The nodes that ended by a signal before `start` was through, without anything having been
    /// done to them: what they did is theirs, though the run cannot begin.
    [[nodiscard]] std::vector<NodeExited> crashed_at_start() const;

    /// What has gone wrong on the way between the nodes and us so far.
    [[nodiscard]] std::vector<checker::Check> checks() const;

    /// Since this was last asked: how late the links were at worst, or for how long a thread of a
    /// node had to wait for a CPU within the time of an election timeout.
    [[nodiscard]] Duration take_lag();

    void invoke(const Invocation& invocation) override;
    void abandon(OpId op) override;
    void inject(FaultId id, const nemesis::Fault& fault) override;
    void heal(FaultId id) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// nodes/<id> in the run directory.
[[nodiscard]] std::string node_directory(const std::string& run_directory, NodeId node);

}  // namespace squall::harness::process
