#include "harness/suite/index_words.hpp"

#include <array>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/words.hpp"

namespace squall::harness::suite {
namespace {

using StateMeaning = std::pair<std::string_view, std::string_view>;

/// In the order in which they matter.
constexpr std::array states{
    StateMeaning{"new", "never seen before"},
    StateMeaning{"known", "seen now and in every suite since it was first seen"},
    StateMeaning{"flaky", "seen now, but not in every suite since it was first seen"},
    StateMeaning{"quarantined", "seen, and known to the suite file: it does not count"},
    StateMeaning{"fixed", "not seen, though it would have been with a probability of 95 %"},
    StateMeaning{"absent", "not seen, but too little ran to tell"}};

/// "1 new, 2 known".
std::string counts_of_states(const std::map<std::string_view, std::size_t>& count) {
    std::vector<std::string> words;
    for (const auto& [name, meaning] : states) {
        if (const auto found = count.find(name); found != count.end()) {
            words.push_back(fmt::format("{} {}", found->second, name));
        }
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::string_view state_meaning(std::string_view state) {
    for (const auto& [name, meaning] : states) {
        if (name == state) {
            return meaning;
        }
    }
    return "";
}

std::string_view state_of(const SuiteGroup& group) {
    return group.quarantined.empty() ? triage::to_string(group.group.state) : "quarantined";
}

std::string index_title(const SuiteSummary& summary) {
    // How many of each state, of those that failed now and of those of before.
    std::map<std::string_view, std::size_t> now;
    std::map<std::string_view, std::size_t> before;
    std::size_t failing = 0;
    for (const SuiteGroup& group : summary.groups) {
        const bool fails = group.group.failures > 0;
        failing += fails ? 1U : 0U;
        ++(fails ? now : before)[state_of(group)];
    }
    const std::string groups = failing == 0 ? "no failures"
                                            : fmt::format("{} of failures ({})",
                                                          report::counted(failing, "group"),
                                                          counts_of_states(now));
    return fmt::format(
        "{}: {}: {} in {} and {}{}",
        summary.suite.name,
        summary.verdict,
        groups,
        report::counted(summary.cells.size(), "cell"),
        report::counted(summary.seeds(), "seed"),
        before.empty() ? "" : fmt::format("; of earlier ones {}", counts_of_states(before)));
}

}  // namespace squall::harness::suite
