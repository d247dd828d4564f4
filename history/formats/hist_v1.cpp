// hist-v1: a header, then tab-separated lines "type process function key a b". Types are I(nvoke),
// O(k), F(ail) and X (unknown); the arguments of a cas are a and b, what a read returned is a.
#include <array>
#include <charconv>
#include <istream>
#include <utility>

#include <fmt/format.h>

#include "history/formats/import.hpp"
#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

constexpr std::size_t columns = 6;

class HistReader {
  public:
    HistReader(const ReadOptions& options, Imported& imported)
        : importer_(options.failed_cas.value_or(FailedCas::strict)), imported_(imported) {}

    void add(std::string_view line, std::size_t number) {
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        event_.line = number;
        if (number == 1) {
            header(line);
        } else if (!line.empty()) {
            event(line);
        }
    }

    void finish() {
        imported_.events = importer_.events();
        imported_.history = importer_.take();
        imported_.history.initial = initial_;
    }

  private:
    [[noreturn]] void fail(const char* field, std::string problem) const {
        throw BadInput{event_.line, field, std::move(problem)};
    }

    void header(std::string_view line) {
        constexpr std::string_view begin = "#hist-v1 model=";
        constexpr std::string_view before_initial = " init=";
        const std::size_t at = line.find(before_initial);
        if (!line.starts_with(begin) || at == std::string_view::npos) {
            fail("", "the first line is \"#hist-v1 model=M init=V\"");
        }
        const std::string_view model = line.substr(begin.size(), at - begin.size());
        texts_ = model == "kv";
        imported_.model = model == "reg"   ? "register"
                          : model == "cas" ? "cas-register"
                                           : std::string(model);
        initial_ = value(line.substr(at + before_initial.size()), "init");
    }

    void event(std::string_view line) {
        std::array<std::string_view, columns> column{};
        std::size_t count = 0;
        for (;;) {
            const std::size_t tab = line.find('\t');
            if (count == columns) {
                fail("", fmt::format("more than {} columns", columns));
            }
            column[count++] = line.substr(0, tab);
            if (tab == std::string_view::npos) {
                break;
            }
            line.remove_prefix(tab + 1);
        }
        if (count < 3) {
            fail("", "a line is \"type process function key a b\" with tabs between");
        }
        event_.type = type(column[0]);
        const char* end = column[1].data() + column[1].size();
        const auto parsed = std::from_chars(column[1].data(), end, event_.client);
        if (parsed.ec != std::errc{} || parsed.ptr != end || event_.client < 0) {
            fail("process", "not a whole number from 0");
        }
        event_.function = column[2];
        if (event_.function.empty()) {
            fail("function", "must not be empty");
        }
        event_.key = column[3];
        if (event_.type == EventType::invoke && is_cas(event_.function)) {
            event_.value = Value::List{value(column[4], "a"), value(column[5], "b")};
        } else {
            event_.value = value(column[4], "a");
        }
        importer_.add(event_);
    }

    [[nodiscard]] EventType type(std::string_view letter) const {
        if (letter.size() == 1) {
            switch (letter.front()) {
                case 'I':
                    return EventType::invoke;
                case 'O':
                    return EventType::ok;
                case 'F':
                    return EventType::fail;
                case 'X':
                    return EventType::info;
                default:
                    break;
            }
        }
        fail("type", fmt::format("\"{}\" is none of I, O, F, X", printable(letter)));
    }

    /// In a kv all values are texts; elsewhere nothing is null, and what is no integer, list or
    /// quoted string is a word.
    [[nodiscard]] Value value(std::string_view text, const char* field) const {
        if (texts_) {
            return std::string(text);
        }
        if (text.empty() || text == "nil") {
            return {};
        }
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, number);
        if (parsed.ec == std::errc{} && parsed.ptr == end) {
            return number;
        }
        if (text.front() != '[' && text.front() != '"') {
            return std::string(text);
        }
        TextBuffer buffer(text);
        EdnReader reader(buffer, EdnReader::Outermost::is_a_form);
        try {
            if (auto form = reader.next(); form && !reader.next()) {
                form->line = event_.line;
                return value_of(*form, field);
            }
        } catch (const NotEdn& error) {
            fail(field, error.problem);
        }
        fail(field, "more than one value");
    }

    Importer importer_;
    Imported& imported_;
    ImportedEvent event_;
    std::optional<Value> initial_;
    bool texts_ = false;
};

}  // namespace

void read_hist_v1(std::istream& in, const ReadOptions& options, Imported& imported) {
    HistReader reader(options, imported);
    LineReader lines(in, max_line_bytes);
    for (;;) {
        const LineReader::Got got = lines.next();
        if (got == LineReader::Got::end || is_cut_off(got, lines.number(), imported)) {
            break;
        }
        reader.add(lines.line(), lines.number());
    }
    reader.finish();
}

}  // namespace squall::history::formats
