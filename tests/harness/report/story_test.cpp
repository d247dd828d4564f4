// A story says what matters, in the order of time, and nothing that the run does not hold.
#include "harness/report/story.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "told.hpp"

namespace squall::harness::report {
namespace {

using testing::line_that;
using testing::ms;
using testing::Told;
using testing::two_leaders;

std::string all_of(const Story& story) {
    std::string text;
    for (const Happening& line : story.lines) {
        text += line.text + "\n";
    }
    return text;
}

TEST(Story, ValidRunHasNone) {
    Told told;
    told.leads(1, 12, 1);

    const Story story = told.story();

    EXPECT_TRUE(story.lines.empty());
    EXPECT_TRUE(story.check.empty());
}

TEST(Story, TellsOfTheVoteThatWasForgotten) {
    const Story story = two_leaders().story();

    EXPECT_EQ(story.check, "election-safety");
    EXPECT_EQ(story.moment, ms(32));
    const Happening* first = line_that(story, "n1 wins term 1 with the vote of n2");
    const Happening* lost =
        line_that(story, "n2 restarts and forgets term 1, forgets its vote for n1 in term 1");
    const Happening* second = line_that(story, "n3 wins term 1 with the vote of n2");
    ASSERT_TRUE(first != nullptr && lost != nullptr && second != nullptr) << all_of(story);
    EXPECT_LT(first->at, lost->at);
    EXPECT_LT(lost->at, second->at);
    EXPECT_EQ(lost->weight, Weight::decisive);
    EXPECT_EQ(second->weight, Weight::decisive);
    EXPECT_NE(second->text.find("n1 still takes itself for the leader of term 1"),
              std::string::npos);
    EXPECT_EQ(story.lines.back().text, "election-safety: n1 and n3 both led term 1");
}

TEST(Story, RestartThatFindsEverythingIsNotAccused) {
    Told told;
    told.votes(2, 11, 1, 1).trace(2, 12, checker::TraceAppend{.first = 1, .terms = {1, 1}});
    told.trace(2, 13, checker::TraceDurable{.term = 1, .index = 1});
    told.trace(2, 20, checker::TraceInit{.term = 1, .vote = 1, .last_term = 1, .last_index = 1});
    told.violates("x", "something");

    const Story story = told.story();

    const Happening* restart = line_that(story, "n2 restarts: term 1, voted for n1, log up to 1");
    ASSERT_NE(restart, nullptr) << all_of(story);
    EXPECT_NE(restart->text.find("entry 2 had not been durable yet"), std::string::npos);
    EXPECT_EQ(restart->weight, Weight::telling);
}

TEST(Story, RestartThatLostDurableEntriesIs) {
    Told told;
    told.trace(2, 12, checker::TraceAppend{.first = 1, .terms = {1, 1}});
    told.trace(2, 13, checker::TraceDurable{.term = 1, .index = 2});
    told.trace(2, 20, checker::TraceInit{});
    told.violates("x", "something");

    const Story story = told.story();

    const Happening* restart =
        line_that(story, "n2 restarts and has lost entries 1 to 2, which had been durable");
    ASSERT_NE(restart, nullptr) << all_of(story);
    EXPECT_EQ(restart->weight, Weight::decisive);
}

TEST(Story, EntriesThatAreThrownAwayAreNamed) {
    Told told;
    told.trace(2, 12, checker::TraceAppend{.first = 1, .terms = {1, 1}});
    told.commits(2, 13, 1, {});
    told.trace(2, 14, checker::TraceAppend{.first = 2, .terms = {2}});
    told.trace(2, 15, checker::TraceAppend{.first = 1, .terms = {3}});
    told.violates("x", "something");

    const Story story = told.story();

    const Happening* fine = line_that(story, "n2 stores entry 2 of term 2 and throws away entry 2");
    const Happening* bad = line_that(story, "n2 stores entry 1 of term 3 and throws away entries");
    ASSERT_TRUE(fine != nullptr && bad != nullptr) << all_of(story);
    EXPECT_EQ(fine->weight, Weight::telling);
    EXPECT_EQ(bad->weight, Weight::decisive);
    EXPECT_NE(bad->text.find("though it had taken that for committed"), std::string::npos);
}

TEST(Story, SnapshotThatIsToldOfLateTakesNothingFromTheLogBehindIt) {
    Told told;
    told.trace(2, 12, checker::TraceAppend{.first = 3, .terms = {2, 2}});
    told.trace(2, 13, checker::TraceSnapshot{true, 2, 2, 77});
    told.trace(2, 14, checker::TraceAppend{.first = 4, .terms = {3}});
    told.trace(3, 12, checker::TraceAppend{.first = 1, .terms = {1, 1, 1}});
    told.trace(3, 13, checker::TraceSnapshot{true, 2, 2, 77});
    told.trace(3, 14, checker::TraceAppend{.first = 3, .terms = {3}});
    told.violates("x", "something");

    const Story story = told.story();

    EXPECT_NE(line_that(story, "n2 stores entry 4 of term 3 and throws away entry 4 of term 2"),
              nullptr)
        << all_of(story);
    EXPECT_EQ(all_of(story).find("n3 stores entry 3 of term 3 and throws"), std::string::npos)
        << all_of(story);
}

TEST(Story, CommitWithoutAMajorityIsDecisive) {
    Told told;
    told.leads(1, 12, 1);
    told.commits(1, 20, 1, {{1, 1}, {2, 1}, {3, 0}});
    told.commits(1, 21, 2, {{1, 2}, {2, 1}, {3, 0}});
    told.violates("x", "something");

    const Story story = told.story();

    const Happening* fine = line_that(story, "n1 commits entry 1 in term 1: n1 and n2 of 3 hold");
    const Happening* bad = line_that(story, "n1 commits entry 2 in term 1: n1 of 3 holds it, no");
    ASSERT_TRUE(fine != nullptr && bad != nullptr) << all_of(story);
    EXPECT_EQ(fine->weight, Weight::ordinary);
    EXPECT_EQ(bad->weight, Weight::decisive);
}

TEST(Story, StaleReadIsJoinedWithTheLeaderThatDidNotKnow) {
    Told told;
    told.leads(1, 10, 1).leads(2, 20, 2);
    told.operation("read", 1, 30, 31, {.term = 1, .index = 0});
    told.violates("linearizable", "a stale read");

    const Story story = told.story();

    const Happening* read = line_that(story, "n1 answers c7: read k1");
    ASSERT_NE(read, nullptr) << all_of(story);
    EXPECT_NE(read->text.find("n1 is still leader of term 1, but n2 has led term 2 since 0.020 s"),
              std::string::npos)
        << read->text;
    EXPECT_EQ(read->weight, Weight::decisive);
}

TEST(Story, ReadFromTheLatestLeaderIsNotExplainedAway) {
    Told told;
    told.leads(2, 20, 2);
    told.operation("read", 2, 30, 31, {.term = 2, .index = 0});
    told.violates("linearizable", "a stale read");

    const Story story = told.story();
    const Happening* read = line_that(story, "n2 answers c7: read k1");

    ASSERT_NE(read, nullptr);
    EXPECT_EQ(read->text.find(';'), std::string::npos) << read->text;
}

TEST(Story, WriteThatWasAnsweredBeforeItsCommitSaysSoWhereTimesAreExact) {
    Told told;
    told.leads(1, 10, 1);
    told.operation("write", 1, 11, 12, {.term = 1, .index = 5});
    told.commits(1, 40, 5, {{1, 5}, {2, 5}, {3, 0}});
    told.violates("linearizable", "a lost write");

    const Story seen_by_nobody = told.story();
    told.says(1, 2, 10, 11, "append_request");
    const Story simulated = told.story();

    const Happening* vague = line_that(seen_by_nobody, "n1 answers c7: write k1");
    const Happening* exact = line_that(simulated, "n1 answers c7: write k1");

    ASSERT_TRUE(vague != nullptr && exact != nullptr);
    EXPECT_EQ(vague->text.find("no node knew"), std::string::npos);
    EXPECT_NE(exact->text.find("no node knew index 5 to be committed before 0.040 s"),
              std::string::npos)
        << exact->text;
}

TEST(Story, LeaderWithoutAMajorityIsNamedOnlyWhereVotesAreExact) {
    Told told;
    told.votes(1, 10, 1, 1).leads(1, 12, 1);
    told.violates("x", "something");

    EXPECT_EQ(all_of(told.story()).find("no majority"), std::string::npos);
    told.says(1, 2, 10, 11, "append_request");
    EXPECT_NE(all_of(told.story()).find("n1 wins term 1: 1 of 3 votes, no majority"),
              std::string::npos)
        << all_of(told.story());
}

TEST(Story, WhatCameRightBeforeTheViolationIsNamed) {
    Told told = two_leaders();
    told.says(2, 3, 31, 32, "vote_reply");

    const Story story = told.story();

    EXPECT_NE(line_that(story, "n3 gets a message of n2: "), nullptr) << all_of(story);
}

TEST(Story, LongOneKeepsWhatIsDecisiveAndCountsTheRest) {
    Told told = two_leaders();
    for (std::uint64_t i = 1; i <= 500; ++i) {
        told.trace(1, 13, checker::TraceAppend{.first = i, .terms = {1}});
    }

    const Story story = told.story(10);

    EXPECT_EQ(story.lines.size(), 10U);
    EXPECT_GT(story.left_out, 490U);
    EXPECT_NE(line_that(story, "n2 restarts and forgets"), nullptr) << all_of(story);
    EXPECT_NE(line_that(story, "election-safety: "), nullptr);
    EXPECT_TRUE(std::ranges::is_sorted(story.lines, {}, &Happening::at));
}

TEST(Story, WithoutTracesOnlyTheObjectOfTheViolationIsTold) {
    Told told;
    for (const auto type : {history::EventType::invoke, history::EventType::ok}) {
        history::Event& other = told.event(type, 5);
        other.client = 3;
        other.node = 1;
        other.function = "write";
        other.key = "k9";
    }
    told.operation("read", 1, 10, 11, {1, 1});
    told.violates("linearizable", "read what nobody wrote");
    ASSERT_NE(line_that(told.story(), "c3 asks: write k9"), nullptr) << all_of(told.story());

    told.traces_.clear();

    EXPECT_EQ(line_that(told.story(), "c3 asks"), nullptr) << all_of(told.story());
    EXPECT_NE(line_that(told.story(), "c7 asks: read k1"), nullptr) << all_of(told.story());
}

TEST(Story, WhatCameLaterExplainsNothing) {
    Told told = two_leaders();
    told.trace(2, 900, checker::TraceSnapshot{.installed = true, .term = 1, .index = 9});

    const Story story = told.story();

    EXPECT_EQ(line_that(story, "n2 replaces its state"), nullptr);
}

TEST(Story, PlaceOfATracedEventIsReadFromTheEndOfAReason) {
    EXPECT_EQ(place_named("n1 (n2 life 3) did it (n4 life 5 event 6)"), (TracePlace{4, 5, 6}));
    EXPECT_EQ(place_named("n1 and n2 both led"), std::nullopt);
    EXPECT_EQ(place_named("n3 had spoken in term 2 (start of life 4)"), (TracePlace{3, 4, 0}));
    EXPECT_EQ(place_named("(nowhere)"), std::nullopt);
}

}  // namespace
}  // namespace squall::harness::report
