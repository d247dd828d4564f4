// A cluster of real processes: elections, data across crashes, catching up, traces.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/test_client.hpp"

namespace squall::raft::node::test {
namespace {

using nlohmann::json;
using server::ReplyStatus;

/// Every complete line of one life, header first.
std::vector<json> read_trace(const std::filesystem::path& file) {
    std::ifstream in(file);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    std::vector<json> lines;
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        lines.push_back(json::parse(text.substr(begin, end - begin)));
    }
    return lines;
}

/// All lives of a node, oldest first; fails the test where one is not well-formed.
std::vector<std::vector<json>> read_lives(const TestCluster& cluster, NodeId id) {
    std::vector<std::vector<json>> lives;
    while (true) {
        const auto file =
            cluster.trace_directory(id) / fmt::format("trace-{}.jsonl", lives.size() + 1);
        if (!std::filesystem::exists(file)) {
            return lives;
        }
        lives.push_back(read_trace(file));
        const std::vector<json>& lines = lives.back();
        if (lines.size() < 2) {
            ADD_FAILURE() << file << " has no events";
            continue;
        }
        EXPECT_EQ(lines[0].at("squall_trace"), 1);
        EXPECT_EQ(lines[1].at("type"), "init");
        for (std::size_t i = 1; i < lines.size(); ++i) {
            EXPECT_EQ(lines[i].at("seq"), i - 1) << file;
            EXPECT_EQ(lines[i].at("node"), id) << file;
            EXPECT_EQ(lines[i].at("inc"), lives.size()) << file;
        }
    }
}

TEST(Cluster, ElectsALeaderAndServesClients) {
    TestCluster cluster(3, {});
    cluster.start_all();
    ASSERT_NE(await_leader(cluster), no_node);

    const auto written = call_any(cluster, put("k", "v"));
    const auto read = call_any(cluster, get("k"));

    ASSERT_TRUE(written && read);
    EXPECT_EQ(written->status, ReplyStatus::ok);
    EXPECT_EQ(read->value, "v");
    EXPECT_GE(read->position, written->position);
}

TEST(Cluster, AFollowerNamesTheLeader) {
    TestCluster cluster(3, {});
    cluster.start_all();
    const NodeId leader = await_leader(cluster);
    ASSERT_NE(leader, no_node);
    TestClient client(cluster.host(leader == 1 ? 2 : 1), TestCluster::client_port);

    const auto reply = client.call(put("k", "v"));

    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, ReplyStatus::not_leader);
    EXPECT_EQ(reply->leader, leader);
}

TEST(Cluster, WhatWasAcknowledgedSurvivesTheLeadersDeathAndItsOwnRestart) {
    TestCluster cluster(3, {});
    cluster.start_all();
    const NodeId leader = await_leader(cluster);
    ASSERT_NE(leader, no_node);
    ASSERT_TRUE(call_any(cluster, put("before", "1")));

    cluster.kill(leader);
    ASSERT_NE(await_leader(cluster, leader), no_node);
    ASSERT_TRUE(call_any(cluster, put("after", "2")));
    cluster.start(leader);
    const NodeId other = leader == 1 ? 2 : 1;
    ASSERT_TRUE(eventually([&] {
        const auto back = status_of(cluster, leader);
        const auto reference = status_of(cluster, other);
        return back && reference && back->at("applied") == reference->at("applied") &&
               back->at("applied_hash") == reference->at("applied_hash");
    }));

    EXPECT_EQ(call_any(cluster, get("before"))->value, "1");
    EXPECT_EQ(call_any(cluster, get("after"))->value, "2");
    EXPECT_EQ(status_of(cluster, leader)->at("incarnation"), 2);
    EXPECT_EQ(read_lives(cluster, leader).size(), 2U);
}

TEST(Cluster, AllNodesKilledAtOnceComeBackWithEverything) {
    TestCluster cluster(3, {});
    cluster.start_all();
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(call_any(cluster, put(fmt::format("k{}", i), std::to_string(i))));
    }

    for (NodeId id = 1; id <= 3; ++id) {
        cluster.kill(id);
    }
    cluster.start_all();

    for (int i = 0; i < 20; ++i) {
        const auto read = call_any(cluster, get(fmt::format("k{}", i)));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->value, std::to_string(i));
    }
}

TEST(Cluster, ALaggingNodeCatchesUpThroughASnapshotWithTinySettings) {
    TestCluster cluster(3,
                        {"--snapshot-interval",
                         "20",
                         "--compaction-margin",
                         "5",
                         "--segment-bytes",
                         "4096",
                         "--snapshot-chunk-bytes",
                         "64",
                         "--max-append-bytes",
                         "100"});
    cluster.start_all();
    const NodeId leader = await_leader(cluster);
    ASSERT_NE(leader, no_node);
    const NodeId lagging = leader == 3 ? 1 : 3;
    cluster.kill(lagging);
    TestClient client(cluster.host(leader), TestCluster::client_port);
    for (int i = 0; i < 100; ++i) {
        const auto reply = client.call(put(fmt::format("k{}", i % 30), std::string(50, 'x')));
        ASSERT_TRUE(reply && reply->status == ReplyStatus::ok) << i;
    }

    cluster.start(lagging);

    EXPECT_TRUE(eventually([&] {
        const auto back = status_of(cluster, lagging);
        const auto reference = status_of(cluster, leader);
        return back && reference && back->at("applied") == reference->at("applied") &&
               back->at("applied_hash") == reference->at("applied_hash") &&
               back->at("metrics").at("snapshots_installed") >= 1;
    })) << cluster.process(lagging).stderr_text();
}

TEST(Cluster, TracesAgreeOnEveryAppliedHash) {
    TestCluster cluster(3, {"--snapshot-interval", "20"});
    cluster.start_all();
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(call_any(cluster, put("k", std::to_string(i))));
    }
    for (NodeId id = 1; id <= 3; ++id) {
        cluster.process(id).signal(SIGTERM);
    }
    for (NodeId id = 1; id <= 3; ++id) {
        ASSERT_TRUE(cluster.process(id).wait());
    }

    std::map<std::uint64_t, std::string> hashes;
    std::set<std::string> types;
    for (NodeId id = 1; id <= 3; ++id) {
        const auto lives = read_lives(cluster, id);
        ASSERT_EQ(lives.size(), 1U);
        for (std::size_t i = 1; i < lives[0].size(); ++i) {
            const json& event = lives[0][i];
            types.insert(event.at("type"));
            if (event.at("type") == "apply") {
                for (std::size_t j = 0; j < event.at("hashes").size(); ++j) {
                    const std::uint64_t index = event.at("first").get<std::uint64_t>() + j;
                    const std::string hash = event.at("hashes")[j];
                    EXPECT_EQ(hashes.emplace(index, hash).first->second, hash) << index;
                }
            }
        }
    }
    EXPECT_GE(hashes.size(), 51U);
    EXPECT_EQ(types,
              (std::set<std::string>{"init",
                                     "hard_state",
                                     "role",
                                     "append",
                                     "durable",
                                     "commit",
                                     "apply",
                                     "snapshot",
                                     "bound"}));
}

}  // namespace
}  // namespace squall::raft::node::test
