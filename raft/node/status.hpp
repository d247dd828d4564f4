// What a node tells about itself on request (docs/protocol.md, "Status"). The Raft loop publishes,
// the network thread reads.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "raft/core.hpp"
#include "raft/node/metrics.hpp"

namespace squall::raft::node {

struct NodeStatus {
    raft::Status core;
    Index applied = 0;
    std::uint64_t applied_hash = 0;
};

class StatusBoard {
  public:
    void publish(const NodeStatus& status) {
        const std::scoped_lock lock(mutex_);
        status_ = status;
    }

    [[nodiscard]] NodeStatus read() const {
        const std::scoped_lock lock(mutex_);
        return status_;
    }

  private:
    mutable std::mutex mutex_;
    NodeStatus status_;
};

/// `gauges`: what is not counted but stands somewhere, such as queue sizes; listed with the
/// counters. `incarnation` is 0 without a trace.
[[nodiscard]] std::string status_json(const NodeStatus& status,
                                      std::uint64_t incarnation,
                                      const Metrics& metrics,
                                      const std::map<std::string, std::uint64_t>& gauges);

}  // namespace squall::raft::node
