#include "harness/suite/suite_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/suite/matrix_reader.hpp"
#include "harness/suite/toml_fields.hpp"
#include "history/text_input.hpp"

namespace squall::harness::suite {
namespace {

using history::printable;

/// Nothing when the text is neither.
std::optional<Budget> parse_budget(const std::string& text) {
    constexpr std::string_view until = "until ";
    if (!text.starts_with(until)) {
        constexpr double least = 5;
        const std::optional<double> seconds = seconds_of(text);
        return seconds && *seconds >= least && *seconds <= limits::budget_max_s
                   ? std::optional(Budget{.seconds = *seconds})
                   : std::nullopt;
    }
    unsigned hour = 99;
    unsigned minute = 99;
    const char* end = text.data() + text.size();
    const auto hours = std::from_chars(text.data() + until.size(), end, hour);
    if (hours.ptr == end || *hours.ptr != ':') {
        return std::nullopt;
    }
    const auto minutes = std::from_chars(hours.ptr + 1, end, minute);
    if (minutes.ptr != end || minutes.ptr - hours.ptr != 3 || hour > 23 || minute > 59) {
        return std::nullopt;
    }
    return Budget{.seconds = 0, .until_minute = static_cast<int>(hour * 60 + minute)};
}

constexpr const char* budget_remedy =
    "is no budget from 5 s to 7 days; write one such as \"5m\", \"8h\" or \"until 02:00\"";

Budget read_budget(TomlFields& fields) {
    std::string text = "1h";
    fields.read("budget", text);
    const std::optional<Budget> budget = parse_budget(text);
    if (!budget) {
        fields.fail("budget", fmt::format("\"{}\" {}", printable(text), budget_remedy));
    }
    return *budget;
}

std::uint64_t read_bytes(TomlFields& fields, const std::string& field, std::uint64_t otherwise) {
    std::string text;
    fields.read(field, text);
    if (text.empty()) {
        return otherwise;
    }
    double amount = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, amount);
    const std::map<std::string, double> units = {{"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
    const auto unit = units.find(std::string(stopped, end));
    constexpr double least = 1e6;
    constexpr double most = 1e15;
    if (error != std::errc{} || unit == units.end() || !(amount * unit->second >= least) ||
        !(amount * unit->second <= most)) {
        fields.fail(field,
                    fmt::format("\"{}\" is no size from 1MB to 1000TB; write one such as \"20GB\"",
                                printable(text)));
    }
    return static_cast<std::uint64_t>(amount * unit->second);
}

bool plain_name(const std::string& name) {
    constexpr std::size_t name_max = 40;
    return !name.empty() && name.size() <= name_max && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

void require_plain_name(TomlFields& fields, const std::string& field, const std::string& name) {
    if (!plain_name(name)) {
        fields.fail(
            field,
            fmt::format("\"{}\" is no name; use up to 40 of a-z, 0-9, - and _", printable(name)));
    }
}

std::vector<std::string> read_patterns(TomlFields& fields, const std::string& field) {
    std::vector<Placed> placed;
    fields.read_texts(field, placed, limits::list_max);
    std::vector<std::string> patterns;
    for (const Placed& pattern : placed) {
        patterns.push_back(pattern.text);
    }
    return patterns;
}

void read_head(TomlFields& root, SuiteFile& file) {
    if (!root.has("suite")) {
        root.fail("suite", "is missing; begin with [suite], a name and a budget");
    }
    TomlFields fields = root.table("suite");
    fields.read("name", file.name);
    if (file.name.empty()) {
        fields.fail("name", "is missing; results of all nights are kept under it");
    }
    require_plain_name(fields, "name", file.name);
    file.budget = read_budget(fields);
    if (fields.has("seed")) {
        std::uint64_t seed = 0;
        constexpr std::uint64_t seed_max = 0xFFFF'FFFFU;
        fields.read_whole("seed", seed, std::uint64_t{0}, seed_max);
        file.seed = seed;
    }
    fields.read_time("cell_timeout", file.cell_timeout_s, 1, limits::budget_max_s);
    fields.read_whole("void_retries", file.void_retries, 0, 10);
    fields.read_whole("failures_per_cell", file.failures_per_cell, 1, 1000);
    fields.read_time("shrink", file.shrink_s, 0, 3600);
    fields.read_time("process_shrink", file.process_shrink_s, 0, 3600);
    file.disk_bytes = read_bytes(fields, "disk_budget", file.disk_bytes);
    fields.read_whole("jobs", file.jobs, 1, limits::jobs_max);
    fields.read_whole("process_jobs", file.process_jobs, 1, limits::jobs_max);
    file.include = read_patterns(fields, "include");
    file.exclude = read_patterns(fields, "exclude");
    fields.finish();
}

void read_programs(TomlFields& root, SuiteFile& file, const Vocabulary& vocabulary) {
    for (auto& [name, fields] : root.named_tables("program", limits::tables_max)) {
        Program program{.name = name, .command = {}, .leader_pattern = {}};
        require_plain_name(fields, "", name);
        if (vocabulary.find(name) != nullptr) {
            fields.fail("", "is the name of a system of squall's own; choose another");
        }
        std::string bin;
        fields.read("bin", bin);
        if (bin.empty()) {
            fields.fail("bin", "is missing; name the program of a node");
        }
        if (vocabulary.find_program) {
            const std::string found = vocabulary.find_program(bin);
            if (found.empty()) {
                fields.fail("bin",
                            fmt::format("there is no program \"{}\" that can be run; paths go from "
                                        "the directory of the suite file",
                                        printable(bin)));
            }
            bin = found;
        }
        program.command.push_back(bin);
        std::vector<Placed> arguments;
        fields.read_list("arguments", arguments, limits::list_max);
        for (const Placed& argument : arguments) {
            program.command.push_back(argument.text);
        }
        fields.read("leader_pattern", program.leader_pattern);
        fields.read_number("latency_ms", program.latency_ms, 0, 10'000);
        fields.read_number("election_timeout_s", program.election_timeout_s, 0.05, 60);
        fields.finish();
        file.programs.push_back(std::move(program));
    }
}

void read_weightings(TomlFields& root, SuiteFile& file) {
    for (TomlFields& fields : root.tables("weight", limits::tables_max)) {
        Weighting weighting;
        fields.read("cell", weighting.cell);
        if (weighting.cell.empty()) {
            fields.fail("cell", "is missing; name a pattern of cells, such as \"sim/*\"");
        }
        fields.read_number("factor", weighting.factor, 0.001, 1000);
        fields.finish();
        file.weightings.push_back(std::move(weighting));
    }
}

void read_quarantine(TomlFields& root, SuiteFile& file) {
    for (TomlFields& fields : root.tables("quarantine", limits::tables_max)) {
        Quarantine entry;
        fields.read("cell", entry.cell);
        fields.read("check", entry.check);
        fields.read("signature", entry.signature);
        if (entry.cell == "*" && entry.check == "*" && entry.signature == "*") {
            fields.fail("cell",
                        "every failure would be quarantined; name cell, check or signature");
        }
        fields.read("reason", entry.reason);
        if (entry.reason.empty()) {
            fields.fail("reason", "is missing; say why, and where it is being worked on");
        }
        if (const TomlNode* until = fields.find("until")) {
            if (until->kind != TomlNode::Kind::date || until->text.empty()) {
                fields.fail("until", "must be a day, such as 2026-12-31, without quotes");
            }
            entry.until = until->text;
        }
        fields.finish();
        file.quarantine.push_back(std::move(entry));
    }
}

}  // namespace

const char* to_string(SuiteTier tier) {
    return tier == SuiteTier::sim ? "sim" : "process";
}

const Vocabulary::System* Vocabulary::find(const std::string& name) const {
    const auto found = std::ranges::find(systems, name, &System::name);
    return found == systems.end() ? nullptr : &*found;
}

std::vector<std::string> Vocabulary::all_faults() const {
    std::set<std::string> names;
    for (const System& system : systems) {
        names.insert(system.simulated_faults.begin(), system.simulated_faults.end());
        names.insert(system.process_faults.begin(), system.process_faults.end());
    }
    return {names.begin(), names.end()};
}

Budget budget_of(const std::string& what, const std::string& text) {
    const std::optional<Budget> budget = parse_budget(text);
    if (!budget) {
        throw UsageError(fmt::format("{}: \"{}\" {}", what, printable(text), budget_remedy));
    }
    return *budget;
}

SuiteFile read_suite(const std::string& text,
                     const std::string& name,
                     const Vocabulary& vocabulary) {
    if (text.size() > limits::file_bytes_max) {
        throw UsageError(fmt::format("{}: is larger than a megabyte; that is no suite", name));
    }
    const TomlNode tree = parse_toml(text, name);
    TomlFields root(tree, name, "");
    SuiteFile file;
    read_head(root, file);
    read_programs(root, file, vocabulary);
    MatrixReader reader(root, file.programs, vocabulary);
    file.matrices = reader.read();
    read_weightings(root, file);
    read_quarantine(root, file);
    root.finish();
    return file;
}

}  // namespace squall::harness::suite
