#include "checker/progress.hpp"

#include <gtest/gtest.h>

namespace squall::checker {
namespace {

using history::Event;
using history::EventType;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ProgressLimits limits{seconds(10), milliseconds(600)};

/// Events with a time of their own each.
class Story {
  public:
    Story& note(int at_seconds, std::string text) {
        event(at_seconds, EventType::note).text = std::move(text);
        return *this;
    }

    Story& invoke(int at_seconds, history::ClientId client, std::string function) {
        Event& added = event(at_seconds, EventType::invoke);
        added.client = client;
        added.final_read = function == "final";
        added.function = added.final_read ? "read" : std::move(function);
        return *this;
    }

    Story& read_finally(int at_seconds, history::ClientId client, history::NodeId node) {
        invoke(at_seconds, client, "final");
        events_.back().node = node;
        events_.back().key = "k0";
        return *this;
    }

    Story& complete(int at_seconds, history::ClientId client, EventType type) {
        event(at_seconds, type).client = client;
        return *this;
    }

    [[nodiscard]] Check check(LagFacts lag = {}) const {
        return progress_check(events_, limits, lag);
    }

  private:
    Event& event(int at_seconds, EventType type) {
        Event& added = events_.emplace_back();
        added.index = events_.size() - 1;
        added.time = seconds(at_seconds);
        added.type = type;
        return added;
    }

    std::vector<Event> events_;
};

Story stuck() {
    return Story{}
        .invoke(1, 1, "write")
        .complete(2, 1, EventType::ok)
        .note(5, "phase: settle")
        .invoke(6, 2, "write")
        .complete(9, 2, EventType::info)
        .note(20, "phase: done");
}

TEST(Progress, ASuccessWithinTheBoundIsProgress) {
    const Check check = Story{}
                            .note(5, "phase: settle")
                            .invoke(6, 2, "write")
                            .complete(9, 2, EventType::ok)
                            .note(20, "phase: done")
                            .check();

    EXPECT_EQ(check.verdict, Verdict::valid);
    EXPECT_EQ(check.evidence, (std::vector<std::uint64_t>{0, 2}));
}

TEST(Progress, AFindingNamesItsBoundAndWhoWasHealed) {
    EXPECT_EQ(stuck().check().reason,
              "of 1 operations asked after healing none succeeded within 10.000 s (bound 10.000 "
              "s)");

    const Check quorum = Story{}
                             .note(4, "heal: a quorum only, for ever broken: n2 n5")
                             .note(5, "phase: settle")
                             .invoke(6, 2, "write")
                             .complete(16, 2, EventType::info)
                             .note(20, "phase: done")
                             .check();

    EXPECT_EQ(quorum.verdict, Verdict::invalid);
    EXPECT_EQ(quorum.reason,
              "of 1 operations asked after healing none succeeded within 10.000 s (bound 10.000 "
              "s; only a quorum was healed, without n2 n5)");
}

TEST(Progress, WhatWasAskedBeforeHealingProvesNothing) {
    const Check check = Story{}
                            .invoke(4, 1, "write")
                            .note(5, "phase: settle")
                            .complete(5, 1, EventType::ok)
                            .invoke(6, 2, "write")
                            .complete(16, 2, EventType::info)
                            .note(20, "phase: done")
                            .check();

    EXPECT_EQ(check.verdict, Verdict::invalid);
}

TEST(Progress, FaultThatCouldNotBeUndoneExcusesTheCluster) {
    const Check check = Story{}
                            .note(4, "heal: not undone in time: kill n3")
                            .note(5, "phase: settle")
                            .invoke(6, 2, "write")
                            .complete(16, 2, EventType::info)
                            .note(20, "phase: done")
                            .check();

    EXPECT_EQ(check.verdict, Verdict::unknown);
}

/// Client 1 reads through one node, client 2 asks in vain through another until `last_try`.
Story one_node_is_silent(int last_try) {
    return Story{}
        .note(5, "phase: settle")
        .read_finally(6, 1, 1)
        .complete(6, 1, EventType::ok)
        .read_finally(6, 2, 2)
        .complete(7, 2, EventType::fail)
        .read_finally(last_try, 2, 2)
        .complete(last_try, 2, EventType::fail)
        .note(last_try, "phase: done");
}

TEST(Progress, NodeThatServesNoFinalReadIsInvalid) {
    const Check check = one_node_is_silent(17).check();

    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_NE(check.reason.find("through n2"), std::string::npos) << check.reason;
}

TEST(Progress, NodeThatWasNotAskedForLongIsUnknown) {
    EXPECT_EQ(one_node_is_silent(9).check().verdict, Verdict::unknown);
    EXPECT_EQ(one_node_is_silent(17).check({milliseconds(301)}).verdict, Verdict::unknown);
}

TEST(Progress, NothingButUnknownOutcomesAfterHealingIsInvalid) {
    EXPECT_EQ(stuck().check().verdict, Verdict::invalid);
}

TEST(Progress, ASuccessAfterTheBoundIsInvalid) {
    const Check check = Story{}
                            .note(5, "phase: settle")
                            .invoke(6, 2, "write")
                            .complete(16, 2, EventType::ok)
                            .note(20, "phase: done")
                            .check();

    EXPECT_EQ(check.verdict, Verdict::invalid);
}

TEST(Progress, ALateHarnessCannotBlameTheCluster) {
    EXPECT_EQ(stuck().check({milliseconds(301)}).verdict, Verdict::unknown);
    EXPECT_EQ(stuck().check({milliseconds(300)}).verdict, Verdict::invalid);
}

TEST(Progress, IsUnknownWhereItCannotBeSeen) {
    EXPECT_EQ(Story{}.invoke(1, 1, "write").check().verdict, Verdict::unknown);
    EXPECT_EQ(Story{}.note(5, "phase: settle").note(20, "phase: done").check().verdict,
              Verdict::unknown);
    EXPECT_EQ(Story{}.note(5, "phase: settle").invoke(6, 1, "write").check().verdict,
              Verdict::unknown);
}

TEST(NoCrash, AnUnplannedExitIsInvalidAndNamesItsLastWords) {
    const std::vector<CrashFinding> findings{{3, "signal 6 (Aborted)", "ASSERT(x)"}};

    const Check check = crash_check(findings);

    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_EQ(check.reason, "n3 ended by itself: signal 6 (Aborted)");
    EXPECT_EQ(check.details.back(), "ASSERT(x)");
}

TEST(NoCrash, AnEndByAnotherHandIsUnknownUnlessSomethingElseCrashed) {
    const CrashFinding killed{2, "signal 9 (Killed)", ""};
    const Check alone = crash_check(std::vector{killed});
    EXPECT_EQ(alone.verdict, Verdict::unknown);
    EXPECT_NE(alone.reason.find("n2 was ended by signal 9 (Killed), which Squall did not send"),
              std::string::npos);

    const Check both = crash_check(std::vector{killed, {3, "exit code 1", ""}});
    EXPECT_EQ(both.verdict, Verdict::invalid);
    EXPECT_TRUE(both.reason.starts_with("n3 ended by itself: exit code 1"));
}

TEST(NoCrash, NoExitIsValid) {
    EXPECT_EQ(crash_check({}).verdict, Verdict::valid);
}

}  // namespace
}  // namespace squall::checker
