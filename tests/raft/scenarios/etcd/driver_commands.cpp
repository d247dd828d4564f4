// Which commands of InteractionEnv there are, which of them our core has no feature for, and the
// answers to those that only ask.
#include <array>

#include <fmt/format.h>

#include "tests/raft/scenarios/etcd/driver.hpp"

namespace squall::raft::test::etcd {

namespace {

/// Commands and options of add-nodes about what the core does not have.
const std::map<std::string, std::string>& missing() {
    static const std::map<std::string, std::string> features{
        {"propose-conf-change", "membership changes"},
        {"transfer-leadership", "leadership transfer"},
        {"forget-leader", "forgetting the leader"},
        {"send-snapshot", "snapshots sent on demand"},
        {"report-unreachable", "reports of unreachable peers"},
        {"learners", "learners"},
        {"max-committed-size-per-ready", "a limit on what one Ready commits"},
        {"disable-conf-change-validation", "membership changes"},
        {"read-only", "reads in the scripts"},
        {"step-down-on-removal", "membership changes"},
        {"content", "chosen snapshot contents"},
    };
    return features;
}

const char* state_of(Role role) {
    static constexpr std::array<const char*, 4> names{
        "StateFollower", "StatePreCandidate", "StateCandidate", "StateLeader"};
    return names.at(static_cast<std::size_t>(role));
}

}  // namespace

const std::map<std::string, Driver::Run>& Driver::commands() {
    static const std::map<std::string, Run> table{
        {"add-nodes", &Driver::add_nodes},
        {"campaign", &Driver::campaign},
        {"compact", &Driver::compact},
        {"deliver-msgs", &Driver::deliver_messages},
        {"log-level", &Driver::log_level},
        {"process-append-thread", &Driver::process_append_thread},
        // What is committed is applied at once.
        {"process-apply-thread", [](Driver&, const Command&) {}},
        {"process-ready", &Driver::process_ready},
        {"propose", &Driver::propose},
        {"raft-log", &Driver::raft_log},
        {"raft-state", &Driver::raft_state},
        {"set-randomized-election-timeout", &Driver::set_election_timeout},
        {"stabilize", &Driver::stabilize},
        {"status", &Driver::status},
        {"tick-election", [](Driver& d, const Command& c) { d.tick_times(c, election_ticks); }},
        {"tick-heartbeat", [](Driver& d, const Command& c) { d.tick_times(c, 1); }},
    };
    return table;
}

Outcome Driver::execute(const Command& command) {
    outcome_ = {};
    const auto lacks = missing().find(command.name);
    if (lacks != missing().end()) {
        outcome_.inexpressible = lacks->second;
        return std::move(outcome_);
    }
    for (const auto& [key, values] : command.options) {
        if (const auto option = missing().find(key); option != missing().end()) {
            outcome_.inexpressible = option->second;
            return std::move(outcome_);
        }
    }
    const auto found = commands().find(command.name);
    if (found == commands().end()) {
        command.fail("no command of InteractionEnv that is known here");
    }
    found->second(*this, command);
    return std::move(outcome_);
}

void Driver::raft_log(const Command& command) {
    for (const Entry& entry : node(command, 0).disk.entries()) {
        add(no_node,
            Kind::answer,
            fmt::format("{}/{} EntryNormal \"{}\"", entry.term, entry.index, entry.data));
    }
}

void Driver::raft_state(const Command&) {
    for (const auto& [id, node] : world_.nodes()) {
        const Status status = node.core->status();
        add(no_node,
            Kind::answer,
            fmt::format("{}: {} (Voter) Term:{} Lead:{}",
                        id,
                        state_of(status.role),
                        status.term,
                        status.leader));
    }
}

void Driver::status(const Command& command) {
    static constexpr std::array<const char*, 3> states{
        "StateProbe", "StateReplicate", "StateSnapshot"};
    const Node& leader = node(command, 0);
    const Status self = leader.core->status();
    std::map<NodeId, std::string> lines;
    lines[self.id] =
        fmt::format("{}: StateReplicate match={} next={}", self.id, self.durable, self.durable + 1);
    for (const Progress& peer : leader.core->progress()) {
        const bool full = peer.inflight.size() >= leader.config.max_inflight_messages;
        const bool at_end = peer.state == Progress::State::probe && peer.match == self.last;
        lines[peer.id] = fmt::format(
            "{}: {} match={} next={}{}{}{}",
            peer.id,
            states.at(static_cast<std::size_t>(peer.state)),
            peer.match,
            peer.next,
            full || peer.paused || peer.state == Progress::State::snapshot ? " paused" : "",
            peer.inflight.empty()
                ? ""
                : fmt::format(" inflight={}{}", peer.inflight.size(), full ? "[full]" : ""),
            at_end ? " caught up" : "");
    }
    for (const auto& [id, line] : lines) {
        add(no_node, Kind::answer, line);
    }
}

}  // namespace squall::raft::test::etcd
