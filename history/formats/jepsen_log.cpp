// jepsen.log: lines such as "INFO  jepsen.util - 3<tab>:invoke<tab>:cas<tab>[0 2]" between any
// others. An unknown outcome has ":timed-out" for a value.
#include <charconv>
#include <istream>
#include <utility>

#include <fmt/format.h>

#include "history/formats/import.hpp"
#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

std::string_view word(std::string_view& rest) {
    const std::size_t begin = rest.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) {
        rest = {};
        return {};
    }
    const std::size_t end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
    const std::string_view found = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return found;
}

/// The process; nothing when the line is about something else, or about the nemesis.
std::optional<ClientId> process_of(std::string_view& line) {
    constexpr std::string_view logger = "jepsen.util";
    const std::size_t at = line.find(logger);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    line.remove_prefix(at + logger.size());
    line.remove_prefix(std::min(line.find_first_not_of(" :-\t"), line.size()));
    ClientId client = 0;
    const char* end = line.data() + line.size();
    const auto parsed = std::from_chars(line.data(), end, client);
    if (parsed.ec != std::errc{} || client < 0 || parsed.ptr == end ||
        (*parsed.ptr != '\t' && *parsed.ptr != ' ')) {
        return std::nullopt;
    }
    line.remove_prefix(static_cast<std::size_t>(parsed.ptr - line.data()));
    return client;
}

std::optional<ImportedEvent> event_of(std::string_view line, std::size_t number) {
    const std::optional<ClientId> client = process_of(line);
    const std::string_view type = client ? word(line) : std::string_view{};
    const auto known =
        type.starts_with(':') ? operation_type(type.substr(1)) : std::optional<EventType>{};
    if (!known) {
        return std::nullopt;
    }
    ImportedEvent event;
    event.line = number;
    event.client = *client;
    event.type = *known;
    const std::string_view function = word(line);
    if (function.size() < 2 || !function.starts_with(':')) {
        throw BadInput{number, "f", "not a keyword such as :read"};
    }
    event.function = function.substr(1);
    TextBuffer text(line);
    EdnReader reader(text, EdnReader::Outermost::is_a_form);
    const std::optional<Edn> value = reader.next();
    if (!value) {
        throw BadInput{number, "value", "missing; nil is written as nil"};
    }
    // A keyword in place of a value, or behind it, says why there is none.
    event.explained = value->kind == Edn::Kind::keyword || reader.next().has_value();
    if (event.type == EventType::invoke || event.type == EventType::ok) {
        Edn at_line = *value;
        at_line.line = number;
        event.value = value_of(at_line, "value");
    }
    return event;
}

}  // namespace

void read_jepsen_log(std::istream& in, const ReadOptions& options, Imported& imported) {
    Importer importer(options.failed_cas.value_or(FailedCas::strict));
    LineReader lines(in, max_line_bytes);
    for (;;) {
        const LineReader::Got got = lines.next();
        if (got == LineReader::Got::end || is_cut_off(got, lines.number(), imported)) {
            break;
        }
        try {
            if (const auto event = event_of(lines.line(), lines.number())) {
                importer.add(*event);
            }
        } catch (const NotEdn& error) {
            throw BadInput{lines.number(), "value", error.problem};
        }
    }
    if (importer.events() == 0) {
        throw BadInput{1,
                       "",
                       "no line is an operation such as \"INFO  jepsen.util - 0<tab>:invoke<tab>"
                       ":read<tab>nil\""};
    }
    imported.events = importer.events();
    imported.history = importer.take();
    imported.model = implied_model(imported.history);
}

}  // namespace squall::history::formats
