#include "nemesis/link_fate.hpp"

#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::nemesis {

namespace {

using namespace std::chrono_literals;
using history::Stream;

}  // namespace

RC_GTEST_PROP(LinkFate, NothingHappensWithoutARule, (std::uint64_t seed, std::uint64_t ordinal)) {
    const Fate fate = decide_fate({}, Stream(seed, "links"), {1, 2}, ordinal);

    RC_ASSERT(!fate.dropped);
    RC_ASSERT(!fate.held_back);
    RC_ASSERT(!fate.copy_after);
    RC_ASSERT(fate.delay == 0ns);
}

RC_GTEST_PROP(LinkFate, StaysWithinTheRule, (std::uint64_t seed, std::uint64_t ordinal)) {
    const LinkRule rule{.delay = 5ms, .jitter = 7ms, .duplicate = 0.5, .reorder = 0.5};

    const Fate fate = decide_fate(rule, Stream(seed, "links"), {3, 1}, ordinal);

    RC_ASSERT(!fate.dropped);
    RC_ASSERT(fate.delay >= 5ms);
    RC_ASSERT(fate.delay < (fate.held_back ? 24ms : 12ms));
    RC_ASSERT(fate.copy_after.value_or(0ns) < 7ms);
}

RC_GTEST_PROP(LinkFate, CertaintiesAreCertain, (std::uint64_t seed, std::uint64_t ordinal)) {
    const Stream stream(seed, "links");

    RC_ASSERT(decide_fate({.drop = 1}, stream, {1, 2}, ordinal).dropped);
    const Fate fate = decide_fate({.duplicate = 1, .reorder = 1}, stream, {1, 2}, ordinal);
    RC_ASSERT(fate.copy_after.has_value());
    RC_ASSERT(fate.held_back);
}

TEST(LinkFate, DependsOnTheLinkAndTheMessage) {
    const LinkRule rule{.jitter = 1h};
    const Stream stream(1, "links");
    const auto delay = [&](Link link, std::uint64_t ordinal) {
        return decide_fate(rule, stream, link, ordinal).delay;
    };

    EXPECT_EQ(delay({1, 2}, 0), delay({1, 2}, 0));
    EXPECT_NE(delay({1, 2}, 0), delay({2, 1}, 0));
    EXPECT_NE(delay({1, 2}, 0), delay({1, 2}, 1));
}

}  // namespace squall::nemesis
