#include "harness/maelstrom/exchange.hpp"

#include <algorithm>
#include <utility>

#include "harness/maelstrom/messages.hpp"

namespace squall::harness::maelstrom {

Exchange::Step Exchange::invoke(const Invocation& invocation) {
    // Nothing in the protocol tells a server that a request is an earlier one again.
    Invocation once = invocation;
    once.sequence = 0;
    const auto entry = open_.emplace(once.op, Open{Attempts(once, nodes_)}).first;
    return take(once.op, entry->second.attempts.start());
}

Exchange::Step Exchange::refused(OpId op) {
    Open& open = open_.at(op);
    asked_[open.msg_id - 1].op = 0;
    return take(op, open.attempts.on_refused());
}

std::vector<Exchange::Step> Exchange::node_ended(NodeId node) {
    std::vector<OpId> lost;
    for (const auto& [op, open] : open_) {
        if (open.node == node) {
            lost.push_back(op);
        }
    }
    std::sort(lost.begin(), lost.end());
    std::vector<Step> steps;
    for (const OpId op : lost) {
        Open& open = open_.at(op);
        asked_[open.msg_id - 1].op = 0;
        steps.push_back(take(op, open.attempts.on_lost()));
    }
    return steps;
}

void Exchange::abandon(OpId op) {
    if (const auto found = open_.find(op); found != open_.end()) {
        asked_[found->second.msg_id - 1].op = 0;
        open_.erase(found);
    }
}

Exchange::Heard Exchange::heard(const Envelope& envelope, std::string_view line) {
    const std::uint64_t id = envelope.in_reply_to.value_or(0);
    if (id == 0 || id > asked_.size() || client_name(asked_[id - 1].client) != envelope.dest) {
        return {.step = {}, .breach = Breach::reply_to_nobody};
    }
    Asked& asked = asked_[id - 1];
    if (std::exchange(asked.answered, true)) {
        return {.step = {}, .breach = Breach::second_reply};
    }
    const OpId op = std::exchange(asked.op, 0);
    if (op == 0) {
        return {};  // Late.
    }
    Open& open = open_.at(op);
    const NodeReply reply = read_reply(line, open.attempts.invocation().request);
    Heard heard;
    if (reply.error == unexpected_reply_error) {
        heard.breach = Breach::unexpected_reply;
    }
    heard.step = take(op, open.attempts.on_reply(reply));
    return heard;
}

Exchange::Step Exchange::take(OpId op, const Attempts::Step& step) {
    Open& open = open_.at(op);
    if (const auto* answer = std::get_if<Answer>(&step)) {
        Done done{op, *answer};
        open_.erase(op);
        return done;
    }
    const Invocation& invocation = open.attempts.invocation();
    asked_.push_back({invocation.client, op, false});
    open.msg_id = asked_.size();
    open.node = std::get<Attempts::Send>(step).node;
    return Send{
        op, open.node, request_line(invocation.client, open.node, open.msg_id, invocation.request)};
}

}  // namespace squall::harness::maelstrom
