#include "history/formats/export.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

using Buffer = fmt::memory_buffer;

EventType type_of(Outcome outcome) {
    return outcome == Outcome::ok     ? EventType::ok
           : outcome == Outcome::fail ? EventType::fail
                                      : EventType::info;
}

void put_text(Buffer& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out.append(std::string_view("\\n"));
        } else if (static_cast<unsigned char>(c) < 0x20U) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

void put_value(Buffer& out, const Value& value) {
    if (const auto* number = value.as_int()) {
        fmt::format_to(std::back_inserter(out), "{}", *number);
    } else if (const auto* text = value.as_string()) {
        put_text(out, *text);
    } else if (const auto* list = value.as_list()) {
        out.push_back('[');
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (i > 0) {
                out.push_back(' ');
            }
            put_value(out, (*list)[i]);
        }
        out.push_back(']');
    } else {
        out.append(std::string_view("nil"));
    }
}

/// Names of functions and faults are Clojure keywords where they can be.
void put_keyword(Buffer& out, std::string_view name) {
    out.push_back(':');
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
        out.push_back(plain ? c : '-');
    }
}

/// What Jepsen's tools expect in an operation: completions repeat what was asked for.
class EdnWriter {
  public:
    explicit EdnWriter(bool keyed) : keyed_(keyed) {}

    std::optional<std::string> line(const Event& event) {
        switch (event.type) {
            case EventType::invoke:
                open_[event.client] = event;
                return operation(event, event, "invoke", event.value);
            case EventType::ok:
            case EventType::fail:
            case EventType::info:
                return completion(event);
            case EventType::fault:
                return fault(event);
            case EventType::note:
                break;
        }
        return std::nullopt;
    }

  private:
    std::optional<std::string> completion(const Event& event) {
        const auto found = open_.find(event.client);
        if (found == open_.end()) {
            return std::nullopt;
        }
        const Event invocation = std::move(found->second);
        open_.erase(found);
        const bool refused = event.type == EventType::ok && event.applied == false;
        const bool answered = event.type == EventType::ok && invocation.value.is_null();
        return operation(invocation,
                         event,
                         refused ? "fail" : to_string(event.type),
                         answered ? event.value : invocation.value);
    }

    std::string operation(const Event& invocation,
                          const Event& event,
                          const char* type,
                          const Value& value) {
        Buffer out;
        begin(out, event);
        fmt::format_to(std::back_inserter(out), ":type :{}, :process {}, :f ", type, event.client);
        put_keyword(out, invocation.function);
        out.append(std::string_view(", :value "));
        if (keyed_) {
            out.push_back('[');
            put_text(out, invocation.key);
            out.push_back(' ');
            put_value(out, value);
            out.push_back(']');
        } else {
            put_value(out, value);
        }
        if (!event.error.empty()) {
            out.append(std::string_view(", :error "));
            put_text(out, event.error);
        }
        out.push_back('}');
        return fmt::to_string(out);
    }

    std::string fault(const Event& event) {
        Buffer out;
        begin(out, event);
        out.append(std::string_view(":type :info, :process :nemesis, :f "));
        put_keyword(out, event.fault->name);
        out.append(std::string_view(", :value "));
        put_text(out, fmt::format("{} {}", to_string(event.fault->phase), event.fault->detail));
        out.push_back('}');
        return fmt::to_string(out);
    }

    void begin(Buffer& out, const Event& event) {
        fmt::format_to(
            std::back_inserter(out), "{{:index {}, :time {}, ", index_++, event.time.count());
    }

    bool keyed_;
    std::uint64_t index_ = 0;  ///< Without gaps, though notes are left out.
    std::unordered_map<ClientId, Event> open_;
};

bool has_keys(std::span<const Event> events) {
    return std::any_of(
        events.begin(), events.end(), [](const Event& event) { return !event.key.empty(); });
}

/// Leaves the operations on other keys out, and the key.
void keep_key(std::vector<Event>& events, const std::string& key) {
    std::unordered_map<ClientId, bool> kept;
    std::erase_if(events, [&](const Event& event) {
        if (event.type == EventType::fault || event.type == EventType::note) {
            return false;
        }
        if (event.type == EventType::invoke) {
            kept[event.client] = event.key == key;
        }
        return !kept[event.client];
    });
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].index = i;
        events[i].key.clear();
    }
}

/// An operation's completion, unless it is open.
std::optional<Event> completion_of(const Operation& operation, std::size_t& unsaid) {
    if (operation.outcome == Outcome::info) {
        return std::nullopt;  // At the end.
    }
    Event event;
    event.index = operation.completed;
    event.type = type_of(operation.outcome);
    event.client = operation.client;
    event.value = operation.result;
    event.applied = operation.applied;
    event.position = operation.position;
    if (operation.any_result) {
        // That anything was returned says as much as a failure, unless it is that a cas failed.
        event.type = EventType::fail;
        event.applied.reset();
        event.error = "result-unknown";
        if (operation.applied) {
            ++unsaid;
        }
    }
    return event;
}

}  // namespace

std::vector<Event> events_of(const CompactHistory& history, std::vector<std::string>& warnings) {
    std::vector<Event> events;
    std::vector<Event> open;
    std::size_t unsaid = 0;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        const Operation operation = history.expand(id);
        Event invocation;
        invocation.index = operation.invoked;
        invocation.type = EventType::invoke;
        invocation.client = operation.client;
        invocation.node = operation.node;
        invocation.function = operation.function;
        invocation.key = operation.key;
        invocation.value = operation.argument;
        invocation.final_read = operation.final_read;
        events.push_back(std::move(invocation));
        if (auto completion = completion_of(operation, unsaid)) {
            events.push_back(std::move(*completion));
        } else {
            Event unknown;
            unknown.type = EventType::info;
            unknown.client = operation.client;
            unknown.error = "unknown";
            open.push_back(std::move(unknown));
        }
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return a.index < b.index;
    });
    std::move(open.begin(), open.end(), std::back_inserter(events));
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].index = i;
        events[i].time = Time{static_cast<std::int64_t>(i)};
    }
    if (unsaid > 0) {
        warnings.push_back(fmt::format(
            "{} failed cas are plain failures now: no format has \"the value was another one\"",
            unsaid));
    }
    if (history.initial && !history.initial->is_null()) {
        warnings.push_back(
            fmt::format("what objects begin with is not kept: check with --init '{}'",
                        printable(to_text(*history.initial))));
    }
    return events;
}

std::vector<std::string> edn_lines(std::span<const Event> events) {
    EdnWriter writer(has_keys(events));
    std::vector<std::string> lines;
    for (const Event& event : events) {
        if (auto line = writer.line(event)) {
            lines.push_back(std::move(*line));
        }
    }
    return lines;
}

Exported convert_file(const std::string& path, const ExportOptions& options, std::ostream& out) {
    Exported exported;
    Imported imported = read_history_file(path, options.read);
    exported.warnings = std::move(imported.warnings);
    exported.error = std::move(imported.error);
    if (exported.error) {
        return exported;
    }
    std::vector<Event> events;
    if (imported.format == Format::jsonl && !imported.compressed) {
        events = load_file(path).events;
    } else {
        events = events_of(imported.history, exported.warnings);
    }
    if (options.key) {
        keep_key(events, *options.key);
    }
    if (options.to == ExportTo::edn) {
        for (const std::string& line : edn_lines(events)) {
            out << line << '\n';
        }
        return exported;
    }
    out << header_line() << '\n';
    for (const Event& event : events) {
        out << to_line(event) << '\n';
    }
    return exported;
}

}  // namespace squall::history::formats
