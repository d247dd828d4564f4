#include "harness/maelstrom/messages.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/maelstrom/errors.hpp"

namespace squall::harness::maelstrom {

namespace {

using Json = nlohmann::ordered_json;
using history::Value;

Json to_json(const Value& value) {
    if (const auto* number = value.as_int()) {
        return *number;
    }
    if (const auto* text = value.as_string()) {
        return *text;
    }
    if (const auto* list = value.as_list()) {
        Json array = Json::array();
        for (const Value& element : *list) {
            array.push_back(to_json(element));
        }
        return array;
    }
    return nullptr;
}

/// What a history has no kind for becomes its JSON text: it equals nothing that was written.
Value from_json(const Json& json) {
    if (json.is_null()) {
        return {};
    }
    if (json.is_string()) {
        return json.get<std::string>();
    }
    if (json.is_number_integer() &&
        !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)) {
        return json.get<std::int64_t>();
    }
    if (json.is_array()) {
        Value::List list;
        for (const Json& element : json) {
            list.push_back(from_json(element));
        }
        return list;
    }
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

/// Keys of the workload are digits; programs for Maelstrom expect its numbers.
Json key_of(const std::string& key) {
    std::int64_t number = 0;
    const char* end = key.data() + key.size();
    const auto parsed = std::from_chars(key.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? Json(number) : Json(key);
}

std::string line_of(const std::string& src, NodeId dest, Json body) {
    const Json message{{"src", src}, {"dest", node_name(dest)}, {"body", std::move(body)}};
    return message.dump() + "\n";
}

NodeReply unexpected() {
    NodeReply reply;
    reply.status = NodeReply::Status::unknown;
    reply.error = unexpected_reply_error;
    return reply;
}

NodeReply read_error(const Json& body, const workloads::Request& request) {
    const auto code = body.find("code");
    if (code == body.end() || !code->is_number_integer()) {
        return unexpected();
    }
    const ErrorCode error = find_error(code->get<std::int64_t>());
    NodeReply reply;
    constexpr int key_does_not_exist = 20;
    if (error.code == key_does_not_exist && request.function == "read") {
        return reply;  // That is the answer: there is nothing.
    }
    reply.status = error.status;
    reply.error = error.slug;
    return reply;
}

NodeReply read_leader(const Json& body) {
    const auto leader = body.find("leader");
    const auto term = body.find("term");
    if (leader == body.end() || term == body.end() || !term->is_number_unsigned() ||
        !(leader->is_string() || leader->is_null())) {
        return unexpected();
    }
    NodeReply reply;
    reply.value = Value(Value::List{from_json(*leader), from_json(*term)});
    return reply;
}

}  // namespace

std::string node_name(NodeId node) {
    return fmt::format("n{}", node);
}

NodeId node_of(std::string_view name, std::uint32_t nodes) {
    NodeId node = 0;
    if (name.size() < 2 || name.front() != 'n' || name[1] == '0') {
        return 0;
    }
    const auto parsed = std::from_chars(name.data() + 1, name.data() + name.size(), node);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == name.data() + name.size();
    return whole && node >= 1 && node <= nodes ? node : 0;
}

std::string client_name(ClientId client) {
    return fmt::format("c{}", client + 1);
}

std::string init_line(NodeId node, std::uint32_t nodes, std::uint64_t msg_id) {
    Json names = Json::array();
    for (NodeId other = 1; other <= nodes; ++other) {
        names.push_back(node_name(other));
    }
    return line_of(std::string(init_sender),
                   node,
                   {{"type", "init"},
                    {"msg_id", msg_id},
                    {"node_id", node_name(node)},
                    {"node_ids", std::move(names)}});
}

std::string request_line(ClientId client,
                         NodeId node,
                         std::uint64_t msg_id,
                         const workloads::Request& request) {
    const auto& [function, key, value, object] = request;
    Json body{{"type", function}, {"msg_id", msg_id}};
    if (function == "read" || function == "write") {
        body["key"] = key_of(key);
    }
    if (function == "write") {
        body["value"] = to_json(value);
    } else if (function == "cas" || function == "cas-or-create") {
        const Value::List* both = value.as_list();
        if (both == nullptr || both->size() != 2) {
            throw Failure(fmt::format("{} of {}: expected [expected, new]", function, key));
        }
        body["type"] = "cas";
        body["key"] = key_of(key);
        body["from"] = to_json(both->front());
        body["to"] = to_json(both->back());
        if (function == "cas-or-create") {
            body["create_if_not_exists"] = true;
        }
    } else if (function != "read" && function != "leader" && function != "echo") {
        throw Failure(fmt::format("system maelstrom has no function '{}'", function));
    }
    if (function == "echo") {
        body["echo"] = to_json(value);
    }
    return line_of(client_name(client), node, std::move(body));
}

NodeReply read_reply(std::string_view line, const workloads::Request& request) {
    const Json message = Json::parse(line, nullptr, false);
    const auto body = message.is_object() ? message.find("body") : message.end();
    if (body == message.end() || !body->is_object() || !body->contains("type")) {
        return unexpected();
    }
    const Json& type = (*body)["type"];
    if (type == "error") {
        return read_error(*body, request);
    }
    const std::string asked = request.function == "cas-or-create" ? "cas" : request.function;
    if (type != asked + "_ok") {
        return unexpected();
    }
    NodeReply reply;
    if (asked == "read" || asked == "echo") {
        const auto value = body->find(asked == "read" ? "value" : "echo");
        if (value == body->end()) {
            return unexpected();
        }
        reply.value = from_json(*value);
    } else if (asked == "leader") {
        return read_leader(*body);
    }
    return reply;
}

}  // namespace squall::harness::maelstrom
