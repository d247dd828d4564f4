#include "raft/server/command.hpp"

#include "raft/bytes.hpp"

namespace squall::raft::server {

namespace {

constexpr std::uint8_t command_version = 1;

}  // namespace

std::string encode_command(const Request& request) {
    std::string out;
    out.reserve(32 + request.key.size() + request.value.size() +
                (request.expected ? request.expected->size() : 0));
    put(out, command_version);
    put(out, request.session);
    put(out, request.sequence);
    put(out, static_cast<std::uint8_t>(request.operation));
    put_bytes(out, request.key);
    put_bytes(out, request.value);
    put(out, static_cast<std::uint8_t>(request.expected ? 1 : 0));
    if (request.expected) {
        put_bytes(out, *request.expected);
    }
    return out;
}

std::optional<Request> decode_command(std::string_view bytes) {
    ByteReader reader(bytes);
    Request request;
    const auto version = reader.get<std::uint8_t>();
    request.session = reader.get<std::uint64_t>();
    request.sequence = reader.get<std::uint64_t>();
    const auto operation = reader.get<std::uint8_t>();
    request.key = reader.get_bytes();
    request.value = reader.get_bytes();
    if (reader.get_bool()) {
        request.expected = reader.get_bytes();
    }
    if (!reader.complete() || version != command_version || !is_operation(operation) ||
        operation == static_cast<std::uint8_t>(Operation::get)) {
        return std::nullopt;
    }
    request.operation = static_cast<Operation>(operation);
    if (request.operation == Operation::cas_or_create && !request.expected) {
        return std::nullopt;
    }
    return request;
}

std::string_view problem_of(const Request& request) {
    if (!is_operation(static_cast<std::uint8_t>(request.operation))) {
        return "unknown operation";
    }
    if (request.key.empty()) {
        return "empty key";
    }
    if (request.key.size() > max_key_bytes) {
        return "key too long";
    }
    if (request.value.size() > max_value_bytes ||
        (request.expected && request.expected->size() > max_value_bytes)) {
        return "value too long";
    }
    if (request.operation == Operation::cas_or_create && !request.expected) {
        return "no expected value";
    }
    if (request.operation != Operation::get && request.session != 0 && request.sequence == 0) {
        return "sequence numbers of a session start at 1";
    }
    return {};
}

}  // namespace squall::raft::server
