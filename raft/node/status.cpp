#include "raft/node/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::raft::node {

std::string status_json(const NodeStatus& status,
                        std::uint64_t incarnation,
                        const Metrics& metrics,
                        const std::map<std::string, std::uint64_t>& gauges) {
    nlohmann::json counters = gauges;
    counters["frames_rejected"] = metrics.frames_rejected.value();
    counters["connections"] = metrics.connections.value();
    counters["connections_refused"] = metrics.connections_refused.value();
    counters["dials"] = metrics.dials.value();
    counters["messages_sent"] = metrics.messages_sent.value();
    counters["messages_received"] = metrics.messages_received.value();
    counters["messages_dropped"] = metrics.messages_dropped.value();
    counters["proposals"] = metrics.proposals.value();
    counters["reads"] = metrics.reads.value();
    counters["requests_overloaded"] = metrics.requests_overloaded.value();
    counters["persists"] = metrics.persists.value();
    counters["log_writes"] = metrics.log_writes.value();
    counters["snapshots_taken"] = metrics.snapshots_taken.value();
    counters["snapshots_installed"] = metrics.snapshots_installed.value();
    const nlohmann::json json = {
        {"node", status.core.id},
        {"incarnation", incarnation},
        {"role", to_string(status.core.role)},
        {"term", status.core.term},
        {"leader", status.core.leader},
        {"commit", status.core.commit},
        {"applied", status.applied},
        {"last", status.core.last},
        {"durable", status.core.durable},
        {"snapshot", status.core.snapshot},
        {"applied_hash", fmt::format("{:016x}", status.applied_hash)},
        {"metrics", counters},
    };
    return json.dump();
}

}  // namespace squall::raft::node
