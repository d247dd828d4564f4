// Documented bugs, each found within stated bounds, on a way as long as it has to be: breadth
// first, no shorter one exists. Nothing in the search knows of any bug.
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/harness/explore/space.hpp"

namespace squall::harness::explore {
namespace {

struct Case {
    const char* slug;
    Options options;
    const char* property;
    std::size_t steps;  ///< With those of Start::elected.
    bool contradicts;   ///< Another event, earlier.
};

void PrintTo(const Case& bug, std::ostream* out) {
    *out << bug.slug;
}

Options elected(Options options) {
    options.start = Start::elected;
    return options;
}

Options nodes(std::uint32_t count, Options options) {
    options.nodes = count;
    return options;
}

Options unchecked(Options options) {
    options.bugs.switch_assertions_off();
    return options;
}

Options single_entries(Options options) {
    options.batch = 1;
    return options;
}

std::vector<Case> cases() {
    using enum Budget;
    return {
        {"term-not-persisted", with({{timeouts, 1}, {crashes, 1}}), "durable-hard-state", 4, false},
        {"no-uptodate", with({{timeouts, 2}}), "leader-completeness", 18, true},
        {"uptodate-len-only",
         elected(with({{timeouts, 2}, {proposals, 1}})),
         "leader-completeness",
         40,
         true},
        {"uptodate-term-only",
         with({{timeouts, 2}, {proposals, 1}}),
         "leader-completeness",
         25,
         true},
        {"leader-grants-stays", with({{timeouts, 2}}), "assertion", 12, false},
        {"leader-grants-stays", unchecked(with({{timeouts, 2}})), "election-safety", 15, true},
        {"stale-leader-ae-accepted", with({{timeouts, 2}}), "durable-acknowledgement", 17, false},
        {"commit-no-min",
         single_entries(elected(with({{timeouts, 1}, {proposals, 2}}))),
         "assertion",
         29,
         false},
        {"heartbeat-no-prev",
         with({{timeouts, 2}, {heartbeats, 1}}),
         "state-machine-safety",
         20,
         true},
        {"no-noop", with({{timeouts, 1}}), "assertion", 7, false},
        {"even-quorum", nodes(4, with({{timeouts, 1}})), "commit-certificate", 11, false},
        {"local-quorum", nodes(4, with({{timeouts, 1}})), "commit-certificate", 11, false},
        {"before-noop", with({{timeouts, 2}, {reads, 1}}), "read-index", 21, true},
        {"no-quorum-ack", elected(with({{timeouts, 1}, {reads, 1}})), "read-index", 29, true},
        {"quorum-off", elected(with({{timeouts, 1}, {reads, 1}})), "read-index", 29, true},
    };
}

class KnownBug : public ::testing::TestWithParam<Case> {};

TEST_P(KnownBug, IsFoundOnAShortestWay) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "no bugs in this build";
    }
    const Case& bug = GetParam();
    Options options = bug.options;
    enable_bug(options, bug.slug);

    const Seen seen = explore(options);

    ASSERT_EQ(seen.stop, Stop::violation);
    EXPECT_EQ(seen.path->violation->property, bug.property) << seen.path->violation->sentence;
    EXPECT_EQ(seen.path->steps.size(), bug.steps);
    EXPECT_EQ(seen.path->earlier_step > 0, bug.contradicts);
    EXPECT_LT(seen.path->earlier_step, seen.path->steps.size());
}

TEST_P(KnownBug, IsWhatIsWrong) {
    const Case& bug = GetParam();
    Model model(bug.options);
    const bool from_election = bug.options.start == Start::elected;
    Limits limits;  // As far as the bug took, without it.
    limits.depth = bug.steps - (from_election ? election(model).size() : 0);

    const Seen seen = explore(bug.options, limits);

    EXPECT_FALSE(seen.path) << seen.path->violation->sentence;
}

/// Figure 8 of the paper, in the cluster that the bug needs.
TEST(Figure8, AnEntryOfAnEarlierTermThatCommitsByCountingIsFound) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "no bugs in this build";
    }
    Options options = with({{Budget::timeouts, 1}, {Budget::proposals, 1}});
    options.start = Start::elected;
    options.batch = 1;  // The old entry is acknowledged before the new leader's own.
    options.bugs.enable(raft::zoo::Bug::commit_old_terms);

    const Seen seen = explore(options);

    ASSERT_EQ(seen.stop, Stop::violation);
    EXPECT_EQ(seen.path->violation->property, "commit-certificate");
    EXPECT_NE(seen.path->violation->sentence.find("section 5.4.2"), std::string::npos);
    EXPECT_EQ(seen.path->steps.size(), 27U);
}

TEST(HarmlessBug, IsNotFound) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "no bugs in this build";
    }
    for (const char* slug : {"no-prevote", "no-checkquorum", "candidate-ignores-same-term-ae"}) {
        Options options = with({{Budget::timeouts, 2}});
        enable_bug(options, slug);

        const Seen seen = explore(options);

        EXPECT_EQ(seen.stop, Stop::exhausted) << slug << ": it harms progress, not safety";
    }
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    std::string name = info.param.slug;
    std::replace(name.begin(), name.end(), '-', '_');
    return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Zoo, KnownBug, ::testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace squall::harness::explore
