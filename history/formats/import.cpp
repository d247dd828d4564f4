#include "history/formats/import.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

Outcome outcome_of(EventType type) {
    return type == EventType::ok     ? Outcome::ok
           : type == EventType::fail ? Outcome::fail
                                     : Outcome::info;
}

/// What an ok of these shows is the argument again.
bool returns_nothing(std::string_view function) {
    constexpr std::array<std::string_view, 8> known{
        "write", "put", "append", "delete", "add", "enqueue", "acquire", "release"};
    return std::find(known.begin(), known.end(), function) != known.end();
}

Value list_of(const Edn& edn, const char* field) {
    Value::List list;
    list.reserve(edn.items.size());
    for (const Edn& item : edn.items) {
        list.push_back(value_of(item, field));
    }
    if (edn.kind == Edn::Kind::set) {
        std::sort(list.begin(), list.end());
    }
    return list;
}

}  // namespace

void Importer::add(const ImportedEvent& event) {
    if (events_ >= never_completed) {
        throw BadInput{event.line, "", "more than 2^32 events"};
    }
    const auto index = static_cast<EventIndex>(events_++);
    if (event.type != EventType::invoke) {
        complete(event, index);
        return;
    }
    const Value argument = is_read(event.function) ? Value{} : event.value;
    if (const auto problem =
            builder_.invoke(index,
                            {.client = event.client,
                             .function = event.function,
                             .key = event.key,
                             .argument = builder_.argument(event.function, argument)})) {
        throw BadInput{event.line, "process", *problem};
    }
}

void Importer::complete(const ImportedEvent& event, EventIndex index) {
    CompactCompletion completion{.client = event.client,
                                 .function = event.function,
                                 .key = event.key,
                                 .outcome = outcome_of(event.type)};
    const bool cas = is_cas(event.function);
    if (event.type == EventType::fail && cas && !event.explained &&
        failed_cas_ == FailedCas::strict) {
        // It did happen, and found another value than it expected.
        completion.outcome = Outcome::ok;
        completion.applied = Applied::no;
        completion.any_result = true;
    } else if (event.type == EventType::ok && cas) {
        completion.applied = Applied::yes;
    } else if (event.type == EventType::ok && !returns_nothing(event.function)) {
        completion.any_result = event.any_result;
        completion.result = event.any_result ? null_value : builder_.values().intern(event.value);
    }
    if (const auto problem = builder_.complete(index, completion)) {
        throw BadInput{event.line, "process", *problem};
    }
}

bool is_cut_off(LineReader::Got got, std::size_t line, Imported& imported) {
    if (got == LineReader::Got::too_long) {
        throw BadInput{line, "", fmt::format("line longer than {} bytes", max_line_bytes)};
    }
    if (got == LineReader::Got::unreadable) {
        throw BadInput{line, "", "the file cannot be read any further"};
    }
    if (got != LineReader::Got::unterminated) {
        return false;
    }
    imported.warnings.push_back(
        fmt::format("{}:{}: unterminated last line dropped", imported.name, line));
    return true;
}

std::optional<EventType> operation_type(std::string_view name) {
    return name == "invoke" ? std::optional{EventType::invoke}
           : name == "ok"   ? std::optional{EventType::ok}
           : name == "fail" ? std::optional{EventType::fail}
           : name == "info" ? std::optional{EventType::info}
                            : std::nullopt;
}

bool is_read(std::string_view function) {
    return function == "read" || function == "get" || function == "dequeue";
}

Value value_of(const Edn& edn, const char* field) {
    switch (edn.kind) {
        case Edn::Kind::nil:
            return {};
        case Edn::Kind::boolean:
            return std::string(edn.boolean ? "true" : "false");
        case Edn::Kind::integer:
            return edn.integer;
        case Edn::Kind::string:
        case Edn::Kind::keyword:
        case Edn::Kind::symbol:
        case Edn::Kind::character:
            return edn.text;
        case Edn::Kind::list:
        case Edn::Kind::vector:
        case Edn::Kind::set:
            return list_of(edn, field);
        case Edn::Kind::other_number:
            throw BadInput{edn.line,
                           field,
                           fmt::format("{} is no 64-bit integer; write such values as strings",
                                       printable(edn.text))};
        case Edn::Kind::map:
        case Edn::Kind::tagged:
            break;
    }
    throw BadInput{edn.line,
                   field,
                   "a map or a tagged form; values are nil, integers, strings, keywords and "
                   "vectors of those"};
}

std::string key_of(const Value& value) {
    if (const auto* text = value.as_string()) {
        return *text;
    }
    return to_text(value);
}

std::string implied_model(const CompactHistory& history) {
    std::set<std::string_view> functions;
    for (std::uint32_t id = 0; id < history.functions.size(); ++id) {
        functions.insert(history.functions.at(id));
    }
    const auto among = [&](std::initializer_list<std::string_view> known) {
        return std::all_of(functions.begin(), functions.end(), [&](std::string_view function) {
            return std::find(known.begin(), known.end(), function) != known.end();
        });
    };
    if (functions.empty() || among({"read", "write", "cas"})) {
        return "cas-register";
    }
    if (among({"get", "put", "append", "delete", "cas"})) {
        return "kv";
    }
    if (among({"acquire", "release"})) {
        return "mutex";
    }
    if (among({"enqueue", "dequeue"})) {
        return "queue";
    }
    if (among({"append", "read"})) {
        return "append-list";
    }
    if (among({"add", "read"})) {
        // A set is read as a list, a counter as a number.
        for (const CompactOperation& operation : history.operations) {
            if (history.values.kind(operation.result) == ValueTable::Kind::list) {
                return "set";
            }
        }
        return "counter";
    }
    return "";
}

}  // namespace squall::history::formats
