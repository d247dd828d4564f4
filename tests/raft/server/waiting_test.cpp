#include "raft/server/waiting.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace squall::raft::server {
namespace {

std::vector<RequestToken> tokens(const std::vector<WaitingRead>& reads) {
    std::vector<RequestToken> found;
    for (const WaitingRead& read : reads) {
        found.push_back(read.token);
    }
    return found;
}

TEST(WaitingMutations, AreServedByExactlyTheirEntry) {
    WaitingMutations waiting;
    waiting.add({2, 5}, 50);
    waiting.add({2, 6}, 60);

    EXPECT_EQ(waiting.take_applied({2, 4}).served, std::nullopt);
    EXPECT_EQ(waiting.take_applied({2, 5}).served, 50U);
    EXPECT_EQ(waiting.size(), 1U);
}

TEST(WaitingMutations, AreLostWhenAnotherEntryTookTheirPlace) {
    WaitingMutations waiting;
    waiting.add({2, 5}, 50);
    waiting.add({2, 6}, 60);

    const WaitingMutations::Taken taken = waiting.take_applied({3, 6});

    EXPECT_EQ(taken.served, std::nullopt);
    EXPECT_EQ(taken.lost, (std::vector<RequestToken>{50, 60}));
}

TEST(WaitingMutations, OfEarlierTermsAreTakenWhenLeadershipChanges) {
    WaitingMutations waiting;
    waiting.add({2, 5}, 50);
    waiting.add({4, 6}, 60);

    EXPECT_EQ(waiting.take_other_terms(4), std::vector<RequestToken>{50});
    EXPECT_EQ(waiting.take_other_terms(0), std::vector<RequestToken>{60});
}

TEST(WaitingReads, WaitForConfirmationAndForTheirIndex) {
    WaitingReads waiting;
    waiting.add(1, {{10, "a"}, {11, "b"}});
    waiting.add(2, {{20, "c"}});

    EXPECT_TRUE(waiting.take_ready(100).empty());
    waiting.confirm(2, 8);
    EXPECT_TRUE(waiting.take_ready(7).empty());
    EXPECT_EQ(tokens(waiting.take_ready(8)), std::vector<RequestToken>{20});
    waiting.confirm(1, 3);
    EXPECT_EQ(tokens(waiting.take_ready(8)), (std::vector<RequestToken>{10, 11}));
    EXPECT_EQ(waiting.size(), 0U);
}

TEST(WaitingReads, OfAnUnconfirmedRoundAreHandedBack) {
    WaitingReads waiting;
    waiting.add(1, {{10, "a"}});

    EXPECT_EQ(tokens(waiting.take_lost(1)), std::vector<RequestToken>{10});
    EXPECT_EQ(waiting.size(), 0U);
}

}  // namespace
}  // namespace squall::raft::server
