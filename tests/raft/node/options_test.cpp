#include "raft/node/options.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace squall::raft::node {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::variant<Options, Usage> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "raft-node");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

std::variant<Options, Usage> parse_with(std::vector<const char*> more) {
    std::vector<const char*> arguments{"--id", "2", "--data", "/tmp/data"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return parse(std::move(arguments));
}

Options accepted(std::vector<const char*> more) {
    auto parsed = parse_with(std::move(more));
    if (const auto* usage = std::get_if<Usage>(&parsed)) {
        ADD_FAILURE() << usage->error;
        return {};
    }
    return std::get<Options>(std::move(parsed));
}

/// What it says about arguments that it must refuse.
std::string refused(std::vector<const char*> more) {
    const auto parsed = parse_with(std::move(more));
    const auto* usage = std::get_if<Usage>(&parsed);
    if (usage == nullptr || usage->exit_code != exit_usage) {
        ADD_FAILURE() << "accepted";
        return {};
    }
    return usage->error;
}

TEST(Options, DefaultsAreThoseOfTheConfigurationStructs) {
    const Options options = accepted({});

    const server::ServerConfig server;
    EXPECT_EQ(options.server.core.heartbeat_interval, server.core.heartbeat_interval);
    EXPECT_EQ(options.server.core.election_timeout_min, server.core.election_timeout_min);
    EXPECT_EQ(options.server.core.election_timeout_max, server.core.election_timeout_max);
    EXPECT_EQ(options.server.core.max_inflight_messages, server.core.max_inflight_messages);
    EXPECT_EQ(options.server.core.max_append_bytes, server.core.max_append_bytes);
    EXPECT_EQ(options.server.core.max_uncommitted_bytes, server.core.max_uncommitted_bytes);
    EXPECT_EQ(options.server.core.snapshot_chunk_bytes, server.core.snapshot_chunk_bytes);
    EXPECT_EQ(options.server.core.compaction_margin, server.core.compaction_margin);
    EXPECT_EQ(options.server.snapshot_interval, server.snapshot_interval);
    EXPECT_EQ(options.server.max_sessions, server.max_sessions);
    EXPECT_EQ(options.server.max_waiting, server.max_waiting);
    EXPECT_EQ(options.storage.segment_bytes, storage::StorageConfig{}.segment_bytes);
    EXPECT_EQ(options.trace_directory, std::nullopt);
}

TEST(Options, VotersArePeersAndSelfAndSelfIsNotDialled) {
    const Options options = accepted({"--peers", "3=127.0.0.3:7000,1=[::1]:7000,2=127.0.0.2:7000"});

    EXPECT_EQ(options.server.core.voters, (std::vector<NodeId>{1, 2, 3}));
    EXPECT_EQ(options.peers,
              (std::map<NodeId, Address>{{1, {"::1", 7000}}, {3, {"127.0.0.3", 7000}}}));
}

TEST(Options, TinyValuesAreAccepted) {
    const Options options = accepted({"--heartbeat-ms",
                                      "1",
                                      "--election-min-ms",
                                      "2",
                                      "--election-max-ms",
                                      "3",
                                      "--snapshot-interval",
                                      "1",
                                      "--compaction-margin",
                                      "0",
                                      "--segment-bytes",
                                      "4096",
                                      "--max-append-bytes",
                                      "1"});

    EXPECT_EQ(options.server.snapshot_interval, 1U);
    EXPECT_EQ(options.storage.segment_bytes, 4096U);
}

TEST(Options, RefusalsNameTheFlagAndTheRemedy) {
    EXPECT_THAT(refused({"--peers", "1:127.0.0.1:7000"}),
                AllOf(HasSubstr("--peers"), HasSubstr("ID=HOST:PORT")));
    EXPECT_THAT(refused({"--peers", "1=localhost:7000"}),
                AllOf(HasSubstr("--peers"), HasSubstr("127.0.0.1:7000")));
    EXPECT_THAT(refused({"--peers", "1=127.0.0.1:1,1=127.0.0.2:1"}), HasSubstr("once"));
    EXPECT_THAT(refused({"--listen-client", "7000"}),
                AllOf(HasSubstr("--listen-client"), HasSubstr("127.0.0.1:7000")));
    EXPECT_THAT(refused({"--segment-bytes", "100"}),
                AllOf(HasSubstr("--segment-bytes"), HasSubstr("from 4096")));
    EXPECT_THAT(refused({"--seed", "-1"}), HasSubstr("--seed"));
    EXPECT_THAT(refused({"--heartbeat-ms", "300"}),
                AllOf(HasSubstr("--election-min-ms"), HasSubstr("raise")));
    EXPECT_THAT(refused({"--election-max-ms", "300"}), HasSubstr("--election-max-ms"));
    EXPECT_THAT(refused({"--nonsense"}), HasSubstr("--nonsense"));
}

TEST(Options, MissingIdIsRefused) {
    const auto parsed = parse({"--data", "/tmp/data"});

    const auto* usage = std::get_if<Usage>(&parsed);
    ASSERT_NE(usage, nullptr);
    EXPECT_EQ(usage->exit_code, exit_usage);
    EXPECT_THAT(usage->error, HasSubstr("--id"));
}

TEST(Options, StdioNeedsNeitherIdNorDirectory) {
    const auto parsed = parse({"--stdio", "--heartbeat-ms", "20"});

    const auto* options = std::get_if<Options>(&parsed);
    ASSERT_NE(options, nullptr);
    EXPECT_TRUE(options->stdio);
    EXPECT_EQ(options->data_directory, "");
    EXPECT_NE(options->storage.cluster, accepted({}).storage.cluster);
}

TEST(Options, StdioRefusesWhatComesWithInitAndMessagesBeyondALine) {
    const auto refused_with = [](std::vector<const char*> more) {
        more.insert(more.begin(), "--stdio");
        const auto parsed = parse(std::move(more));
        const auto* usage = std::get_if<Usage>(&parsed);
        return usage == nullptr ? "accepted" : usage->error;
    };
    EXPECT_THAT(refused_with({"--id", "1"}), HasSubstr("--id"));
    EXPECT_THAT(refused_with({"--peers", "1=127.0.0.1:1"}), HasSubstr("--peers"));
    EXPECT_THAT(refused_with({"--max-append-bytes", "4194305"}), HasSubstr("4194304"));
    EXPECT_EQ(refused_with({"--max-append-bytes", "4194304"}), "accepted");
}

TEST(Options, HelpShowsEveryDefault) {
    const auto parsed = parse({"--help"});

    const auto* usage = std::get_if<Usage>(&parsed);
    ASSERT_NE(usage, nullptr);
    EXPECT_EQ(usage->exit_code, 0);
    EXPECT_THAT(usage->out, AllOf(HasSubstr("--snapshot-interval"), HasSubstr("10000")));
}

TEST(Options, UnknownBugListsThoseThatThereAre) {
    EXPECT_THAT(refused({"--bug", "nonsense"}), AllOf(HasSubstr("--bug"), HasSubstr("stale-read")));
}

TEST(Options, BugsReachServerAndStorageOrAreRefusedWithoutTheZoo) {
    if (zoo::Bugs::compiled_in) {
        const Options options = accepted({"--bug", "stale-read", "--bug", "term-not-persisted"});

        EXPECT_TRUE(options.server.core.bugs.has(zoo::Bug::stale_read));
        EXPECT_TRUE(options.storage.bugs.has(zoo::Bug::term_not_persisted));
        EXPECT_FALSE(options.server.core.bugs.has(zoo::Bug::ack_before_commit));
    } else {
        EXPECT_THAT(refused({"--bug", "stale-read"}), HasSubstr("SQUALL_ZOO"));
    }
}

TEST(Addresses, RoundTrip) {
    for (const char* text : {"127.0.0.1:7000", "[::1]:0", "0.0.0.0:65535"}) {
        const auto address = parse_address(text);

        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_string(*address), text);
    }
}

TEST(Addresses, NonsenseIsNone) {
    for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:7000"}) {
        EXPECT_FALSE(parse_address(text)) << text;
    }
}

}  // namespace
}  // namespace squall::raft::node
