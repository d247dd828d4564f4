#include "raft/node/maelstrom_messages.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "raft/node/base64.hpp"

namespace squall::raft::node::maelstrom {

namespace {

using Json = nlohmann::json;
using server::Operation;
using server::ReplyStatus;

/// The library reads any depth, but writes and copies recursively.
[[nodiscard]] bool too_deep(std::string_view line) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_depth) {
                return true;
            }
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

[[nodiscard]] std::string json_string(std::string_view text) {
    // What was read is UTF-8; what the caller made up may be anything.
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

[[nodiscard]] Wrong malformed(std::string text) {
    return {ErrorCode::malformed_request, std::move(text)};
}

[[nodiscard]] std::optional<std::string> string_field(const Json& object, const char* name) {
    const auto field = object.find(name);
    if (field == object.end() || !field->is_string()) {
        return std::nullopt;
    }
    return field->get<std::string>();
}

[[nodiscard]] Body read_init(const Json& body) {
    Init init;
    const auto name = string_field(body, "node_id");
    const auto names = body.find("node_ids");
    if (!name || names == body.end() || !names->is_array()) {
        return malformed("init: node_id or node_ids is missing");
    }
    init.node_id = *name;
    for (const Json& each : *names) {
        if (!each.is_string() || each.get_ref<const std::string&>().size() > max_name_bytes) {
            return malformed("init: node_ids holds what is no name");
        }
        init.node_ids.push_back(each.get<std::string>());
    }
    return init;
}

[[nodiscard]] Body read_frame(const Json& body) {
    const auto frame = body.find("frame");
    if (frame == body.end() || !frame->is_string()) {
        return malformed("raft: frame is missing");
    }
    auto bytes = from_base64(frame->get_ref<const std::string&>());
    if (!bytes) {
        return malformed("raft: frame is not base64");
    }
    return Frame{std::move(*bytes)};
}

/// The canonical text of a field, or the name of the field that is missing.
[[nodiscard]] bool take(const Json& body, const char* name, std::string& text, Wrong& wrong) {
    const auto field = body.find(name);
    if (field == body.end()) {
        wrong = malformed(fmt::format("{} is missing", name));
        return false;
    }
    text = field->dump();
    return true;
}

[[nodiscard]] Body read_cas(const Json& body, server::Request request) {
    Wrong wrong;
    request.expected.emplace();
    if (!take(body, "from", *request.expected, wrong) || !take(body, "to", request.value, wrong)) {
        return wrong;
    }
    request.operation = Operation::cas;
    const auto create = body.find("create_if_not_exists");
    if (create != body.end()) {
        if (!create->is_boolean()) {
            return malformed("create_if_not_exists is neither true nor false");
        }
        request.operation = create->get<bool>() ? Operation::cas_or_create : Operation::cas;
    }
    return request;
}

/// Session 0: clients of Maelstrom do not send anything again.
[[nodiscard]] Body read_operation(const std::string& type, const Json& body) {
    server::Request request;
    Wrong wrong;
    if (!take(body, "key", request.key, wrong)) {
        return wrong;
    }
    if (type == "cas") {
        return read_cas(body, std::move(request));
    }
    request.operation = type == "read" ? Operation::get : Operation::put;
    if (type == "write" && !take(body, "value", request.value, wrong)) {
        return wrong;
    }
    return request;
}

[[nodiscard]] Body read_body(const std::string& type, const Json& body) {
    if (type == "raft") {
        return read_frame(body);
    }
    if (type == "read" || type == "write" || type == "cas") {
        return read_operation(type, body);
    }
    if (type == "init") {
        return read_init(body);
    }
    if (type == "leader") {
        return LeaderQuestion{};
    }
    if (type == "status") {
        return StatusQuestion{};
    }
    if (type == "echo") {
        Echo echo;
        Wrong wrong;
        return take(body, "echo", echo.json, wrong) ? Body(std::move(echo)) : Body(wrong);
    }
    return Wrong{ErrorCode::not_supported, "this node knows no such type of message"};
}

[[nodiscard]] Answer answer_to_mismatch(const server::Reply& reply) {
    return reply.value ? error(ErrorCode::precondition_failed, "the key holds another value")
                       : error(ErrorCode::key_does_not_exist, "there is no such key");
}

}  // namespace

std::optional<Incoming> read_message(std::string_view line) {
    if (too_deep(line)) {
        return std::nullopt;
    }
    const Json message = Json::parse(line, nullptr, false);
    if (!message.is_object()) {
        return std::nullopt;
    }
    auto src = string_field(message, "src");
    auto dest = string_field(message, "dest");
    const auto body = message.find("body");
    if (!src || !dest || src->size() > max_name_bytes || body == message.end() ||
        !body->is_object() || body->contains("in_reply_to")) {
        return std::nullopt;
    }
    const auto type = string_field(*body, "type");
    const auto msg_id = body->find("msg_id");
    if (!type || (msg_id != body->end() && !msg_id->is_number_integer())) {
        return std::nullopt;
    }
    Incoming incoming;
    incoming.from.name = std::move(*src);
    if (msg_id != body->end()) {
        incoming.from.msg_id = msg_id->dump();
    }
    incoming.to = std::move(*dest);
    incoming.body = read_body(*type, *body);
    return incoming;
}

Answer answer_to_init() {
    return {R"("type":"init_ok")"};
}

Answer answer_to(const Echo& echo) {
    return {fmt::format(R"("type":"echo_ok","echo":{})", echo.json)};
}

Answer answer_with_leader(const std::optional<std::string>& name, Term term) {
    return {fmt::format(
        R"("type":"leader_ok","leader":{},"term":{})", name ? json_string(*name) : "null", term)};
}

Answer answer_with_status(const std::string& json) {
    return {fmt::format(R"("type":"status_ok","status":{})", json)};
}

Answer error(ErrorCode code, std::string_view text) {
    return {fmt::format(
        R"("type":"error","code":{},"text":{})", static_cast<unsigned>(code), json_string(text))};
}

Answer answer_to(Operation operation, const server::Reply& reply) {
    switch (reply.status) {
        case ReplyStatus::ok:
            break;
        case ReplyStatus::not_leader:
            return error(ErrorCode::temporarily_unavailable, "not the leader");
        case ReplyStatus::overloaded:
            return error(ErrorCode::temporarily_unavailable, "overloaded");
        case ReplyStatus::malformed:
            return error(ErrorCode::malformed_request, reply.message);
        case ReplyStatus::unknown:
        case ReplyStatus::session_expired:
            return error(ErrorCode::crash, "leadership was lost; it may or may not take effect");
    }
    if (operation == Operation::get) {
        return reply.value ? Answer{fmt::format(R"("type":"read_ok","value":{})", *reply.value)}
                           : error(ErrorCode::key_does_not_exist, "there is no such key");
    }
    if (!reply.applied) {
        return answer_to_mismatch(reply);
    }
    return {operation == Operation::put ? R"("type":"write_ok")" : R"("type":"cas_ok")"};
}

std::string answer_line(std::string_view from, const Asker& asker, const Answer& answer) {
    return fmt::format("{{\"src\":{},\"dest\":{},\"body\":{{{},\"in_reply_to\":{}}}}}\n",
                       json_string(from),
                       json_string(asker.name),
                       answer.fields,
                       asker.msg_id);
}

std::string frame_line(std::string_view from, std::string_view to, std::string_view bytes) {
    return fmt::format(
        "{{\"src\":{},\"dest\":{},\"body\":{{\"type\":\"raft\",\"frame\":\"{}\"}}}}\n",
        json_string(from),
        json_string(to),
        to_base64(bytes));
}

}  // namespace squall::raft::node::maelstrom
