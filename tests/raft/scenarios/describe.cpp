#include "tests/raft/scenarios/describe.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "raft/server/command.hpp"

namespace squall::raft::test {

namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string ids_of(const std::vector<Entry>& entries) {
    std::vector<std::string> ids;
    for (const Entry& entry : entries) {
        ids.push_back(text_of(entry.id()));
    }
    return fmt::format("{}", fmt::join(ids, " "));
}

std::string role_text(const RoleTrace& role) {
    const bool led = role.role == Role::follower && role.leader != no_node;
    return fmt::format("{} in term {}{}",
                       to_string(role.role),
                       role.term,
                       led ? fmt::format(", follows {}", role.leader) : "");
}

std::string init_text(const InitTrace& init) {
    std::string text = fmt::format("starts in term {}", init.hard_state.term);
    if (init.hard_state.voted_for != no_node) {
        text += fmt::format(", has voted for {}", init.hard_state.voted_for);
    }
    return text + fmt::format(", log ends at {}", text_of(init.last));
}

std::string append_text(const AppendTrace& append) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < append.terms.size(); ++i) {
        ids.push_back(text_of(LogId{append.terms[i], append.first + i}));
    }
    return fmt::format("appends {}", fmt::join(ids, " "));
}

std::string event_text(const TraceEvent& event) {
    return std::visit(
        Overloaded{
            [](const InitTrace& init) { return init_text(init); },
            [](const RoleTrace& role) { return role_text(role); },
            [](const AppendTrace& append) { return append_text(append); },
            [](const CommitTrace& commit) { return fmt::format("commits up to {}", commit.index); },
            [](const SnapshotTrace& snapshot) {
                return fmt::format("has a snapshot up to {}", text_of(snapshot.last));
            },
            [](const auto&) { return std::string{}; },
        },
        event);
}

std::string promise_text(const Envelope& envelope) {
    if (const auto* vote = std::get_if<VoteReply>(&envelope.message)) {
        return fmt::format("{} {} a {} in term {}",
                           vote->granted ? "grants" : "refuses",
                           envelope.to,
                           vote->pre_vote ? "pre-vote" : "vote",
                           vote->request_term);
    }
    if (const auto* append = std::get_if<AppendReply>(&envelope.message)) {
        if (!append->success && append->conflict.index == 0) {
            return fmt::format("refuses appends of {}: the term is {}", envelope.to, append->term);
        }
        if (!append->success) {
            return fmt::format("rejects an append of {} behind {}, hint {}",
                               envelope.to,
                               append->previous,
                               text_of(append->conflict));
        }
    }
    return {};
}

std::string vote_reply_text(const VoteReply& reply) {
    return fmt::format("{} {} term={} of={}",
                       reply.pre_vote ? "pre_vote_reply" : "vote_reply",
                       reply.granted ? "granted" : "refused",
                       reply.term,
                       reply.request_term);
}

std::string append_reply_text(const AppendReply& reply) {
    return reply.success ? fmt::format("append_reply term={} match={}", reply.term, reply.match)
                         : fmt::format("append_reply rejected term={} previous={} hint={}",
                                       reply.term,
                                       reply.previous,
                                       text_of(reply.conflict));
}

std::string snapshot_reply_text(const SnapshotReply& reply) {
    return reply.installed
               ? fmt::format("snapshot_reply installed term={} match={}", reply.term, reply.match)
               : fmt::format("snapshot_reply term={} wants={}", reply.term, reply.offset);
}

}  // namespace

std::string text_of(LogId id) {
    return fmt::format("{}/{}", id.term, id.index);
}

std::string text_of(const Message& message) {
    return std::visit(
        Overloaded{
            [](const VoteRequest& m) {
                return fmt::format("{} term={} last={}",
                                   m.pre_vote ? "pre_vote_request" : "vote_request",
                                   m.term,
                                   text_of(m.last));
            },
            [](const VoteReply& m) { return vote_reply_text(m); },
            [](const AppendRequest& m) {
                return fmt::format("append_request term={} previous={} commit={} entries=({})",
                                   m.term,
                                   text_of(m.previous),
                                   m.commit,
                                   ids_of(m.entries));
            },
            [](const AppendReply& m) { return append_reply_text(m); },
            [](const Heartbeat& m) {
                return fmt::format(
                    "heartbeat term={} commit={} round={}", m.term, m.commit, m.round);
            },
            [](const HeartbeatReply& m) {
                return fmt::format("heartbeat_reply term={} round={}", m.term, m.round);
            },
            [](const SnapshotChunk& m) {
                return fmt::format("snapshot_chunk term={} last={} bytes={}..{}{}",
                                   m.term,
                                   text_of(m.last),
                                   m.offset,
                                   m.offset + m.data.size(),
                                   m.offset + m.data.size() == m.total ? " (end)" : "");
            },
            [](const SnapshotReply& m) { return snapshot_reply_text(m); },
        },
        message);
}

