#include "raft/node/status.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::raft::node {

namespace {

void add_counters(const Metrics& metrics, nlohmann::json& counters) {
    const std::pair<const char*, const Counter&> named[] = {
        {"frames_too_long", metrics.frames_too_long},
        {"frames_bad_checksum", metrics.frames_bad_checksum},
        {"frames_malformed", metrics.frames_malformed},
        {"hellos_refused", metrics.hellos_refused},
        {"frames_truncated", metrics.frames_truncated},
        {"connections", metrics.connections},
        {"connections_refused", metrics.connections_refused},
        {"connections_evicted", metrics.connections_evicted},
        {"stalled_senders", metrics.stalled_senders},
        {"stalled_readers", metrics.stalled_readers},
        {"hoarders_closed", metrics.hoarders_closed},
        {"peers_replaced", metrics.peers_replaced},
        {"dials", metrics.dials},
        {"lines_ignored", metrics.lines_ignored},
        {"lines_too_long", metrics.lines_too_long},
        {"answers_dropped", metrics.answers_dropped},
        {"messages_sent", metrics.messages_sent},
        {"messages_received", metrics.messages_received},
        {"messages_dropped", metrics.messages_dropped},
        {"proposals", metrics.proposals},
        {"reads", metrics.reads},
        {"requests_overloaded", metrics.requests_overloaded},
        {"requests_malformed", metrics.requests_malformed},
        {"values_withheld", metrics.values_withheld},
        {"persists", metrics.persists},
        {"log_writes", metrics.log_writes},
        {"snapshots_taken", metrics.snapshots_taken},
        {"snapshots_installed", metrics.snapshots_installed},
    };
    for (const auto& [name, counter] : named) {
        counters[name] = counter.value();
    }
    counters["frames_rejected"] = metrics.frames_too_long.value() +
                                  metrics.frames_bad_checksum.value() +
                                  metrics.frames_malformed.value() + metrics.hellos_refused.value();
}

void add_refusals(const Refusals& refusals, nlohmann::json& counters) {
    counters["messages_misaddressed"] = refusals.misaddressed;
    counters["messages_bad_term"] = refusals.bad_term;
    counters["messages_bad_content"] = refusals.bad_content;
    counters["messages_contradictory"] = refusals.contradictory;
    counters["snapshots_unusable"] = refusals.unusable_snapshots;
}

}  // namespace

std::string status_json(const NodeStatus& status,
                        std::uint64_t incarnation,
                        const Metrics& metrics,
                        const std::map<std::string, std::uint64_t>& gauges) {
    nlohmann::json counters = gauges;
    add_counters(metrics, counters);
    add_refusals(status.core.refusals, counters);
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
