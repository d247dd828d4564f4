// messages.jsonl: what is written is read, and what is not a message is named.
#include "harness/node_message.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace squall::harness {
namespace {

NodeMessage vote() {
    return {.sent = history::Time(12),
            .received = history::Time(34),
            .fate = Fate::nobody,
            .from = 1,
            .to = 2,
            .name = "vote_reply",
            .term = 4,
            .index = 5,
            .entries = 6,
            .agreed = true,
            .pre_vote = true,
            .copy = true,
            .word = "no \"word\"\n"};
}

LoadedMessages load(const std::string& text) {
    std::istringstream in(text);
    return load_messages(in, "m");
}

TEST(NodeMessage, ComesBackAsItWasWritten) {
    NodeMessage request{.name = "request", .word = ""};
    request.client = 3;

    const LoadedMessages loaded = load(to_line(vote()) + to_line(request));

    ASSERT_FALSE(loaded.error) << *loaded.error;
    ASSERT_EQ(loaded.messages.size(), 2U);
    EXPECT_EQ(loaded.messages[0], vote());
    EXPECT_EQ(loaded.messages[1], request);
}

TEST(NodeMessage, LastLineWithoutItsEndIsIgnored) {
    EXPECT_EQ(load(to_line(vote()) + "{\"sent\":1").messages.size(), 1U);
}

TEST(NodeMessage, WhatIsNoMessageIsNamedByItsLine) {
    const std::string good = to_line(vote());
    for (const char* bad : {"[]\n",
                            "nothing\n",
                            "{}\n",
                            "{\"fate\":\"lost\",\"name\":\"x\"}\n",
                            "{\"fate\":\"cut\",\"name\":7}\n",
                            "{\"fate\":\"cut\",\"name\":\"x\",\"sent\":-1}\n",
                            "{\"fate\":\"cut\",\"name\":\"x\",\"from\":-1}\n",
                            "{\"fate\":\"cut\",\"name\":\"x\",\"to\":99999}\n",
                            "{\"fate\":\"cut\",\"name\":\"x\",\"term\":1.5}\n",
                            "{\"fate\":\"cut\",\"name\":\"x\",\"agreed\":1}\n"}) {
        const LoadedMessages loaded = load(good + bad);

        ASSERT_TRUE(loaded.error) << bad;
        EXPECT_EQ(loaded.error->find("m:2: "), 0U) << *loaded.error;
        EXPECT_TRUE(loaded.messages.empty());
    }
    EXPECT_TRUE(load(std::string(10'000, 'x') + "\n").error);
}

}  // namespace
}  // namespace squall::harness
