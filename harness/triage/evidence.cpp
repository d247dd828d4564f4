#include "harness/triage/evidence.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/triage/client_view.hpp"
#include "harness/triage/states.hpp"

namespace squall::harness::triage {
namespace {

using checker::Check;
using checker::Verdict;

/// From the cause to what is seen of it. What stands here first is the better name for a failure.
constexpr std::array<std::string_view, 20> nearest_first = {"no-crash",
                                                            "durable-hard-state",
                                                            "durable-acknowledgement",
                                                            "vote-once",
                                                            "election-safety",
                                                            "leader-append-only",
                                                            "log-matching",
                                                            "leader-completeness",
                                                            "commit-certificate",
                                                            "applied-hash",
                                                            "exactly-once",
                                                            "monotone-commit-and-applied",
                                                            "election",
                                                            "linearizable",
                                                            "claimed-order",
                                                            "term-growth",
                                                            "convergence",
                                                            "progress",
                                                            "availability"};

std::size_t distance_from_cause(const Check& check) {
    const auto* found = std::ranges::find(nearest_first, check.name);
    return static_cast<std::size_t>(found - nearest_first.begin());
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// n3, c12, k7, #33, 4711, 0a1b2c3d4e5f6071: a name or number that differs from run to run.
bool varies(std::string_view word) {
    if (word.size() == 16 && std::ranges::all_of(word, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        })) {
        return true;
    }
    const std::string_view digits =
        word.size() > 1 && (word[0] == 'n' || word[0] == 'c' || word[0] == 'k') ? word.substr(1)
                                                                                : word;
    return !digits.empty() &&
           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

/// wal-0000000000000001 of a file: what it is the name of, without which.
std::string without_long_numbers(std::string_view word) {
    constexpr std::size_t long_digits = 6;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out;
    for (std::size_t i = 0; i < word.size();) {
        std::size_t end = i;
        while (end < word.size() && digit(word[end])) {
            ++end;
        }
        if (end == i) {
            ++end;
        }
        out += end - i >= long_digits ? "_" : word.substr(i, end - i);
        i = end;
    }
    return out;
}

const Check* nearest_violation(const Results& results) {
    const Check* nearest = nullptr;
    for (const Check& check : results.checks) {
        if (check.verdict == Verdict::invalid &&
            (nearest == nullptr || distance_from_cause(check) < distance_from_cause(*nearest))) {
            nearest = &check;
        }
    }
    return nearest;
}

/// A sentence of the trace checker names what was violated, then how, then against which records.
std::string without_records(const std::string& reason) {
    return reason.substr(0, reason.find(", against n"));
}

/// The first line below "nN: signal ...": what the program said last.
std::string site_of(const Check& check) {
    return check.name == "no-crash" && check.details.size() > 1 ? shape_of(check.details[1]) : "";
}

std::vector<std::string> faults_of(const Plan& plan) {
    std::set<std::string> names;
    for (const nemesis::PlannedFault& fault : plan.faults) {
        names.insert(fault.name);
    }
    return {names.begin(), names.end()};
}

}  // namespace

std::string shape_of(const std::string& sentence) {
    constexpr std::size_t shape_max = 160;
    std::string shape;
    for (std::size_t i = 0; i < sentence.size() && shape.size() < shape_max;) {
        if (sentence[i] == ';' || sentence[i] == '\n') {
            break;
        }
        std::size_t end = i;
        while (end < sentence.size() && is_word(sentence[end])) {
            ++end;
        }
        if (end == i) {
            shape += sentence[i++];
            continue;
        }
        const std::string_view word = std::string_view(sentence).substr(i, end - i);
        shape += varies(word) ? "_" : without_long_numbers(word);
        i = end;
    }
    return shape;
}

Evidence evidence_of(const Results& results,
                     std::span<const history::Event> events,
                     std::span<const checker::TraceRecord> records,
                     std::span<const NodeMessage> messages) {
    Evidence evidence;
    evidence.faults = faults_of(results.plan);
    if (const Check* violation = nearest_violation(results)) {
        Cause cause = cause_of(results, *violation, events, {records, messages});
        evidence.property = std::move(cause.property);
        evidence.state = std::move(cause.state);
        evidence.shape = shape_of(without_records(violation->reason));
        evidence.site = site_of(*violation);
    }
    return evidence;
}

Evidence with_whole_run(Evidence shrunk, const Evidence& whole) {
    if (shrunk.property == whole.property && shrunk.state.starts_with(read_behind_words) &&
        whole.state == std::string(read_behind_words) + std::string(no_leader_words)) {
        shrunk.state = whole.state;
    }
    return shrunk;
}

std::string signature(const Evidence& evidence) {
    std::string text = evidence.property.empty() ? "nothing" : evidence.property;
    if (!evidence.site.empty()) {
        return text + ": " + evidence.site;
    }
    if (!evidence.state.empty()) {
        return text + ": " + evidence.state;
    }
    return evidence.shape.empty() ? text : text + ": " + evidence.shape;
}

std::string words_of_faults(const Evidence& evidence) {
    return evidence.faults.empty() ? "none" : fmt::format("{}", fmt::join(evidence.faults, "+"));
}

std::string to_json(const Evidence& evidence) {
    return nlohmann::ordered_json{{"property", evidence.property},
                                  {"shape", evidence.shape},
                                  {"site", evidence.site},
                                  {"state", evidence.state},
                                  {"faults", evidence.faults}}
        .dump();
}

}  // namespace squall::harness::triage
