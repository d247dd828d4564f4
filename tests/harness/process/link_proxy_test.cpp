#include "harness/process/link_proxy.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fake_peers.hpp"
#include "support.hpp"

namespace squall::harness::process::test {

namespace {

using namespace std::chrono_literals;
using nemesis::Link;
using nemesis::LinkRule;

constexpr Link there{1, 2};
constexpr Link back{2, 1};

std::vector<std::string> numbered(int count) {
    std::vector<std::string> payloads;
    for (int i = 0; i < count; ++i) {
        payloads.push_back(std::string("m").append(std::to_string(i)));
    }
    return payloads;
}

std::string frames(const std::vector<std::string>& payloads) {
    std::string bytes;
    for (const std::string& payload : payloads) {
        bytes += frame(payload);
    }
    return bytes;
}

/// Node 1 dials node 2 and node 2 dials node 1, each through the proxy.
class Links : public ::testing::Test {
  protected:
    Links()
        : receiver(io, subnet.peer(2)),
          proxy(io,
                {{there, subnet.proxy(there), subnet.peer(2)},
                 {back, subnet.proxy(back), subnet.peer(1)}},
                7) {}

    /// Dials and lets the hello through.
    std::unique_ptr<FakeSender> dial() {
        auto sender = std::make_unique<FakeSender>(io, subnet.proxy(there));
        const std::size_t before = receiver.payloads().size();
        sender->send(frame("hello"));
        EXPECT_TRUE(until([&] { return receiver.payloads().size() == before + 1; }));
        return sender;
    }

    bool until(const std::function<bool()>& condition) { return run_until(io, condition); }

    /// What came after the hello.
    [[nodiscard]] std::vector<std::string> received() const {
        std::vector<std::string> payloads = receiver.payloads();
        std::erase(payloads, "hello");
        return payloads;
    }

    [[nodiscard]] LinkCounters counters(Link link = there) const {
        return proxy.readings().at(link);
    }

