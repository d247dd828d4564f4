#include "tests/raft/scenarios/etcd/differences.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

namespace squall::raft::test::etcd {

CoreConfig config_for(const Rules& rules, zoo::Bugs bugs) {
    CoreConfig config;
    config.heartbeat_interval = tick;
    config.election_timeout_min = election_ticks * tick;
    config.election_timeout_max = 2 * election_ticks * tick;
    config.compaction_margin = 0;
    config.seed = 7;
    config.bugs = bugs;
    if (!rules.pre_vote) {
        config.bugs.enable(zoo::Bug::no_prevote);
    }
    if (!rules.check_quorum) {
        config.bugs.enable(zoo::Bug::no_checkquorum);
    }
    return config;
}

Recovered bootstrap(Index index, const std::vector<NodeId>& voters) {
    if (index == 0) {
        return {};
    }
    server::StateMachine application{100};
    for (Index i = 1; i <= index; ++i) {
        application.apply({0, i, EntryKind::noop, {}});
    }
    auto data = std::make_shared<const std::string>(application.encode());
    return {{}, Snapshot{{0, index}, voters, std::move(data)}, {}};
}

std::vector<Envelope> prepare(const Rules& rules,
                              Node& node,
                              const Envelope& envelope,
                              std::vector<Excused>& excused) {
    const auto* request = std::get_if<VoteRequest>(&envelope.message);
    if (request == nullptr || rules.check_quorum) {
        return {};
    }
    const Status status = node.core->status();
    if (status.role != Role::leader) {
        node.clock += election_ticks * tick;
        return {};
    }
    if (request->pre_vote) {
        excused.push_back({node.id(), fmt::format("MsgPreVote of {}: ", envelope.from)});
        return {};
    }
    if (request->term <= status.term) {
        return {};
    }
    return {{envelope.from, node.id(), VoteReply{request->term, 0, false, false}}};
}

bool waits_for_heartbeat(const Node& leader, const Node& follower) {
    const Status from = leader.core->status();
    const Status to = follower.core->status();
    return from.role == Role::leader && to.leader == from.id && to.term == from.term &&
           (to.commit < from.commit || to.last < from.last);
}

bool commits_without_appends(const Node& node) {
    bool commits = false;
    for (const Ready& ready : node.readys) {
        commits = commits || !ready.committed.empty();
        for (const Envelope& envelope : ready.messages) {
            if (std::holds_alternative<AppendRequest>(envelope.message)) {
                return false;
            }
        }
    }
    return commits && node.core->status().role == Role::leader;
}

bool writes_before_asking(const Node& node) {
    return node.core->status().role == Role::candidate;
}

void even_out(Skeleton& expected, Skeleton& observed, const std::vector<Excused>& excused) {
    for (const Excused& excuse : excused) {
        for (Skeleton* side : {&expected, &observed}) {
            if (const auto votes = side->find({excuse.node, Kind::vote}); votes != side->end()) {
                std::erase_if(votes->second, [&](const std::string& event) {
                    return event.starts_with(excuse.event_prefix);
                });
            }
        }
    }
    static const std::regex in_snapshot(R"((\d+: StateSnapshot match=\d+).*)");
    static const std::regex caught_up(R"((\d+: State)(?:Replicate|Probe)( match=\d+ next=\d+).*)");
    for (Skeleton* side : {&expected, &observed}) {
        for (auto& [key, events] : *side) {
            if (key.second == Kind::reject && events.size() > 1) {
                events.resize(1);
            }
            for (std::string& event : events) {
                if (key.second == Kind::answer) {
                    event = std::regex_replace(event, in_snapshot, "$1");
                }
            }
        }
    }
    auto& etcd = expected[{no_node, Kind::answer}];
    auto& ours = observed[{no_node, Kind::answer}];
    for (std::size_t i = 0; i < std::min(etcd.size(), ours.size()); ++i) {
        // Only where ours probes and nothing is left to send.
        if (ours[i].find("StateProbe") != std::string::npos && ours[i].ends_with(" caught up")) {
            ours[i] = std::regex_replace(ours[i], caught_up, "$1Replicate$2");
        }
    }
    for (Skeleton* side : {&expected, &observed}) {
        std::erase_if(*side, [](const auto& item) { return item.second.empty(); });
    }
}

}  // namespace squall::raft::test::etcd
