#include "harness/process/link_queue.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::harness::process {

namespace {

using namespace std::chrono_literals;
using nemesis::LinkRule;
using Instant = LinkQueue::Instant;

/// A queue whose hello has passed.
class Queue {
  public:
    explicit Queue(const LinkRule& rule) : state{.link = {1, 2}, .stream = {5, "links"}} {
        state.rule = rule;
        queue.arrive("hello", now);
        static_cast<void>(queue.take());
    }

    /// Everything that comes out, however long it takes.
    std::string drain() {
        std::string out;
        while (!queue.empty()) {
            now = std::max(now, queue.next_due().value_or(now));
            queue.advance(now);
            out += queue.take();
        }
        return out;
    }

    LinkState state;
    LinkQueue queue{state};
    Instant now{};
};

}  // namespace

TEST(LinkQueue, HelloPassesAndIsNotCounted) {
    LinkState state{.link = {1, 2}, .stream = {5, "links"}};
    state.rule.cut = true;
    LinkQueue queue(state);

    queue.arrive("hello", Instant{});
    queue.arrive("lost", Instant{});

    EXPECT_EQ(queue.take(), "hello");
    EXPECT_EQ(state.counters.cut, 1U);
    EXPECT_EQ(state.counters.passed, 0U);
}

TEST(LinkQueue, MessagesWaitTheirDelay) {
    Queue link({.delay = 5ms});
    link.queue.arrive("a", link.now);

    link.queue.advance(link.now + 4ms);
    EXPECT_EQ(link.queue.take(), "");
    link.queue.advance(link.now + 5ms);

    EXPECT_EQ(link.queue.take(), "a");
    EXPECT_TRUE(link.queue.empty());
}

TEST(LinkQueue, CutCountsEveryMessageOnceAndNoCopy) {
    Queue link({.delay = 1ms, .duplicate = 1});
    link.queue.arrive("a", link.now);
    link.queue.arrive("b", link.now);
    link.queue.advance(link.now + 1ms);
    link.queue.arrive("c", link.now + 1ms);

    link.queue.cut();

    EXPECT_EQ(link.state.counters.cut, 3U);
    EXPECT_TRUE(link.queue.empty());
}

TEST(LinkQueue, HeldBackMessageIsReorderedOnlyIfOneOvertakesIt) {
    Queue alone({.reorder = 1});
    alone.queue.arrive("a", alone.now);
    EXPECT_EQ(alone.drain(), "a");
    EXPECT_EQ(alone.state.counters.reordered, 0U);

    Queue overtaken({.reorder = 1});
    overtaken.queue.arrive("a", overtaken.now);
    overtaken.state.rule = {};
    overtaken.queue.arrive("b", overtaken.now);
    EXPECT_EQ(overtaken.drain(), "ba");
    EXPECT_EQ(overtaken.state.counters.reordered, 1U);
}

TEST(LinkQueue, IsFullBeforeItTakesAllMemory) {
    Queue link({.delay = 1h});
    int messages = 0;

    for (const std::string frame(1 << 20, 'x'); !link.queue.full() && messages < 1000; ++messages) {
        link.queue.arrive(frame, link.now);
    }

    EXPECT_LE(messages, 16);
}

RC_GTEST_PROP(LinkQueue, LosesNothingAndKeepsTheOrderUnlessARuleSaysSo, (std::string text)) {
    Queue link({.delay = 3ms, .jitter = 9ms});

    for (const char byte : text) {
        link.now += 1ms;
        link.queue.arrive({&byte, 1}, link.now);
    }

    RC_ASSERT(link.drain() == text);
    RC_ASSERT(link.state.counters.passed == text.size());
    RC_ASSERT(link.state.counters.reordered == 0U);
}

}  // namespace squall::harness::process
