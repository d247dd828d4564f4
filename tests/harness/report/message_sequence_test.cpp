// The diagram shows the messages that matter, within its limits, and every text stays text.
#include "harness/report/message_sequence.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "told.hpp"

namespace squall::harness::report {
namespace {

using testing::ms;
using testing::Told;
using testing::two_leaders;

MessageSequence drawn(const Told& told, const SequenceLimits& limits = {}) {
    return message_sequence(told.story(), told.material(), Time{}, limits);
}

TEST(MessageSequence, NothingIsDrawnWithoutAStory) {
    Told told;
    told.says(1, 2, 10, 11, "vote_request");

    EXPECT_TRUE(drawn(told).lanes.empty());
}

TEST(MessageSequence, ArrowsGoFromLaneToLaneDownwards) {
    Told told = two_leaders();
    told.says(1, 2, 9, 11, "vote_request").says(3, 2, 29, 40, "append_request", Fate::dropped);

    const MessageSequence sequence = drawn(told);

    ASSERT_EQ(sequence.lanes.size(), 3U);
    ASSERT_EQ(sequence.arrows.size(), 2U);
    EXPECT_EQ(sequence.arrows[0].from, 0U);
    EXPECT_EQ(sequence.arrows[0].to, 1U);
    EXPECT_LT(sequence.arrows[0].sent, sequence.arrows[0].received);
    EXPECT_EQ(sequence.arrows[1].fate, Fate::dropped);
    EXPECT_FALSE(sequence.derived);
    for (const SequenceMark& mark : sequence.marks) {
        EXPECT_LE(mark.y, sequence.height);
        EXPECT_GE(sequence.width,
                  static_cast<int>(mark.lane * sequence_lane + mark.label.size() * 7));
        EXPECT_GE(mark.y, sequence_top);
    }
}

TEST(MessageSequence, HeartbeatsAreCountedAndOnlyLateOnesDrawn) {
    Told told = two_leaders();
    told.says(1, 2, 13, 14, "heartbeat").says(1, 3, 13, 14, "heartbeat");

    EXPECT_EQ(drawn(told).routine, 2U);
    EXPECT_TRUE(drawn(told).arrows.empty());

    Told slow;
    slow.leads(1, 12, 1).leads(2, 900, 1);
    slow.says(1, 2, 13, 600, "heartbeat");
    slow.violates("election-safety", "twice (n2 life 1 event 1)");
    EXPECT_EQ(drawn(slow).arrows.size(), 1U);
}

TEST(MessageSequence, WithoutMessagesTheTracesTellOfVotes) {
    const MessageSequence sequence = drawn(two_leaders());

    EXPECT_TRUE(sequence.derived);
    ASSERT_EQ(sequence.arrows.size(), 2U);
    EXPECT_EQ(sequence.arrows[0].label, "vote t1");
    EXPECT_TRUE(sequence.arrows[0].derived);
}

TEST(MessageSequence, LimitsHoldAndWhatIsLeftOutIsCounted) {
    Told told = two_leaders();
    for (std::int64_t i = 0; i < 500; ++i) {
        told.says(1, 2, 13, 14, "append_request");
    }

    const MessageSequence sequence = drawn(told, {.arrows = 20, .marks = 5});

    EXPECT_EQ(sequence.arrows.size(), 20U);
    EXPECT_EQ(sequence.left_out, 480U);
    EXPECT_LT(sequence.height, 2000);
}

TEST(MessageSequence, RolesAndDownTimesAreBands) {
    const MessageSequence sequence = drawn(two_leaders());

    const auto is = [&](std::size_t lane, const std::string& role) {
        return std::ranges::any_of(sequence.bands, [&](const SequenceBand& band) {
            return band.lane == lane && band.role == role && band.to > band.from;
        });
    };
    EXPECT_TRUE(is(0, "leader"));
    EXPECT_TRUE(is(1, "down"));
    EXPECT_FALSE(is(1, "leader"));
    EXPECT_TRUE(is(2, "follower"));
}

TEST(MessageSequence, NodeThatEndedForGoodStaysDown) {
    Told told = two_leaders();
    told.event(history::EventType::note, 35).text = "node n3 exited: refused to start";

    const MessageSequence sequence = drawn(told);

    const auto last_of = [&](std::size_t lane) {
        const auto here = [&](const SequenceBand& band) { return band.lane == lane; };
        return *std::ranges::find_if(sequence.bands.rbegin(), sequence.bands.rend(), here);
    };
    EXPECT_EQ(last_of(2).role, "down");
    EXPECT_EQ(last_of(0).role, "leader");
}

TEST(SequenceSvg, HoldsEveryArrowAndNoMarkupOfARun) {
    Told told = two_leaders();
    told.says(1, 2, 9, 11, "</svg><script>alert(1)</script>\x01");
    told.results_.checks.front().name = "<b>";

    const std::string svg = sequence_svg(drawn(told), "a <b> & \"c\"");

    EXPECT_EQ(svg.find("<svg xmlns="), 0U);
    EXPECT_NE(svg.find("prefers-color-scheme:dark"), std::string::npos);
    EXPECT_NE(svg.find("a &lt;b&gt; &amp;"), std::string::npos);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg.find("<b>"), std::string::npos);
    EXPECT_EQ(svg.find('\x01'), std::string::npos);
    EXPECT_EQ(svg.find("</svg>"), svg.size() - 7);
}

}  // namespace
}  // namespace squall::harness::report
