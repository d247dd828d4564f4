#include "harness/compare/targeting.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "harness/compare/profiles.hpp"

namespace squall::harness::compare {
namespace {

constexpr double real_share_usual = 0.2;
constexpr double real_share_not_simulated = 0.9;

/// Part of the node that no simulation runs.
bool only_real(std::string_view path) {
    return path.starts_with("raft/node/") || path.starts_with("raft/storage/posix_disk");
}

/// Neither compiled nor run.
bool no_code(std::string_view path) {
    return path.ends_with(".md");
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

void weigh_file(const ChangedFile& file, Target& target) {
    for (const FileRule& rule : file_rules()) {
        if (!file.path.starts_with(rule.prefix)) {
            continue;
        }
        for (const Share& share : rule.shares) {
            target.weights[std::string(share.profile)] += share.weight;
        }
        return;
    }
}

void weigh_functions(const ChangedFile& file, Target& target) {
    for (const std::string& function : file.functions) {
        for (const WordRule& rule : word_rules()) {
            if (lower(function).find(rule.word) != std::string::npos) {
                ++target.weights[std::string(rule.profile)];
                target.reasons.push_back(
                    fmt::format("{}: {} (\"{}\")", file.path, rule.profile, rule.word));
            }
        }
    }
}

std::uint64_t one_neighbour_in(const Target& target) {
    return target.neighbours.front().same_function ? one_in_function : one_in_file;
}

void say_neighbours(Target& target) {
    for (const Neighbour& neighbour : target.neighbours) {
        target.reasons.push_back(
            fmt::format("near {}, which sits in {}{}: {}",
                        neighbour.site.bug,
                        neighbour.site.path,
                        neighbour.same_function ? ", " + neighbour.site.function : "",
                        to_text(*neighbour.way)));
    }
    if (!target.neighbours.empty()) {
        target.reasons.push_back(
            fmt::format("near documented bugs of {}: one targeted pair in {}",
                        target.neighbours.front().same_function ? "the functions" : "the files",
                        one_neighbour_in(target)));
    }
}

/// By the weights.
Mix profile_of_pair(const Target& target, std::uint64_t n) {
    std::uint64_t sum = 0;
    for (const auto& [profile, weight] : target.weights) {
        sum += weight;
    }
    std::uint64_t place = n % sum;
    for (const auto& [profile, weight] : target.weights) {
        if (place < weight) {
            return {profile, find_profile(profile)};
        }
        place -= weight;
    }
    const std::string& first = target.weights.begin()->first;
    return {first, find_profile(first)};
}

}  // namespace

std::span<const FileRule> file_rules() {
    // The first line that fits counts.
    static const std::array rules{
        FileRule{"raft/election", {{"elections", 4}, {"storage", 1}, {general, 1}}},
        FileRule{"raft/quorum", {{"elections", 2}, {"replication", 2}, {general, 2}}},
        FileRule{"raft/commit", {{"replication", 3}, {"elections", 2}, {general, 1}}},
        FileRule{"raft/replication", {{"replication", 4}, {"snapshots", 1}, {"elections", 1}}},
        FileRule{"raft/progress", {{"replication", 4}, {"snapshots", 2}}},
        FileRule{"raft/log", {{"replication", 3}, {"snapshots", 2}, {"storage", 1}}},
        FileRule{"raft/read_index", {{"reads", 4}, {"elections", 1}, {general, 1}}},
        FileRule{"raft/snapshot", {{"snapshots", 5}, {"storage", 1}}},
        FileRule{"raft/persist", {{"storage", 3}, {"elections", 2}, {"replication", 1}}},
        FileRule{"raft/storage/", {{"storage", 4}, {"snapshots", 2}}},
        FileRule{"raft/server/sessions", {{"clients", 4}, {"snapshots", 2}}},
        FileRule{"raft/server/state_machine", {{"clients", 3}, {"snapshots", 3}}},
        FileRule{"raft/server/kv", {{"clients", 2}, {"snapshots", 2}, {general, 1}}},
        FileRule{"raft/server/", {{"clients", 3}, {"reads", 2}, {"elections", 1}}},
        FileRule{"raft/node/", {{general, 1}}},
        FileRule{"raft/", {{general, 2}, {"elections", 1}, {"replication", 1}, {"snapshots", 1}}},
    };
    return rules;
}

std::span<const WordRule> word_rules() {
    static constexpr std::array<WordRule, 20> rules{{
        {"vote", "elections"},       {"campaign", "elections"}, {"elect", "elections"},
        {"candidate", "elections"},  {"leader", "elections"},   {"append", "replication"},
        {"replicat", "replication"}, {"match", "replication"},  {"commit", "replication"},
        {"snapshot", "snapshots"},   {"install", "snapshots"},  {"compact", "snapshots"},
        {"recover", "storage"},      {"sync", "storage"},       {"segment", "storage"},
        {"durable", "storage"},      {"read", "reads"},         {"session", "clients"},
        {"reply", "clients"},        {"apply", "clients"},
    }};
    return rules;
}

Target target_of(const std::vector<ChangedFile>& changes, const std::vector<BugSite>& sites) {
    Target target;
    std::size_t files = 0;
    std::size_t unsimulated = 0;
    for (const ChangedFile& file : changes) {
        if (no_code(file.path)) {
            continue;
        }
        ++files;
        unsimulated += only_real(file.path) ? 1U : 0U;
        weigh_file(file, target);
        weigh_functions(file, target);
    }
    target.real_share = real_share_usual;
    if (files > 0 && unsimulated == files) {
        target.real_share = real_share_not_simulated;
        target.reasons.emplace_back(
            "only what the simulator does not run is changed, so nearly "
            "all time is for real processes");
    }
    if (files > files_of_a_refactoring) {
        target.weights.clear();
        target.reasons = {
            fmt::format("{} files of raft/ are changed: the general mix, and some of each", files)};
        for (const Profile& profile : profiles()) {
            target.weights[std::string(profile.name)] = profile.name == general ? 3 : 1;
        }
    } else {
        target.neighbours = neighbours_of(changes, sites);
        say_neighbours(target);
    }
    if (target.weights.empty()) {
        target.weights[std::string(general)] = 1;
    }
    return target;
}

Mix mix_of_pair(const Target& target, std::uint64_t n) {
    if (target.neighbours.empty()) {
        return profile_of_pair(target, n);
    }
    const std::uint64_t one_in = one_neighbour_in(target);
    if (n % one_in < one_in - 1) {
        return profile_of_pair(target, n - n / one_in);
    }
    const Way& way = *target.neighbours[n / one_in % target.neighbours.size()].way;
    return {fmt::format("near {}", way.bug), find_profile(way.profile), way.narrowing};
}

}  // namespace squall::harness::compare