std::vector<std::string> events_of(const Ready& ready) {
    std::vector<std::string> events;
    for (const Persist& write : ready.persist) {
        if (write.truncate_from) {
            events.push_back(fmt::format("deletes its entries from {} on", *write.truncate_from));
        }
    }
    for (const TraceEvent& event : ready.trace) {
        events.push_back(event_text(event));
    }
    for (const Envelope& envelope : ready.messages) {
        events.push_back(promise_text(envelope));
    }
    if (ready.restore) {
        events.push_back(
            fmt::format("restores the snapshot up to {}", text_of(ready.restore->last)));
    }
    for (const ReadState& read : ready.reads) {
        events.push_back(read.confirmed
                             ? fmt::format("read {} may be served at {}", read.id, read.index)
                             : fmt::format("read {} is given up", read.id));
    }
    std::erase(events, "");
    return events;
}

std::string applied_text(const Entry& entry, const server::Reply& reply) {
    const auto request = server::decode_command(entry.data);
    if (entry.kind != EntryKind::command || !request) {
        return {};
    }
    static constexpr std::array<const char*, 8> names{
        "?", "get", "put", "cas", "erase", "append", "cas_or_create", "add"};
    static constexpr std::array<const char*, 6> statuses{
        "ok", "not_leader", "unknown", "overloaded", "session_expired", "malformed"};
    return fmt::format("applies {} {} {} {}: {}{}",
                       text_of(entry.id()),
                       names.at(static_cast<std::size_t>(request->operation)),
                       request->key,
                       request->value,
                       statuses.at(static_cast<std::size_t>(reply.status)),
                       reply.position != entry.id() && reply.position.index != 0
                           ? fmt::format(", as {} was", text_of(reply.position))
                           : "");
}

std::string status_line(const Node& node) {
    if (!node.core) {
        return "crashed";
    }
    const Status status = node.core->status();
    return fmt::format("{} term={} leader={} last={} commit={} applied={}{}",
                       to_string(status.role),
                       status.term,
                       status.leader,
                       status.last,
                       status.commit,
                       status.applied,
                       status.snapshot == 0 ? "" : fmt::format(" snapshot={}", status.snapshot));
}

std::string log_line(const Node& node) {
    if (!node.core) {
        return "crashed";
    }
    const Status status = node.core->status();
    std::string text;
    for (Index index = 1; index <= status.last; ++index) {
        const auto term = node.core->term_at(index);
        text += term ? fmt::format("{}", *term) : std::string("*");
        if (index < status.last || index == status.commit) {
            text += index == status.commit ? " |" : "";
            text += index < status.last ? " " : "";
        }
    }
    return status.commit == 0 ? "| " + text : text;
}

std::string disk_line(const Node& node) {
    const Recovered found = node.disk.recovered();
    std::vector<Term> terms;
    for (const Entry& entry : found.entries) {
        terms.push_back(entry.term);
    }
    return fmt::format(
        "term={} vote={}{} log=({}){}",
        found.hard_state.term,
        found.hard_state.voted_for,
        found.snapshot ? " snapshot=" + text_of(found.snapshot->last) : "",
        fmt::join(terms, " "),
        node.writes.empty() ? "" : fmt::format(", {} writes under way", node.writes.size()));
}

std::string progress_line(const Progress& progress) {
    static constexpr std::array<const char*, 3> states{"probe", "replicate", "snapshot"};
    return fmt::format(
        "{}: {} match={} next={}{}{}",
        progress.id,
        states.at(static_cast<std::size_t>(progress.state)),
        progress.match,
        progress.next,
        progress.paused ? " paused" : "",
        progress.inflight.empty() ? "" : fmt::format(" inflight={}", progress.inflight.size()));
}

}  // namespace squall::raft::test
