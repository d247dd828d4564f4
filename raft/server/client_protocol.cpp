#include "raft/server/client_protocol.hpp"

#include "raft/bytes.hpp"
#include "raft/server/command.hpp"

namespace squall::raft::server {

namespace {

void put_optional(std::string& out, const std::optional<std::string>& value) {
    put(out, static_cast<std::uint8_t>(value ? 1 : 0));
    if (value) {
        put_bytes(out, *value);
    }
}

std::optional<std::string> get_optional(ByteReader& reader) {
    if (!reader.get_bool()) {
        return std::nullopt;
    }
    return std::string(reader.get_bytes());
}

MessageKind get_kind(ByteReader& reader) {
    const auto kind = reader.get<std::uint8_t>();
    if (kind != static_cast<std::uint8_t>(MessageKind::key_value) &&
        kind != static_cast<std::uint8_t>(MessageKind::status)) {
        reader.fail();
    }
    return static_cast<MessageKind>(kind);
}

}  // namespace

Reply without_value(const Reply& reply) {
    // Mutations carry a value only when they were not applied, reads only when they were served.
    Reply bare;
    bare.status = reply.applied ? ReplyStatus::overloaded : ReplyStatus::unknown;
    bare.applied = false;
    bare.message = "no room for the value";
    return bare;
}

std::string encode(const ClientRequest& request) {
    std::string out;
    put(out, static_cast<std::uint8_t>(request.kind));
    put(out, request.request_id);
    if (request.kind == MessageKind::key_value) {
        put(out, request.request.session);
        put(out, request.request.sequence);
        put(out, static_cast<std::uint8_t>(request.request.operation));
        put_bytes(out, request.request.key);
        put_bytes(out, request.request.value);
        put_optional(out, request.request.expected);
    }
    return out;
}

std::string encode(const ClientResponse& response) {
    std::string out;
    put(out, static_cast<std::uint8_t>(response.kind));
    put(out, response.request_id);
    if (response.kind == MessageKind::status) {
        put_bytes(out, response.json);
        return out;
    }
    const Reply& reply = response.reply;
    put(out, static_cast<std::uint8_t>(reply.status));
    put(out, reply.leader);
    put(out, static_cast<std::uint8_t>(reply.applied ? 1 : 0));
    put_optional(out, reply.value);
    put(out, reply.position.term);
    put(out, reply.position.index);
    put_bytes(out, reply.message);
    return out;
}

std::optional<ClientRequest> decode_request(std::string_view bytes) {
    ByteReader reader(bytes);
    ClientRequest message;
    message.kind = get_kind(reader);
    message.request_id = reader.get<std::uint64_t>();
    if (message.kind == MessageKind::key_value) {
        Request& request = message.request;
        request.session = reader.get<std::uint64_t>();
        request.sequence = reader.get<std::uint64_t>();
        const auto operation = reader.get<std::uint8_t>();
        request.key = reader.get_bytes();
        request.value = reader.get_bytes();
        request.expected = get_optional(reader);
        if (!is_operation(operation)) {
            return std::nullopt;
        }
        request.operation = static_cast<Operation>(operation);
    }
    if (!reader.complete()) {
        return std::nullopt;
    }
    return message;
}

std::optional<ClientResponse> decode_response(std::string_view bytes) {
    ByteReader reader(bytes);
    ClientResponse message;
    message.kind = get_kind(reader);
    message.request_id = reader.get<std::uint64_t>();
    if (message.kind == MessageKind::status) {
        message.json = reader.get_bytes();
    } else {
        Reply& reply = message.reply;
        const auto status = reader.get<std::uint8_t>();
        if (status > static_cast<std::uint8_t>(ReplyStatus::malformed)) {
            return std::nullopt;
        }
        reply.status = static_cast<ReplyStatus>(status);
        reply.leader = reader.get<std::uint32_t>();
        reply.applied = reader.get_bool();
        reply.value = get_optional(reader);
        reply.position.term = reader.get<std::uint64_t>();
        reply.position.index = reader.get<std::uint64_t>();
        reply.message = reader.get_bytes();
    }
    if (!reader.complete()) {
        return std::nullopt;
    }
    return message;
}

}  // namespace squall::raft::server
