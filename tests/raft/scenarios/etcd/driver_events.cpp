// How what our core does becomes a skeleton.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tests/raft/scenarios/etcd/driver.hpp"

namespace squall::raft::test::etcd {

namespace {

std::string text_of(const Entry& entry) {
    return fmt::format("{}/{} \"{}\"", entry.term, entry.index, entry.data);
}

std::string text_of(const RoleTrace& role) {
    std::string name = to_string(role.role);
    std::replace(name.begin(), name.end(), '_', '-');
    return fmt::format("{} in term {}", name, role.term);
}

}  // namespace

Driver::Driver(zoo::Bugs bugs)
    : world_({
          .taken =
              [this](const Node& node, const Ready& ready) {
                  for (const TraceEvent& event : ready.trace) {
                      if (const auto* role = std::get_if<RoleTrace>(&event)) {
                          add(node.id(), Kind::role, text_of(*role));
                      } else if (const auto* init = std::get_if<InitTrace>(&event)) {
                          add(node.id(),
                              Kind::role,
                              text_of(RoleTrace{Role::follower, init->hard_state.term, no_node}));
                      }
                  }
                  taken_.push_back(ready);
              },
          .handled = [this](const Node& node, const Ready& ready) { tell(node, ready); },
          .applied = [](const Node&, const Entry&, const server::Reply&) {},
          .delivered = [](const Envelope&) {},
          .violated =
              [this](const std::string& what) { add(no_node, Kind::answer, "VIOLATION " + what); },
      }),
      bugs_(bugs) {}

void Driver::tell(const Node& node, const Ready& ready) {
    for (const Persist& write : ready.persist) {
        if (write.hard_state) {
            hard_state_ = fmt::format(
                "term {}, vote {}", write.hard_state->term, write.hard_state->voted_for);
        }
        for (const Entry& entry : write.append) {
            add(node.id(), Kind::append, text_of(entry));
        }
    }
    tell_rejections(node, ready);
    if (ready.restore) {
        add(node.id(), Kind::restore, fmt::format("snapshot up to {}", ready.restore->last.index));
    }
    for (const Entry& entry : ready.committed) {
        add(node.id(), Kind::commit, text_of(entry));
    }
}

void Driver::tell_rejections(const Node& node, const Ready& ready) {
    for (const Envelope& envelope : ready.messages) {
        const auto* reply = std::get_if<AppendReply>(&envelope.message);
        // Without a hint it refuses the term, not the entries; etcd does not call that a rejection.
        if (reply != nullptr && !reply->success && reply->conflict.index != 0) {
            add(node.id(),
                Kind::reject,
                fmt::format("append of {} behind {}", envelope.to, reply->previous));
        }
    }
}

void Driver::add(NodeId node, Kind kind, std::string event) {
    outcome_.events[{node, kind}].push_back(std::move(event));
}

void Driver::classify_vote(const Envelope& envelope) {
    const auto* request = std::get_if<VoteRequest>(&envelope.message);
    if (request == nullptr) {
        return;
    }
    std::string answer = "ignored";
    for (const Ready& ready : taken_) {
        for (const Persist& write : ready.persist) {
            if (write.hard_state && write.hard_state->term == request->term && !request->pre_vote) {
                // The answer waits for the disk.
                answer = write.hard_state->voted_for == envelope.from ? "cast" : "rejected";
            }
        }
        for (const Envelope& said : ready.messages) {
            if (const auto* reply = std::get_if<VoteReply>(&said.message)) {
                answer = reply->granted ? "cast" : "rejected";
            }
        }
    }
    add(envelope.to,
        Kind::vote,
        fmt::format(
            "{} of {}: {}", request->pre_vote ? "MsgPreVote" : "MsgVote", envelope.from, answer));
}

}  // namespace squall::raft::test::etcd
