#include "history/formats/format.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <istream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "history/formats/import.hpp"
#include "history/formats/input.hpp"
#include "history/jsonl_compact.hpp"
#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

/// The first form of EDN, without blanks and comments before it.
std::string_view first_form(std::string_view text) {
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,\t\r\n\f"), text.size()));
        if (!text.starts_with(';')) {
            return text;
        }
        text.remove_prefix(std::min(text.find('\n'), text.size()));
    }
}

bool holds_texts_under_keys(std::string_view map) {
    const std::string_view first = map.substr(0, map.find('}'));
    return first.find(":key") != std::string_view::npos &&
           (first.find(":get") != std::string_view::npos ||
            first.find(":put") != std::string_view::npos ||
            first.find(":append") != std::string_view::npos);
}

std::string names() {
    std::vector<std::string_view> all;
    for (const Format format : all_formats) {
        all.emplace_back(to_string(format));
    }
    return fmt::format("{}", fmt::join(all, ", "));
}

void read_jsonl(std::istream& in, std::string_view name, Imported& imported) {
    LoadedCompact loaded = load_compact(in, name);
    imported.history = std::move(loaded.history);
    imported.events = loaded.events;
    imported.error = std::move(loaded.error);
    imported.warnings = std::move(loaded.warnings);
    imported.model = implied_model(imported.history);
    if (imported.model == "cas-register") {
        imported.model = "register";
    }
}

void read_as(Format format,
             std::streambuf& source,
             std::string_view name,
             const ReadOptions& options,
             Imported& imported) {
    imported.format = format;
    std::istream in(&source);
    switch (format) {
        case Format::jsonl:
            return read_jsonl(in, name, imported);
        case Format::jepsen_edn:
        case Format::knossos_edn:
        case Format::porcupine_kv:
            return read_edn(source, options, imported);
        case Format::jepsen_log:
            return read_jepsen_log(in, options, imported);
        case Format::hist_v1:
            return read_hist_v1(in, options, imported);
    }
}

void read_plain(std::streambuf& source,
                std::string_view beginning,
                std::string_view name,
                const ReadOptions& options,
                Imported& imported) {
    std::optional<Format> format = options.format;
    if (!format) {
        // A damaged one of ours is still one of ours.
        format = name.ends_with(".jsonl") ? Format::jsonl : sniff(beginning);
    }
    if (!format) {
        throw BadInput{
            1,
            "",
            fmt::format("{}; name one of {} with --format",
                        beginning.empty() ? "the file is empty" : "no format that is known",
                        names())};
    }
    read_as(*format, source, name, options, imported);
}

void read_source(std::streambuf& source,
                 std::string_view name,
                 const ReadOptions& options,
                 Imported& imported) {
    BlockBuffer bytes(source);
    if (!is_gzip(bytes.beginning())) {
        read_plain(bytes, bytes.beginning(), name, options, imported);
        return;
    }
    imported.compressed = true;
    GzipBuffer gzip(bytes);
    BlockBuffer plain(gzip);
    const auto damaged = [&] {
        imported.error = ParseError{std::string(name), 0, "", gzip.problem()};
    };
    try {
        read_plain(plain, plain.beginning(), name, options, imported);
    } catch (const BadInput&) {
        // What is wrong at the end of damaged data is the damage.
        if (gzip.problem().empty()) {
            throw;
        }
    } catch (const NotEdn&) {
        if (gzip.problem().empty()) {
            throw;
        }
    }
    if (!gzip.problem().empty()) {
        damaged();
    }
}

}  // namespace

const char* to_string(Format format) {
    switch (format) {
        case Format::jsonl:
            return "jsonl";
        case Format::jepsen_edn:
            return "jepsen-edn";
        case Format::knossos_edn:
            return "knossos-edn";
        case Format::porcupine_kv:
            return "porcupine-kv";
        case Format::jepsen_log:
            return "jepsen-log";
        case Format::hist_v1:
            return "hist-v1";
    }
    return "?";
}

std::optional<Format> find_format(std::string_view name) {
    const auto* found = std::find_if(std::begin(all_formats),
                                     std::end(all_formats),
                                     [&](Format format) { return name == to_string(format); });
    return found == std::end(all_formats) ? std::nullopt : std::optional{*found};
}

std::optional<Format> sniff(std::string_view beginning) {
    if (beginning.starts_with("#hist-v1")) {
        return Format::hist_v1;
    }
    if (beginning.starts_with("{\"") || beginning.starts_with("{ \"")) {
        return Format::jsonl;
    }
    const std::string_view form = first_form(beginning);
    if (form.starts_with('[') || form.starts_with('(')) {
        return first_form(form.substr(1)).starts_with('#') ? Format::jepsen_edn
                                                           : Format::knossos_edn;
    }
    if (form.starts_with('{')) {
        return holds_texts_under_keys(form) ? Format::porcupine_kv : Format::jepsen_edn;
    }
    if (form.starts_with("#jepsen.")) {
        return Format::jepsen_edn;
    }
    if (beginning.find("jepsen.") != std::string_view::npos) {
        return Format::jepsen_log;
    }
    return std::nullopt;
}

Imported read_history(std::istream& in, std::string_view name, const ReadOptions& options) {
    Imported imported;
    imported.name = name;
    const auto fail = [&](std::size_t line, std::string field, std::string problem) {
        imported.error = ParseError{std::string(name),
                                    std::max<std::size_t>(line, 1),
                                    std::move(field),
                                    std::move(problem)};
    };
    try {
        read_source(*in.rdbuf(), name, options, imported);
    } catch (const BadInput& bad) {
        fail(bad.line, bad.field, bad.problem);
    } catch (const NotEdn& bad) {
        fail(bad.line, "", bad.problem);
    } catch (const std::ios_base::failure&) {
        imported.error =
            ParseError{std::string(name), 0, "", "the file cannot be read any further"};
    }
    return imported;
}

Imported read_history_file(const std::string& path, const ReadOptions& options) {
    std::string problem = obstacle_to_reading(path);
    if (problem.empty()) {
        std::ifstream in(path, std::ios::binary);
        if (in) {
            return read_history(in, path, options);
        }
        problem = "cannot be opened: " + std::generic_category().message(errno);
    }
    Imported imported;
    imported.error = ParseError{path, 0, "", std::move(problem)};
    return imported;
}

}  // namespace squall::history::formats
