// The pure deciders behind the limits of the ports: who has to go, who stalls, how many fit.
#include "raft/limits.hpp"

#include <gtest/gtest.h>

#include "raft/node/descriptors.hpp"
#include "raft/node/guest_list.hpp"
#include "raft/node/stall_watch.hpp"

namespace squall::raft::node {
namespace {

using Verdict = StallWatch::Verdict;

TEST(GuestList, NamesWhoHasBeenIdleLongest) {
    GuestList guests(3);
    const GuestId first = guests.enter();
    const GuestId second = guests.enter();
    ASSERT_EQ(guests.longest_idle(), first);

    guests.set_idle(first);

    EXPECT_EQ(guests.longest_idle(), second);
}

TEST(GuestList, NeverNamesTheBusy) {
    GuestList guests(2);
    const GuestId first = guests.enter();
    const GuestId second = guests.enter();

    guests.set_busy(first);
    EXPECT_EQ(guests.longest_idle(), second);
    guests.set_busy(second);
    EXPECT_EQ(guests.longest_idle(), std::nullopt);

    guests.set_idle(first);
    EXPECT_EQ(guests.longest_idle(), first);
}

TEST(GuestList, IsFullUntilSomebodyLeaves) {
    GuestList guests(2);
    const GuestId first = guests.enter();
    static_cast<void>(guests.enter());
    ASSERT_TRUE(guests.full());

    guests.leave(first);
    guests.leave(first);

    EXPECT_FALSE(guests.full());
    EXPECT_EQ(guests.size(), 1U);
}

TEST(GuestList, ForgetsWhoLeft) {
    GuestList guests(2);
    const GuestId gone = guests.enter();
    guests.leave(gone);

    guests.set_idle(gone);
    guests.set_busy(gone);

    EXPECT_EQ(guests.size(), 0U);
    EXPECT_EQ(guests.longest_idle(), std::nullopt);
    EXPECT_NE(guests.enter(), gone);
}

TEST(StallWatch, AFrameMayStayIncompleteForSomeRoundsOnly) {
    StallWatch watch;
    for (int round = 0; round < StallWatch::rounds; ++round) {
        EXPECT_EQ(watch.round(true, false), Verdict::fine);
    }

    EXPECT_EQ(watch.round(true, false), Verdict::slow_sender);
}

TEST(StallWatch, ACompletedFrameStartsAnew) {
    StallWatch watch;
    for (int round = 0; round < 10 * StallWatch::rounds; ++round) {
        watch.received();
        EXPECT_EQ(watch.round(true, false), Verdict::fine);
    }
}

TEST(StallWatch, AnIdleConnectionIsFineForEver) {
    StallWatch watch;
    for (int round = 0; round < 10 * StallWatch::rounds; ++round) {
        EXPECT_EQ(watch.round(false, false), Verdict::fine);
    }
}

TEST(StallWatch, AReaderThatTakesTooLittleIsSlow) {
    StallWatch watch;
    Verdict verdict = Verdict::fine;
    for (int round = 0; round <= StallWatch::rounds; ++round) {
        ASSERT_EQ(verdict, Verdict::fine);
        watch.taken(1);
        verdict = watch.round(false, true);
    }

    EXPECT_EQ(verdict, Verdict::slow_reader);
}

TEST(StallWatch, AReaderThatTakesEnoughIsFine) {
    StallWatch watch;
    for (int round = 0; round < 10 * StallWatch::rounds; ++round) {
        watch.taken(limits::least_taken_bytes / StallWatch::rounds);
        EXPECT_EQ(watch.round(false, true), Verdict::fine);
    }
}

TEST(Descriptors, ClientsGetWhatLogAndPeersLeaveThem) {
    EXPECT_EQ(affordable_clients(1024, 20000, 2), 1024U);
    const std::size_t reserved = limits::spare_descriptors + limits::peer_connections + 4;
    EXPECT_EQ(affordable_clients(1024, 1024, 2), 1024 - reserved);
    EXPECT_EQ(affordable_clients(1024, reserved, 2), 0U);
    EXPECT_EQ(affordable_clients(1024, 0, 2), 0U);
}

}  // namespace
}  // namespace squall::raft::node
