#include "checker/coverage.hpp"

#include <gtest/gtest.h>

namespace squall::checker {
namespace {

using history::Event;
using history::EventType;
using history::FaultPhase;
using history::FaultRecord;

class Story {
  public:
    Story& fault(std::string name,
                 FaultPhase phase,
                 std::map<std::string, std::int64_t> effect = {}) {
        FaultRecord record;
        record.name = std::move(name);
        record.phase = phase;
        record.detail = phase == FaultPhase::skipped ? "no leader" : "";
        record.effect = std::move(effect);
        event(EventType::fault).fault = record;
        return *this;
    }

    Story& ok_operations(int count, bool final_read = false) {
        for (int i = 0; i < count; ++i) {
            Event& invocation = event(EventType::invoke);
            invocation.client = 1;
            invocation.final_read = final_read;
            event(EventType::ok).client = 1;
        }
        return *this;
    }

    [[nodiscard]] Check check(std::vector<std::string> classes) const {
        return coverage_check(events_, {std::move(classes), 10});
    }

  private:
    Event& event(EventType type) {
        Event& added = events_.emplace_back();
        added.index = events_.size() - 1;
        added.type = type;
        return added;
    }

    std::vector<Event> events_;
};

TEST(Coverage, IsValidWhenEveryClassBitAndEnoughSucceeded) {
    const Check check = Story{}
                            .ok_operations(10)
                            .fault("kill", FaultPhase::begin)
                            .fault("kill", FaultPhase::end, {{"down_ms", 700}})
                            .fault("partition", FaultPhase::begin)
                            .fault("partition", FaultPhase::end, {{"messages_dropped", 1}})
                            .check({"kill", "partition"});

    EXPECT_EQ(check.verdict, Verdict::valid);
    EXPECT_EQ(check.details[0], "kill: 1 injected, 1 took effect, 0 skipped; down_ms 700");
}

TEST(Coverage, AFaultWithoutMeasuredEffectDoesNotCount) {
    const Check check =
        Story{}
            .ok_operations(10)
            .fault("partition", FaultPhase::begin)
            .fault("partition", FaultPhase::end, {{"messages_dropped", 0}, {"lasted_ms", 900}})
            .check({"partition"});

    EXPECT_EQ(check.verdict, Verdict::unknown);
    EXPECT_EQ(check.reason, "no partition took effect");
}

TEST(Coverage, AClassThatCouldNeverBeInjectedMakesTheRunUnknown) {
    const Check check =
        Story{}.ok_operations(10).fault("kill", FaultPhase::skipped).check({"kill"});

    EXPECT_EQ(check.verdict, Verdict::unknown);
    EXPECT_EQ(check.reason, "no kill could be injected");
}

TEST(Coverage, TooFewSuccessesBeforeTheFinalPhaseMakeTheRunUnknown) {
    const Check check = Story{}.ok_operations(9).ok_operations(50, true).check({});

    EXPECT_EQ(check.verdict, Verdict::unknown);
    EXPECT_EQ(check.reason, "only 9 operations succeeded of 10 wanted");
}

TEST(Coverage, EffectsAddUpAndOfLargestOnesTheLargestCounts) {
    std::map<std::string, std::int64_t> total;
    for (const std::int64_t amount : {3, 7, 5}) {
        add_effect(total, "clock_changes", amount);
        add_effect(total, "clock_offset_ms_max", amount);
    }

    EXPECT_EQ(total.at("clock_changes"), 15);
    EXPECT_EQ(total.at("clock_offset_ms_max"), 7);
}

}  // namespace
}  // namespace squall::checker
