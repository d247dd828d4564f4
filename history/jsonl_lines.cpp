#include "history/jsonl_lines.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "history/jsonl.hpp"
#include "history/text_input.hpp"

namespace squall::history {

namespace {

using Json = nlohmann::json;

constexpr std::size_t line_depth_max = 32;

const Json* find(const Json& object, const char* field) {
    const auto found = object.find(field);
    return found == object.end() ? nullptr : &*found;
}

const Json& require(const Json& object, const char* field) {
    if (const Json* found = find(object, field)) {
        return *found;
    }
    throw Malformed{field, "missing"};
}

template <typename Integer>
Integer integer(const Json& json, const char* field) {
    const bool fits =
        json.is_number_unsigned()
            ? std::in_range<Integer>(json.get<std::uint64_t>())
            : json.is_number_integer() && std::in_range<Integer>(json.get<std::int64_t>());
    if (!fits) {
        throw Malformed{field, "not an integer in range"};
    }
    return json.get<Integer>();
}

std::string text(const Json& json, const char* field) {
    if (!json.is_string()) {
        throw Malformed{field, "not a string"};
    }
    return json.get<std::string>();
}

bool boolean(const Json& json, const char* field) {
    if (!json.is_boolean()) {
        throw Malformed{field, "not true or false"};
    }
    return json.get<bool>();
}

Value value_of(const Json& json) {
    if (json.is_null()) {
        return {};
    }
    if (json.is_string()) {
        return {json.get<std::string>()};
    }
    if (json.is_array()) {
        Value::List list;
        list.reserve(json.size());
        for (const Json& element : json) {
            list.push_back(value_of(element));
        }
        return {std::move(list)};
    }
    return {integer<std::int64_t>(json, "value")};
}

void require_object(const Json& json, const char* field) {
    if (!json.is_object()) {
        throw Malformed{field, "not an object"};
    }
}

/// The enumerator whose name the field holds.
template <typename Enum, std::size_t N>
Enum enumerator(const Json& json, const char* field, const std::array<Enum, N>& all) {
    const std::string name = text(json, field);
    for (const Enum candidate : all) {
        if (name == to_string(candidate)) {
            return candidate;
        }
    }
    throw Malformed{field, fmt::format("unknown: {}", printable(name))};
}

FaultRecord fault_of(const Json& json) {
    require_object(json, "fault");
    FaultRecord fault;
    fault.id = integer<std::uint64_t>(require(json, "id"), "id");
    fault.name = text(require(json, "name"), "name");
    fault.phase = enumerator(require(json, "phase"),
                             "phase",
                             std::array{FaultPhase::begin, FaultPhase::end, FaultPhase::skipped});
    if (const Json* detail = find(json, "detail")) {
        fault.detail = text(*detail, "detail");
    }
    if (const Json* targets = find(json, "targets")) {
        if (!targets->is_array()) {
            throw Malformed{"targets", "not an array"};
        }
        for (const Json& target : *targets) {
            require_object(target, "targets");
            FaultTarget parsed;
            parsed.node = integer<NodeId>(require(target, "node"), "node");
            if (const Json* role = find(target, "role")) {
                parsed.role = text(*role, "role");
            }
            fault.targets.push_back(std::move(parsed));
        }
    }
    if (const Json* effect = find(json, "effect")) {
        require_object(*effect, "effect");
        for (const auto& [name, amount] : effect->items()) {
            fault.effect[name] = integer<std::int64_t>(amount, "effect");
        }
    }
    return fault;
}

void operation_fields(const Json& json, Event& event) {
    event.client = integer<ClientId>(require(json, "client"), "client");
    if (event.client < 0) {
        throw Malformed{"client", "must not be negative"};
    }
    if (event.type == EventType::invoke && text(require(json, "f"), "f").empty()) {
        throw Malformed{"f", "must not be empty"};
    }
    if (const Json* node = find(json, "node")) {
        event.node = integer<NodeId>(*node, "node");
    }
    if (const Json* function = find(json, "f")) {
        event.function = text(*function, "f");
    }
    if (const Json* key = find(json, "key")) {
        event.key = text(*key, "key");
    }
    if (const Json* value = find(json, "value")) {
        event.value = value_of(*value);
    }
    if (const Json* applied = find(json, "applied")) {
        event.applied = boolean(*applied, "applied");
    }
    if (const Json* error = find(json, "error")) {
        event.error = text(*error, "error");
    }
    if (const Json* position = find(json, "position")) {
        require_object(*position, "position");
        event.position = LogPosition{integer<std::uint64_t>(require(*position, "term"), "term"),
                                     integer<std::uint64_t>(require(*position, "index"), "index")};
    }
    if (const Json* final_read = find(json, "final")) {
        event.final_read = boolean(*final_read, "final");
    }
}

Event event_of(const Json& json, std::uint64_t expected_index) {
    Event event;
    event.index = integer<std::uint64_t>(require(json, "index"), "index");
    if (event.index != expected_index) {
        throw Malformed{"index", fmt::format("expected {}", expected_index)};
    }
    event.time = Time{integer<std::int64_t>(require(json, "time"), "time")};
    event.type = enumerator(require(json, "type"),
                            "type",
                            std::array{EventType::invoke,
                                       EventType::ok,
                                       EventType::fail,
                                       EventType::info,
                                       EventType::fault,
                                       EventType::note});
    if (event.type == EventType::fault) {
        event.fault = fault_of(require(json, "fault"));
    } else if (event.type == EventType::note) {
        event.text = text(require(json, "text"), "text");
    } else {
        operation_fields(json, event);
    }
    return event;
}

Json json_of(std::string_view line) {
    if (nests_deeper(line, line_depth_max)) {
        throw Malformed{"", fmt::format("JSON deeper than {}", line_depth_max)};
    }
    Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) {
        throw Malformed{"", why_not_json(line)};
    }
    if (!json.is_object()) {
        throw Malformed{"", "not a JSON object"};
    }
    return json;
}

void read_header(std::string_view line) {
    Json json;
    try {
        json = json_of(line);
    } catch (const Malformed& malformed) {
        throw Malformed{
            "",
            fmt::format("{}; the first line of a history is {}", malformed.problem, header_line())};
    }
    const auto version = integer<int>(require(json, "squall_history"), "squall_history");
    if (version != format_version) {
        throw Malformed{
            "squall_history",
            fmt::format("version {} is not supported, only {}", version, format_version)};
    }
}

void require_header(bool present) {
    if (!present) {
        throw Malformed{"", fmt::format("empty; the first line of a history is {}", header_line())};
    }
}

}  // namespace

