#include "raft/node/raft_loop.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <pthread.h>

#include "raft/limits.hpp"
#include "raft/node/event_log.hpp"

namespace squall::raft::node {

RaftLoop::RaftLoop(NodeId id, server::Server server, const Parts& parts)
    : id_(id), server_(std::move(server)), parts_(parts), thread_([this] { run(); }) {}

RaftLoop::~RaftLoop() {
    parts_.inbox.close();
    thread_.join();
}

void RaftLoop::run() {
    ::pthread_setname_np(::pthread_self(), "raft-loop");
    step({server::TickInput{}});
    // While the disk lags, peers and clients wait in the inbox: it fills up and refuses, instead of
    // the log's queue growing without bound. Timers and confirmations go on.
    while (auto inputs = parts_.inbox.take(server_.next_deadline(), parts_.log.backlogged())) {
        step(std::move(*inputs));
    }
}

void RaftLoop::step(std::vector<server::Input> inputs) {
    const Time now = monotonic_now();
    server::Output output = server_.step(now, std::move(inputs), reply_room());
    parts_.metrics.values_withheld.add(output.values_withheld);
    parts_.log.submit(std::move(output.persist));
    if (parts_.trace != nullptr) {
        try {
            parts_.trace->write(true_now(), output.trace);
        } catch (const std::system_error& error) {
            fatal(exit_disk, error.what());
        }
    }
    parts_.status.publish({server_.status(), server_.applied(), server_.applied_hash()});
    parts_.outbox.push(output.messages, std::move(output.replies));
    note(output.trace);
}

std::size_t RaftLoop::reply_room() const {
    // Replies that are just being moved from the one to the other are missing in both, once.
    const std::size_t taken = parts_.outbox.reply_bytes() + parts_.client_unsent_bytes.load();
    return limits::reply_bytes - std::min(taken, limits::reply_bytes);
}

void RaftLoop::note(const std::vector<TraceEvent>& events) {
    for (const TraceEvent& event : events) {
        if (const auto* role = std::get_if<RoleTrace>(&event)) {
            log_event(id_,
                      fmt::format(
                          "{} term={} leader={}", to_string(role->role), role->term, role->leader));
            if (role->role == Role::leader) {
                log_event(id_, fmt::format("became leader of term {}", role->term));
            }
        } else if (const auto* snapshot = std::get_if<SnapshotTrace>(&event)) {
            (snapshot->installed ? parts_.metrics.snapshots_installed
                                 : parts_.metrics.snapshots_taken)
                .add();
            log_event(id_,
                      fmt::format("{} term={} index={}",
                                  snapshot->installed ? "snapshot_installed" : "snapshot_taken",
                                  snapshot->last.term,
                                  snapshot->last.index));
        }
    }
}

}  // namespace squall::raft::node
