#include "harness/cli/compare_sides.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/compare_scratch.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// "raft-node" from the path or the directory, as an absolute path.
std::string program_path(const std::string& flag, const std::string& name) {
    std::vector<fs::path> candidates{fs::absolute(name)};
    if (name.find('/') == std::string::npos) {
        const char* path = std::getenv("PATH");
        const std::string all = path == nullptr ? "" : path;
        for (std::size_t begin = 0; begin < all.size();) {
            const std::size_t end = std::min(all.find(':', begin), all.size());
            candidates.push_back(fs::path(all.substr(begin, end - begin)) / name);
            begin = end + 1;
        }
    }
    std::error_code ignored;
    for (const fs::path& candidate : candidates) {
        if (fs::is_regular_file(candidate, ignored) && ::access(candidate.c_str(), X_OK) == 0) {
            return candidate.string();
        }
    }
    throw UsageError(fmt::format("{}: there is no program \"{}\"", flag, name));
}

std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

/// A node program that is given the command's own arguments before the harness's.
std::string wrapper(const std::string& path, const std::vector<std::string>& words) {
    std::ofstream file(path, std::ios::trunc);
    file << "#!/bin/sh\nexec";
    for (const std::string& word : words) {
        file << " " << shell_quoted(word);
    }
    file << " \"$@\"\n";
    file.close();
    std::error_code error;
    fs::permissions(path, fs::perms::owner_all, error);
    if (!file || error) {
        throw Failure("cannot write " + path);
    }
    return path;
}

RealSide side_of(const CompareOptions& options,
                 const std::string& flag,
                 const std::string& command,
                 const std::string& wrapper_path) {
    std::vector<std::string> words = split_command(flag, command);
    words.front() = program_path(flag, words.front());
    if (options.system == "maelstrom") {
        return {.node_binary = "", .program = std::move(words)};
    }
    return {.node_binary = words.size() == 1 ? words.front()
                                             : wrapper(fs::absolute(wrapper_path).string(), words),
            .program = {}};
}

}  // namespace

ComparedSides build_sides(const CompareOptions& options,
                          const std::string& scratch,
                          CompareSession& session) {
    GitCheckout checkout(scratch, session.stop_requests);
    CompareTrees trees = checkout.trees(options.base, options.patch);
    compare::Comparison& found = session.found;
    found.base = trees.base;
    found.patch = trees.patch;
    found.changes = trees.changes;
    session.bug_sites = checkout.bug_sites(trees.base.tree);
    found.not_taken = trees.not_taken;
    found.remarks.insert(found.remarks.end(), trees.remarks.begin(), trees.remarks.end());
    for (const std::string& remark : trees.remarks) {
        fmt::print(stderr, "squall: NOTE: {}\n", remark);
    }
    ComparedSides sides;
    if (trees.base.tree == trees.patch.tree) {
        return sides;
    }
    const auto build = [&](const compare::Side& side, const char* name) {
        fmt::print(stderr, "squall: building the {}, {}\n", name, side.name);
        return build_side(checkout,
                          side,
                          {.role = name,
                           .cache = compare_cache_directory(),
                           .scratch = scratch,
                           .log = fmt::format("{}/{}-build.log", session.directory, name),
                           .jobs = options.jobs,
                           .stop_requests = &session.stop_requests});
    };
    sides.base = build(trees.base, "base");
    sides.patch = build(trees.patch, "patch");
    const auto without = [&](const BuiltSide& side, const char* name) {
        if (side.simulator.empty()) {
            found.remarks.push_back(fmt::format(
                "the simulator of the {} cannot be built, so only real processes are compared: {}",
                name,
                side.problem.substr(0, side.problem.find('\n'))));
            fmt::print(stderr, "squall: NOTE: {}\n", found.remarks.back());
        }
    };
    without(sides.base, "base");
    // What the base lacks outside of its Raft, the patch's side lacks as well.
    if (!sides.base.simulator.empty()) {
        without(sides.patch, "patch");
    }
    sides.real_base.node_binary = sides.base.node;
    sides.real_patch.node_binary = sides.patch.node;
    return sides;
}

ComparedSides named_sides(const CompareOptions& options, CompareSession& session) {
    session.found.base.name = options.base_command;
    session.found.patch.name = options.patch_command;
    ComparedSides sides;
    sides.real_base =
        side_of(options, "--base-cmd", options.base_command, session.directory + "/base-node");
    sides.real_patch =
        side_of(options, "--patch-cmd", options.patch_command, session.directory + "/patch-node");
    return sides;
}

}  // namespace squall::harness::cli
