// Whom a leader had asked before it answered a read, off messages that were written by hand.
#include "harness/triage/confirmation.hpp"

#include <gtest/gtest.h>

namespace squall::harness::triage {
namespace {

using history::Time;

/// A read of client 7 at node 1, from 100 to 200; the node has it from 110 until 190.
history::Operation read_of_client() {
    history::Operation read;
    read.client = 7;
    read.node = 1;
    read.function = "read";
    read.outcome = history::Outcome::ok;
    read.invoked_at = Time(100);
    read.completed_at = Time(200);
    return read;
}

NodeMessage message(int sent, int received, NodeId from, NodeId to, const std::string& name) {
    NodeMessage made;
    made.sent = Time(sent);
    made.received = Time(received);
    made.fate = Fate::arrived;
    made.from = from;
    made.to = to;
    made.name = name;
    made.client = from == 0 || to == 0 ? 7 : -1;
    made.agreed = true;
    return made;
}

/// What was said between the request and its reply.
Confirmation after(std::vector<NodeMessage> said) {
    said.insert(said.begin(), message(100, 110, 0, 1, "request"));
    said.push_back(message(190, 200, 1, 0, "reply"));
    return confirmation_of(read_of_client(), said).value();
}

TEST(Confirmation, KnowsWhenTheNodeHadTheRead) {
    const Confirmation found = after({});

    EXPECT_EQ(found.came_at, Time(110));
    EXPECT_EQ(found.answered_at, Time(190));
    EXPECT_FALSE(found.asked_others);
    EXPECT_EQ(found.told_by, 0U);
}

TEST(Confirmation, CountsWhoAnsweredInTheMeantime) {
    const Confirmation found = after({message(110, 130, 1, 2, "heartbeat"),
                                      message(110, 130, 1, 3, "heartbeat"),
                                      message(130, 150, 2, 1, "heartbeat_reply"),
                                      message(135, 151, 2, 1, "heartbeat_reply"),
                                      message(180, 191, 3, 1, "heartbeat_reply")});

    EXPECT_TRUE(found.asked_others);
    EXPECT_EQ(found.told_by, 1U);
}

TEST(Confirmation, WhatWasSaidBeforeOrByOthersDoesNotCount) {
    const Confirmation found = after({message(105, 115, 2, 1, "heartbeat_reply"),
                                      message(120, 130, 1, 2, "vote_reply"),
                                      message(120, 130, 3, 2, "heartbeat"),
                                      message(130, 140, 2, 3, "heartbeat_reply")});

    EXPECT_FALSE(found.asked_others);
    EXPECT_EQ(found.told_by, 0U);
}

TEST(Confirmation, WithoutItsMessagesNothingIsKnown) {
    EXPECT_FALSE(confirmation_of(read_of_client(), {}));

    const std::vector<NodeMessage> of_another_node = {message(100, 110, 0, 2, "request"),
                                                      message(190, 200, 2, 0, "reply")};
    EXPECT_FALSE(confirmation_of(read_of_client(), of_another_node));
}

}  // namespace
}  // namespace squall::harness::triage
