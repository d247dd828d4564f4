#include "harness/sim/client_requests.hpp"

#include <utility>

#include "harness/failure.hpp"

namespace squall::harness::sim {

using raft::server::Operation;
using raft::server::ReplyStatus;

namespace {

void set_compare_and_set(raft::server::Request& request, const history::Value& value) {
    const history::Value::List* arguments = value.as_list();
    if (arguments == nullptr || arguments->size() != 2) {
        throw Failure("cas: its value is not [expected, new] but " + history::to_text(value));
    }
    request.operation = Operation::cas;
    if (!arguments->front().is_null()) {
        request.expected = to_wire(arguments->front());
    }
    request.value = to_wire(arguments->back());
}

NodeReply::Status to_status(ReplyStatus status) {
    switch (status) {
        case ReplyStatus::ok:
            return NodeReply::Status::ok;
        case ReplyStatus::not_leader:
            return NodeReply::Status::not_leader;
        case ReplyStatus::unknown:
            return NodeReply::Status::unknown;
        case ReplyStatus::overloaded:
            return NodeReply::Status::overloaded;
        case ReplyStatus::session_expired:
            return NodeReply::Status::session_expired;
        case ReplyStatus::malformed:
            return NodeReply::Status::malformed;
    }
    return NodeReply::Status::malformed;
}

}  // namespace

raft::server::Request to_server_request(const Invocation& invocation) {
    const workloads::Request& asked = invocation.request;
    raft::server::Request request;
    request.session = static_cast<std::uint64_t>(invocation.client) + 1;
    request.sequence = invocation.sequence;
    request.key = asked.key;
    if (asked.function == "read") {
        request.operation = Operation::get;
    } else if (asked.function == "write") {
        request.operation = Operation::put;
        request.value = to_wire(asked.value);
    } else if (asked.function == "cas") {
        set_compare_and_set(request, asked.value);
    } else if (asked.function == "append" ||
               (asked.function == "add" && asked.object == workloads::Object::set)) {
        request.operation = Operation::append;
        request.value = suffix_to_wire(asked);
    } else if (asked.function == "add") {
        request.operation = Operation::add;
        request.value = to_wire(asked.value);
    } else if (asked.function == "delete") {
        request.operation = Operation::erase;
    } else {
        throw Failure("the key-value store has no function '" + asked.function + "'");
    }
    return request;
}

NodeReply to_node_reply(raft::server::Reply&& reply) {
    NodeReply result;
    result.status = to_status(reply.status);
    result.leader = reply.leader;
    result.applied = reply.applied;
    if (reply.value) {
        result.value = from_wire(*reply.value);
    }
    result.position = {.term = reply.position.term, .index = reply.position.index};
    return result;
}

}  // namespace squall::harness::sim