Event event_of_line(std::string_view line, std::uint64_t expected_index, Time before) {
    Event event = event_of(json_of(line), expected_index);
    if (event.time < before) {
        throw Malformed{
            "time",
            fmt::format(
                "{} comes before {}; times never go back", event.time.count(), before.count())};
    }
    return event;
}

std::optional<ParseError> read_event_lines(std::istream& in,
                                           std::string_view name,
                                           std::vector<std::string>& warnings,
                                           const EventLine& event_line) {
    LineReader reader(in, max_line_bytes);
    try {
        for (;;) {
            switch (reader.next()) {
                case LineReader::Got::line:
                    if (reader.number() == 1) {
                        read_header(reader.line());
                    } else if (reader.number() - 2 > std::numeric_limits<std::uint32_t>::max()) {
                        throw Malformed{"", "more than 2^32 events"};
                    } else {
                        event_line(reader.line(), reader.number() - 2);
                    }
                    break;
                case LineReader::Got::unterminated:
                    require_header(reader.number() > 1);
                    warnings.push_back(fmt::format(
                        "{}:{}: unterminated last line dropped", name, reader.number()));
                    break;
                case LineReader::Got::too_long:
                    throw Malformed{"", fmt::format("line longer than {} bytes", max_line_bytes)};
                case LineReader::Got::unreadable:
                    throw Malformed{"", "the file cannot be read any further"};
                case LineReader::Got::end:
                    require_header(reader.number() > 0);
                    return std::nullopt;
            }
        }
    } catch (const Malformed& malformed) {
        const std::size_t line = std::max<std::size_t>(reader.number(), 1);
        return ParseError{std::string{name}, line, malformed.field, malformed.problem};
    }
}

}  // namespace squall::history
