#include "harness/triage/confirmation.hpp"

#include <algorithm>
#include <set>

namespace squall::harness::triage {
namespace {

bool asks(const NodeMessage& message) {
    return message.name == "heartbeat" || message.name == "append_request";
}

bool answers_a_round(const NodeMessage& message) {
    return message.name == "heartbeat_reply" || message.name == "append_reply";
}

}  // namespace

std::optional<Confirmation> confirmation_of(const history::Operation& read,
                                            std::span<const NodeMessage> messages) {
    // All of it left between the two.
    const auto first = std::ranges::lower_bound(messages, read.invoked_at, {}, &NodeMessage::sent);
    const auto last = std::ranges::upper_bound(messages, read.completed_at, {}, &NodeMessage::sent);
    const std::span<const NodeMessage> meanwhile(first, last);
    const auto of_client = [&](const NodeMessage& message, NodeId from, NodeId to) {
        return message.client == read.client && message.from == from && message.to == to &&
               message.fate == Fate::arrived;
    };
    const auto reply = std::ranges::find_if(meanwhile, [&](const NodeMessage& message) {
        return of_client(message, read.node, 0) && message.agreed &&
               message.received == read.completed_at;
    });
    if (reply == meanwhile.end()) {
        return std::nullopt;
    }
    // A client has one request at a time, and asks a node once more only when it gave up.
    const NodeMessage* request = nullptr;
    for (const NodeMessage& message :
         meanwhile.first(static_cast<std::size_t>(reply - meanwhile.begin()))) {
        if (of_client(message, 0, read.node) && message.received <= reply->sent) {
            request = &message;
        }
    }
    if (request == nullptr) {
        return std::nullopt;
    }
    Confirmation found{.came_at = request->received, .answered_at = reply->sent};
    std::set<NodeId> told_by;
    for (const NodeMessage& message : meanwhile) {
        if (message.from == 0 || message.to == 0 || message.sent < request->received ||
            message.sent > reply->sent) {
            continue;
        }
        found.asked_others = found.asked_others || (message.from == read.node && asks(message));
        if (message.to == read.node && message.fate == Fate::arrived &&
            message.received <= reply->sent && answers_a_round(message)) {
            told_by.insert(message.from);
        }
    }
    found.told_by = static_cast<std::uint32_t>(told_by.size());
    return found;
}

}  // namespace squall::harness::triage
