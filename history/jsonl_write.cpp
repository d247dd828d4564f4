// Writing is by hand because it stands between an operation's reply and the next request: one
// format, one buffer, no tree of JSON values.
#include <iterator>

#include <fmt/format.h>

#include "history/jsonl.hpp"

namespace squall::history {

namespace {

using Buffer = fmt::memory_buffer;

void raw(Buffer& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

/// Length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80U) {
        return 1;
    }
    const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
    if (lead < 0xC2U || lead > 0xF4U || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    // Overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned second = byte(1);
    const bool bad = (lead == 0xE0U && second < 0xA0U) || (lead == 0xEDU && second > 0x9FU) ||
                     (lead == 0xF0U && second < 0x90U) || (lead == 0xF4U && second > 0x8FU);
    return bad ? 0 : length;
}

void quoted(Buffer& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const auto c = static_cast<unsigned char>(text.front());
        std::size_t length = 1;
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(text.front());
        } else if (c < 0x20U) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        } else if (const std::size_t sequence = utf8_length(text); sequence != 0) {
            length = sequence;
            raw(out, text.substr(0, length));
        } else {
            // Foreign bytes, as in an error message of the system under test, must not make the
            // history unreadable.
            raw(out, "\\ufffd");
        }
        text.remove_prefix(length);
    }
    out.push_back('"');
}

void value_json(Buffer& out, const Value& value) {
    if (const auto* number = value.as_int()) {
        fmt::format_to(std::back_inserter(out), "{}", *number);
    } else if (const auto* text = value.as_string()) {
        quoted(out, *text);
    } else if (const auto* list = value.as_list()) {
        out.push_back('[');
        bool first = true;
        for (const Value& element : *list) {
            if (!first) {
                out.push_back(',');
            }
            first = false;
            value_json(out, element);
        }
        out.push_back(']');
    } else {
        raw(out, "null");
    }
}

void text_field(Buffer& out, std::string_view name, const std::string& text) {
    if (!text.empty()) {
        fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
        quoted(out, text);
    }
}

void operation_fields(Buffer& out, const Event& event) {
    fmt::format_to(std::back_inserter(out), ",\"client\":{}", event.client);
    if (event.node != 0) {
        fmt::format_to(std::back_inserter(out), ",\"node\":{}", event.node);
    }
    text_field(out, "f", event.function);
    text_field(out, "key", event.key);
    if (!event.value.is_null()) {
        raw(out, ",\"value\":");
        value_json(out, event.value);
    }
    if (event.applied) {
        fmt::format_to(std::back_inserter(out), ",\"applied\":{}", *event.applied);
    }
    text_field(out, "error", event.error);
    if (event.position) {
        fmt::format_to(std::back_inserter(out),
                       ",\"position\":{{\"term\":{},\"index\":{}}}",
                       event.position->term,
                       event.position->index);
    }
    if (event.final_read) {
        raw(out, ",\"final\":true");
    }
}

void fault_fields(Buffer& out, const FaultRecord& fault) {
    fmt::format_to(std::back_inserter(out), ",\"fault\":{{\"id\":{},\"name\":", fault.id);
    quoted(out, fault.name);
    fmt::format_to(std::back_inserter(out), ",\"phase\":\"{}\"", to_string(fault.phase));
    text_field(out, "detail", fault.detail);
    if (!fault.targets.empty()) {
        raw(out, ",\"targets\":[");
        for (const FaultTarget& target : fault.targets) {
            fmt::format_to(std::back_inserter(out),
                           "{}{{\"node\":{},\"role\":",
                           &target == fault.targets.data() ? "" : ",",
                           target.node);
            quoted(out, target.role);
            out.push_back('}');
        }
        out.push_back(']');
    }
    if (!fault.effect.empty()) {
        raw(out, ",\"effect\":{");
        bool first = true;
        for (const auto& [name, amount] : fault.effect) {
            if (!first) {
                out.push_back(',');
            }
            first = false;
            quoted(out, name);
            fmt::format_to(std::back_inserter(out), ":{}", amount);
        }
        out.push_back('}');
    }
    out.push_back('}');
}

}  // namespace

std::string header_line() {
    return fmt::format("{{\"squall_history\":{}}}", format_version);
}

std::string to_line(const Event& event) {
    Buffer out;
    fmt::format_to(std::back_inserter(out),
                   "{{\"index\":{},\"time\":{},\"type\":\"{}\"",
                   event.index,
                   event.time.count(),
                   to_string(event.type));
    if (event.type == EventType::fault) {
        fault_fields(out, event.fault.value_or(FaultRecord{}));
    } else if (event.type == EventType::note) {
        raw(out, ",\"text\":");
        quoted(out, event.text);
    } else {
        operation_fields(out, event);
    }
    out.push_back('}');
    return fmt::to_string(out);
}

}  // namespace squall::history
