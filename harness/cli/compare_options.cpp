#include "harness/cli/compare_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/shrink_run.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

std::string quoted(const std::string& text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("-_./:=+@,^~").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain) {
        return text;
    }
    std::string out(1, '\'');
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\'";
        }
        out += c;
    }
    out += '\'';
    return out;
}

}  // namespace

void add_compare_options(CLI::App& command, CompareOptions& options) {
    command.add_option("--base", options.base, "Revision that the patch is measured against");
    command.add_option("--patch",
                       options.patch,
                       "Revision, or a file as git diff and git format-patch write it; only what "
                       "it does to raft/ is taken");
    command.add_option("--base-cmd",
                       options.base_command,
                       "Instead of revisions: the command of a node, with its arguments");
    command.add_option("--patch-cmd", options.patch_command, "The same with the patch");
    command.add_option("--system", options.system, "What the commands are: raft-node or maelstrom")
        ->capture_default_str();
    command.add_option("--budget", options.budget, "How long to compare, such as 90s, 10m or 1h")
        ->capture_default_str();
    command
        .add_option(
            "--tier", options.tier, "sim, process or both; two commands cannot be simulated")
        ->capture_default_str();
    command.add_option("--seed", options.seed, "Of the first pair; default: fresh")
        ->check(whole_number_problem);
    command
        .add_option("--alpha",
                    options.alpha,
                    "Probability at most of saying wrongly that one side fails more often")
        ->capture_default_str();
    command.add_option("--shrink-budget", options.shrink_budget, "How long to shrink new failures")
        ->capture_default_str();
    command.add_option("--jobs", options.jobs, "Compilers, and pairs of simulations, side by side")
        ->capture_default_str();
    command.add_option(
        "--plan",
        options.plan_file,
        "Only this plan: to replay a failure that was kept; in both simulators, or with "
        "--tier process or commands on real processes");
    command.add_option(
        "--out", options.out, "New directory for what is found; default: one under runs/");
}

void check_compare_options(const CompareOptions& options) {
    const bool revisions = !options.base.empty() || !options.patch.empty();
    const bool commands = !options.base_command.empty() || !options.patch_command.empty();
    if (revisions == commands) {
        throw UsageError(
            "name either two revisions, --base REV --patch REV|FILE, or two programs, "
            "--base-cmd CMD --patch-cmd CMD");
    }
    if (revisions && (options.base.empty() || options.patch.empty())) {
        throw UsageError(options.base.empty()
                             ? "--base: is missing; name what the patch was made for"
                             : "--patch: is missing; name a revision or a file");
    }
    if (commands && (options.base_command.empty() || options.patch_command.empty())) {
        throw UsageError(options.base_command.empty() ? "--base-cmd: is missing"
                                                      : "--patch-cmd: is missing");
    }
    if (revisions && options.system != "raft-node") {
        throw UsageError(
            "--system: revisions are of raft-node; name other systems' programs with "
            "--base-cmd and --patch-cmd");
    }
    if (options.system != "raft-node" && options.system != "maelstrom") {
        throw UsageError("--system: is neither raft-node nor maelstrom");
    }
    if (options.tier != "sim" && options.tier != "process" && options.tier != "both") {
        throw UsageError("--tier: is neither sim, process nor both");
    }
    if (commands && options.tier == "sim") {
        throw UsageError("two commands cannot be simulated: leave out --tier sim");
    }
    if (!(options.alpha >= 1e-9 && options.alpha <= 0.5)) {
        throw UsageError(fmt::format("--alpha: {} is not from 0.000000001 to 0.5", options.alpha));
    }
    if (options.jobs < 1 || options.jobs > 256) {
        throw UsageError(fmt::format("--jobs: {} is not from 1 to 256", options.jobs));
    }
    static_cast<void>(read_budget("--budget", options.budget));
    static_cast<void>(read_budget("--shrink-budget", options.shrink_budget));
}

std::string compare_command_line(const CompareOptions& options, std::uint64_t seed) {
    const CompareOptions usual;
    std::string line = "scripts/squall compare";
    const auto add = [&line](const char* flag, const std::string& value, const std::string& skip) {
        if (value != skip) {
            line += fmt::format(" {} {}", flag, quoted(value));
        }
    };
    add("--base", options.base, "");
    add("--patch", options.patch, "");
    add("--base-cmd", options.base_command, "");
    add("--patch-cmd", options.patch_command, "");
    add("--system", options.system, usual.system);
    add("--budget", options.budget, usual.budget);
    add("--tier", options.tier, usual.tier);
    if (options.alpha != usual.alpha) {
        line += fmt::format(" --alpha {}", options.alpha);
    }
    line += fmt::format(" --seed {}", seed);
    add("--plan", options.plan_file, "");
    return line;
}

std::vector<std::string> split_command(const std::string& flag, const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool within = false;  // A word, maybe an empty one in quotes.
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                word += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            within = true;
        } else if (c == '\\' && i + 1 < text.size()) {
            word += text[++i];
            within = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (within) {
                words.push_back(std::exchange(word, {}));
            }
            within = false;
        } else {
            word += c;
            within = true;
        }
    }
    if (quote != 0) {
        throw UsageError(flag + ": a quote is not closed");
    }
    if (within) {
        words.push_back(word);
    }
    if (words.empty()) {
        throw UsageError(flag + ": names no program");
    }
    return words;
}

}  // namespace squall::harness::cli
