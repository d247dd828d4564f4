// Leaders that have entries for somebody who follows them, and do not send them.
#include "harness/triage/withheld.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::triage {
namespace {

using history::NodeId;
using history::Time;

constexpr Time withheld_patience(100);

/// Node 1 leads from time 0 on, and has sent node 2 what it had then.
class Leader {
  public:
    Leader() {
        add(0, 1, checker::TraceRole{"leader", 1, 1});
        appends(0, 1);
        sends(0, "append_request");
        add(5, 2, checker::TraceAppend{1, {1}});
    }

    Leader& appends(std::int64_t at, std::uint64_t index) {
        return add(at, 1, checker::TraceAppend{index, {1}});
    }

    Leader& sends(int at, const std::string& name) { return say(at, 1, 2, name); }

    /// Every 20.
    Leader& is_answered(int first, int last) {
        for (int at = first; at <= last; at += 20) {
            sends(at, "heartbeat");
            say(at + 5, 2, 1, "heartbeat_reply");
        }
        return *this;
    }

    Leader& add(std::int64_t at, NodeId node, checker::TraceBody body) {
        records_.push_back({.node = node,
                            .incarnation = 1,
                            .sequence = records_.size(),
                            .raw_time_ns = at,
                            .body = std::move(body)});
        return *this;
    }

    [[nodiscard]] bool withholds() const {
        std::vector<checker::TraceRecord> records = records_;
        std::ranges::stable_sort(records, {}, &checker::TraceRecord::node);
        std::vector<NodeMessage> messages = messages_;
        std::ranges::stable_sort(messages, {}, &NodeMessage::sent);
        return withheld_entries(records, messages, withheld_patience);
    }

  private:
    Leader& say(int at, NodeId from, NodeId to, const std::string& name) {
        NodeMessage message;
        message.sent = message.received = Time(at);
        message.fate = Fate::arrived;
        message.from = from;
        message.to = to;
        message.name = name;
        messages_.push_back(message);
        return *this;
    }

    std::vector<checker::TraceRecord> records_;
    std::vector<NodeMessage> messages_;
};

TEST(Withheld, EntriesOfWhoeverSendsHeartbeatsOnly) {
    EXPECT_TRUE(Leader().appends(50, 2).is_answered(60, 300).withholds());
}

TEST(Withheld, NothingWhileThereIsNothingToSend) {
    EXPECT_FALSE(Leader().is_answered(60, 300).withholds());
}

TEST(Withheld, NothingOnceItIsSentInTime) {
    EXPECT_FALSE(Leader()
                     .appends(50, 2)
                     .is_answered(60, 120)
                     .sends(130, "append_request")
                     .is_answered(140, 300)
                     .withholds());
}

TEST(Withheld, NothingFromANodeThatDoesNotAnswer) {
    EXPECT_FALSE(Leader().appends(50, 2).is_answered(300, 360).withholds());
}

TEST(Withheld, NothingThatIsGoneIntoASnapshot) {
    EXPECT_FALSE(Leader()
                     .appends(50, 2)
                     .add(55, 1, checker::TraceSnapshot{false, 1, 2, 0})
                     .is_answered(60, 300)
                     .withholds());
}

TEST(Withheld, NothingAfterTheEndOfTheReign) {
    EXPECT_FALSE(Leader()
                     .appends(50, 2)
                     .add(120, 1, checker::TraceRole{"follower", 2, 0})
                     .is_answered(60, 300)
                     .withholds());
}

}  // namespace
}  // namespace squall::harness::triage
