// Leaders that go on leading though nobody answers them, and those that only seem to.
#include "harness/triage/unheard.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::triage {
namespace {

using history::NodeId;
using history::Time;

constexpr Time unheard_patience(100);

/// Node 1 of three leads from time 0 on.
class Cluster {
  public:
    Cluster() { role(0, "leader"); }

    Cluster& role(std::int64_t at, const std::string& role) {
        records_.push_back({.node = 1,
                            .incarnation = 1,
                            .sequence = records_.size(),
                            .raw_time_ns = at,
                            .body = checker::TraceRole{role, 1, 0}});
        return *this;
    }

    /// Every 10 from `first` to `last`.
    Cluster& sends(int first, int last) { return say(first, last, 1, 2); }

    Cluster& hears(NodeId from, int first, int last) { return say(first, last, from, 1); }

    [[nodiscard]] bool unheard() const {
        std::vector<NodeMessage> messages = messages_;
        std::ranges::stable_sort(messages, {}, &NodeMessage::sent);
        return led_unheard(records_, messages, 3, unheard_patience);
    }

  private:
    Cluster& say(int first, int last, NodeId from, NodeId to) {
        for (int at = first; at <= last; at += 10) {
            NodeMessage message;
            message.sent = message.received = Time(at);
            message.fate = Fate::arrived;
            message.from = from;
            message.to = to;
            messages_.push_back(message);
        }
        return *this;
    }

    std::vector<checker::TraceRecord> records_;
    std::vector<NodeMessage> messages_;
};

TEST(Unheard, WhoSendsOnThoughNobodyAnswers) {
    EXPECT_TRUE(Cluster().sends(0, 300).unheard());
    EXPECT_TRUE(Cluster().hears(2, 0, 50).sends(0, 300).unheard());
}

TEST(Unheard, NotWhileOneOfTwoAnswers) {
    EXPECT_FALSE(Cluster().sends(0, 300).hears(3, 0, 300).unheard());
    EXPECT_FALSE(Cluster().sends(0, 300).hears(3, 90, 90).hears(2, 180, 180).unheard());
}

TEST(Unheard, NotOnceItHasSteppedDown) {
    EXPECT_FALSE(Cluster().sends(0, 300).role(150, "follower").unheard());
}

TEST(Unheard, NotWhoWasPausedAndNoticesLate) {
    EXPECT_FALSE(Cluster().sends(0, 10).sends(400, 410).role(411, "follower").unheard());
}

TEST(Unheard, WithoutMessagesNobodyIs) {
    EXPECT_FALSE(Cluster().unheard());
}

}  // namespace
}  // namespace squall::harness::triage