    boost::asio::io_context io;
    Subnet subnet{2};
    FakeReceiver receiver;
    LinkProxy proxy;
};

}  // namespace

TEST_F(Links, PassWholeFramesInOrderHoweverTheyAreCutIntoPackets) {
    const auto sender = dial();
    const std::string bytes = frames(numbered(20));

    for (const char byte : bytes) {
        sender->send({&byte, 1});
        io.poll();
    }

    EXPECT_TRUE(until([&] { return received().size() == 20; }));
    EXPECT_EQ(received(), numbered(20));
    EXPECT_EQ(counters().passed, 20U);
}

TEST_F(Links, CutDropsWhatArrivesAndHealingLetsTheSameConnectionGoOn) {
    const auto sender = dial();

    proxy.set_rule(there, {.cut = true});
    sender->send(frame("lost"));
    EXPECT_TRUE(until([&] { return counters().cut == 1; }));
    proxy.set_rule(there, {});
    sender->send(frame("after"));

    EXPECT_TRUE(until([&] { return !received().empty(); }));
    EXPECT_EQ(received(), std::vector<std::string>{"after"});
    EXPECT_EQ(receiver.accepted(), 1U);
    EXPECT_FALSE(sender->closed());
}

TEST_F(Links, CutDropsWhatIsQueued) {
    const auto sender = dial();
    proxy.set_rule(there, {.delay = 1h});
    sender->send(frames({"a", "b"}));
    EXPECT_TRUE(until([&] { return counters().delayed == 2; }));

    proxy.set_rule(there, {.cut = true});

    EXPECT_EQ(counters().cut, 2U);
    EXPECT_EQ(counters().passed, 0U);
}

TEST_F(Links, HelloPassesThroughACut) {
    proxy.set_rule(there, {.cut = true});

    const auto sender = dial();
    sender->send(frame("lost"));

    EXPECT_TRUE(until([&] { return counters().cut == 1; }));
    EXPECT_TRUE(received().empty());
}

TEST_F(Links, CutInOneDirectionOnly) {
    FakeReceiver other(io, subnet.peer(1));
    const auto sender = dial();
    FakeSender answering(io, subnet.proxy(back));
    proxy.set_rule(there, {.cut = true});

    sender->send(frame("lost"));
    answering.send(frames({"hello", "answer"}));

    EXPECT_TRUE(until([&] { return other.payloads().size() == 2 && counters().cut == 1; }));
    EXPECT_EQ(counters(back).cut, 0U);
    EXPECT_TRUE(received().empty());
}

TEST_F(Links, WhatIsCutOnTheWayToAPausedNodeIsNotCounted) {
    const auto sender = dial();
    proxy.set_rule(there, {.delay = 1h});
    sender->send(frame("lost"));
    EXPECT_TRUE(until([&] { return counters().delayed == 1; }));

    proxy.set_running(2, false);
    proxy.set_rule(there, {.cut = true});

    EXPECT_EQ(counters().cut, 0U);
}

TEST_F(Links, DropLosesSomeMessagesAndCountsThem) {
    const auto sender = dial();
    proxy.set_rule(there, {.drop = 0.5});

    sender->send(frames(numbered(400)));

    EXPECT_TRUE(until([&] { return received().size() + counters().dropped == 400; }));
    EXPECT_GT(counters().dropped, 100U);
    EXPECT_LT(counters().dropped, 300U);
    const auto got = received();
    EXPECT_EQ(counters().reordered, 0U);
    EXPECT_EQ(got.size(), counters().passed);
}

TEST_F(Links, DuplicateDeliversTwice) {
    const auto sender = dial();
    proxy.set_rule(there, {.duplicate = 1});

    sender->send(frames({"a", "b"}));

    EXPECT_TRUE(until([&] { return received().size() == 4; }));
    const auto got = received();
    EXPECT_EQ(std::count(got.begin(), got.end(), "a"), 2);
    EXPECT_EQ(std::count(got.begin(), got.end(), "b"), 2);
    EXPECT_EQ(counters().duplicated, 2U);
    EXPECT_EQ(counters().passed, 2U);
}

TEST_F(Links, ReorderLetsLaterMessagesOvertake) {
    const auto sender = dial();
    proxy.set_rule(there, {.reorder = 0.3});

    sender->send(frames(numbered(200)));

    EXPECT_TRUE(until([&] { return received().size() == 200; }));
    auto got = received();
    EXPECT_NE(got, numbered(200));
    EXPECT_GT(counters().reordered, 0U);
    auto expected = numbered(200);
    std::sort(got.begin(), got.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(got, expected);
}

TEST_F(Links, DelayHoldsBackAndKeepsTheOrderInSpiteOfJitter) {
    const auto sender = dial();
    proxy.set_rule(there, {.delay = 20ms, .jitter = 20ms});
    const auto begin = std::chrono::steady_clock::now();

    sender->send(frames(numbered(50)));

    EXPECT_TRUE(until([&] { return received().size() == 50; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
    EXPECT_EQ(received(), numbered(50));
    EXPECT_EQ(counters().delayed, 50U);
    EXPECT_EQ(counters().reordered, 0U);
}

TEST_F(Links, MessagesAfterADelayDoNotOvertakeTheDelayed) {
    const auto sender = dial();
    proxy.set_rule(there, {.delay = 50ms});
    sender->send(frame("slow"));
    EXPECT_TRUE(until([&] { return counters().delayed == 1; }));

    proxy.set_rule(there, {});
    sender->send(frame("quick"));

    EXPECT_TRUE(until([&] { return received().size() == 2; }));
    EXPECT_EQ(received(), (std::vector<std::string>{"slow", "quick"}));
}

TEST_F(Links, SenderIsDisconnectedWhenTheReceiverCannotBeReached) {
    FakeSender sender(io, subnet.proxy(back));  // Nobody listens at node 1.

    EXPECT_TRUE(until([&] { return sender.closed(); }));
}

TEST_F(Links, SenderIsDisconnectedWhenTheReceiverHangsUp) {
    const auto sender = dial();

    receiver.hang_up();

    EXPECT_TRUE(until([&] { return sender->closed(); }));
}

TEST_F(Links, WhatWasSentBeforeTheSenderEndedStillArrives) {
    const auto sender = dial();
    proxy.set_rule(there, {.delay = 30ms});

    sender->send(frame("last words"));
    sender->close();

    EXPECT_TRUE(until([&] { return received().size() == 1; }));
}

TEST_F(Links, SlowReceiverSlowsTheSenderAndNothingIsLost) {
    const auto sender = dial();
    receiver.set_reading(false);
    // One read of the receiver is pending already and takes what comes first.
    const std::string message = frame(std::string(100'000, 'x'));
    std::string pending;
    std::size_t sent = 0;
    const std::size_t far_more_than_the_buffers = std::size_t{128} << 20U;

    int refusals = 0;
    for (; refusals < 200 && sent < far_more_than_the_buffers; io.run_for(1ms)) {
        if (pending.empty()) {
            pending = message;
        }
        const std::size_t taken = sender->send_some(pending);
        pending.erase(0, taken);
        sent += taken;
        refusals = taken == 0 ? refusals + 1 : 0;
    }
    EXPECT_LT(sent, far_more_than_the_buffers);
    receiver.set_reading(true);

    const std::size_t hello = frame("hello").size();
    EXPECT_TRUE(until([&] { return receiver.bytes() >= hello + sent - sent % message.size(); }));
}

}  // namespace squall::harness::process::test
