// What triage reads off traces that were written by hand: who voted for whom, why a node does not
// catch up, whose state became another one.
#include "harness/triage/trace_view.hpp"

#include <gtest/gtest.h>

#include "harness/triage/votes.hpp"

namespace squall::harness::triage {
namespace {

using namespace checker;

/// Records one after the other, a millisecond apart.
class Traces {
  public:
    Traces& add(NodeId node, TraceBody body) {
        records_.push_back({.node = node,
                            .incarnation = 1,
                            .sequence = records_.size(),
                            .raw_time_ns = static_cast<std::int64_t>(records_.size()) * 1'000'000,
                            .body = std::move(body)});
        return *this;
    }

    Traces& leads(NodeId node, std::uint64_t term) {
        return add(node, TraceRole{.role = "leader", .term = term, .leader = node});
    }

    [[nodiscard]] TraceView view() const { return {records_, 3, 0}; }

    [[nodiscard]] LogBehind votes() const { return voted_for_behind(records_); }

  private:
    std::vector<TraceRecord> records_;
};

/// n1 has the terms `voter` in its log and votes for n2, which has `candidate`.
LogBehind vote(const std::vector<std::uint64_t>& voter,
               const std::vector<std::uint64_t>& candidate) {
    return Traces()
        .add(1, TraceAppend{1, voter})
        .add(2, TraceAppend{1, candidate})
        .add(2, TraceRole{"candidate", 5, 0})
        .add(1, TraceHardState{5, 2})
        .votes();
}

TEST(Votes, SayInWhichWayTheCandidateWasBehind) {
    EXPECT_EQ(vote({1, 1}, {1, 1}), LogBehind::not_one_way);
    EXPECT_EQ(vote({1, 1, 1}, {1, 2}), LogBehind::not_one_way);
    EXPECT_EQ(vote({1, 1}, {1}), LogBehind::in_length);
    EXPECT_EQ(vote({1, 2}, {1, 1, 1}), LogBehind::in_term);
    EXPECT_EQ(vote({1, 2}, {1}), LogBehind::not_one_way);
}

TEST(Trouble, IsAboutTheLogOrAboutWhatTheNodeTakesItselfFor) {
    const auto led = [] { return Traces().add(1, TraceAppend{1, {1, 2}}).leads(1, 2); };

    EXPECT_EQ(led().add(3, TraceAppend{1, {1, 1}}).view().trouble(3, 0), "whose log conflicts");
    EXPECT_EQ(
        led().add(3, TraceAppend{1, {1}}).add(3, TraceRole{"follower", 2, 1}).view().trouble(3, 0),
        "that follows");
    EXPECT_EQ(led().add(3, TraceRole{"pre_candidate", 2, 0}).view().trouble(3, 0),
              "that campaigns in the term of the leader");
    EXPECT_EQ(led().add(3, TraceRole{"pre_candidate", 1, 0}).view().trouble(3, 0),
              "that campaigns in another term");
    EXPECT_EQ(led().add(1, TraceSnapshot{false, 2, 2, 0}).view().trouble(3, 0),
              "whose log is behind the snapshot");
    EXPECT_EQ(led().view().trouble(1, 0), std::nullopt);
}

TEST(Divergence, IsTheSnapshotsWhenOneOfTheTwoBeganFromOne) {
    const auto applied = [](Traces traces, std::uint64_t other) {
        return traces.add(1, TraceApply{1, {1, 1}, {7, 8}})
            .add(2, TraceApply{2, {1}, {other}})
            .view()
            .diverged_behind_a_snapshot();
    };
    const Traces fresh;
    const Traces restored = Traces().add(2, TraceSnapshot{true, 1, 1, 7});

    EXPECT_EQ(applied(fresh, 8), std::nullopt);
    EXPECT_EQ(applied(fresh, 9), std::optional(false));
    EXPECT_EQ(applied(restored, 9), std::optional(true));
}

TEST(Deposed, WhenSomebodyElseLedALaterTerm) {
    const Traces traces = Traces().leads(1, 1).leads(2, 2);
    using std::chrono::milliseconds;

    EXPECT_FALSE(traces.view().deposed(1, milliseconds(0)));
    EXPECT_TRUE(traces.view().deposed(1, milliseconds(1)));
    EXPECT_FALSE(traces.view().deposed(2, milliseconds(1)));
}

}  // namespace
}  // namespace squall::harness::triage
