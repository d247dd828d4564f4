#include "checker/trace_body.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "history/text_input.hpp"

namespace squall::checker {

using Json = nlohmann::json;

using history::printable;

namespace {

template <typename Integer>
Integer integer(const Json& json, const char* field) {
    if (!json.is_number_unsigned() || !std::in_range<Integer>(json.get<std::uint64_t>())) {
        throw Malformed{field, "not a non-negative integer in range"};
    }
    return json.get<Integer>();
}

std::string text(const Json& line, const char* field) {
    const Json& json = require(line, field);
    if (!json.is_string()) {
        throw Malformed{field, "not a string"};
    }
    return json.get<std::string>();
}

std::uint64_t hash_of(const Json& json, const char* field) {
    std::uint64_t hash = 0;
    if (json.is_string()) {
        const auto& digits = json.get_ref<const std::string&>();
        const char* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, hash, 16);
        if (digits.size() == 16 && parsed.ec == std::errc{} && parsed.ptr == end) {
            return hash;
        }
    }
    throw Malformed{field, "not 16 hex digits"};
}

template <typename Element>
std::vector<std::uint64_t> list(const Json& line, const char* field, Element element) {
    const Json& json = require(line, field);
    if (!json.is_array()) {
        throw Malformed{field, "not an array"};
    }
    std::vector<std::uint64_t> result;
    result.reserve(json.size());
    for (const Json& entry : json) {
        result.push_back(element(entry, field));
    }
    return result;
}

TraceCommit commit_of(const Json& line) {
    TraceCommit commit{number(line, "index"), number(line, "term"), {}};
    const Json& match = require(line, "match");
    if (!match.is_object()) {
        throw Malformed{"match", "not an object"};
    }
    for (const auto& [node, index] : match.items()) {
        NodeId id = 0;
        const char* end = node.data() + node.size();
        const auto parsed = std::from_chars(node.data(), end, id);
        if (parsed.ec != std::errc{} || parsed.ptr != end) {
            throw Malformed{"match", fmt::format("not a node: {}", printable(node))};
        }
        commit.match[id] = integer<std::uint64_t>(index, "match");
    }
    return commit;
}

/// null, or [session, sequence].
TraceEffect effect_of(const Json& json) {
    if (json.is_null()) {
        return {};
    }
    if (!json.is_array() || json.size() != 2) {
        throw Malformed{"effects", "neither null nor [session, sequence]"};
    }
    const TraceEffect effect{integer<std::uint64_t>(json[0], "effects"),
                             integer<std::uint64_t>(json[1], "effects")};
    if (effect.session == 0) {
        throw Malformed{"effects", "session 0 is none; write null"};
    }
    return effect;
}

TraceApply apply_of(const Json& line) {
    TraceApply apply{number(line, "first"),
                     list(line, "terms", integer<std::uint64_t>),
                     list(line, "hashes", hash_of)};
    if (apply.terms.size() != apply.hashes.size()) {
        throw Malformed{"hashes", "not as many as terms"};
    }
    const auto effects = line.find("effects");
    if (effects == line.end()) {
        return apply;
    }
    if (!effects->is_array() || effects->size() != apply.terms.size()) {
        throw Malformed{"effects", "not an array of as many as terms"};
    }
    for (const Json& entry : *effects) {
        apply.effects.push_back(effect_of(entry));
    }
    return apply;
}

}  // namespace

const Json& require(const Json& line, const char* field) {
    const auto found = line.find(field);
    if (found == line.end()) {
        throw Malformed{field, "missing"};
    }
    return *found;
}

std::uint64_t number(const Json& line, const char* field) {
    return integer<std::uint64_t>(require(line, field), field);
}

NodeId node_id(const Json& line, const char* field) {
    return integer<NodeId>(require(line, field), field);
}

std::int64_t time_ns(const Json& line, const char* field) {
    return integer<std::int64_t>(require(line, field), field);
}

TraceBody trace_body_of(const Json& line) {
    const std::string type = text(line, "type");
    if (type == "init") {
        return TraceInit{number(line, "term"),
                         node_id(line, "vote"),
                         number(line, "snapshot_term"),
                         number(line, "snapshot_index"),
                         number(line, "last_term"),
                         number(line, "last_index"),
                         hash_of(require(line, "hash"), "hash")};
    }
    if (type == "hard_state") {
        return TraceHardState{number(line, "term"), node_id(line, "vote")};
    }
    if (type == "role") {
        return TraceRole{text(line, "role"), number(line, "term"), node_id(line, "leader")};
    }
    if (type == "append") {
        return TraceAppend{number(line, "first"), list(line, "terms", integer<std::uint64_t>)};
    }
    if (type == "durable") {
        return TraceDurable{number(line, "term"), number(line, "index")};
    }
    if (type == "commit") {
        return commit_of(line);
    }
    if (type == "apply") {
        return apply_of(line);
    }
    if (type == "snapshot") {
        const Json& installed = require(line, "installed");
        if (!installed.is_boolean()) {
            throw Malformed{"installed", "not true or false"};
        }
        return TraceSnapshot{installed.get<bool>(),
                             number(line, "term"),
                             number(line, "index"),
                             hash_of(require(line, "hash"), "hash")};
    }
    if (type == "bound") {
        return TraceBound{text(line, "what"), number(line, "value"), number(line, "limit")};
    }
    throw Malformed{"type", fmt::format("unknown: {}", printable(type))};
}

}  // namespace squall::checker
