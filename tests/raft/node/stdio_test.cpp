// raft-node --stdio as Maelstrom sees it: processes behind pipes, and what must not bring them
// down.
#include <csignal>
#include <sys/wait.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/raft/node/stdio_cluster.hpp"

namespace squall::raft::node::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::vector<std::string> three{"n1", "n2", "n3"};

json read(const json& key) {
    return {{"type", "read"}, {"key", key}};
}

json write(const json& key, const json& value) {
    return {{"type", "write"}, {"key", key}, {"value", value}};
}

json cas(const json& key, const json& from, const json& to) {
    return {{"type", "cas"}, {"key", key}, {"from", from}, {"to", to}};
}

/// "read_ok" or "error 20".
std::string kind(const json& answer) {
    const std::string type = answer.value("type", "nothing");
    return type == "error" ? fmt::format("error {}", answer.value("code", -1)) : type;
}

std::uint64_t metric(StdioCluster& cluster, const std::string& name, const char* metric) {
    const auto answer = cluster.call(name, {{"type", "status"}});
    return answer ? answer->at("status").at("metrics").at(metric).get<std::uint64_t>() : 0;
}

int exit_code(const std::optional<int>& status) {
    return status && WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
}

TEST(Stdio, ThreeNodesServeWhatMaelstromAsks) {
    StdioCluster cluster(three, {});
    ASSERT_TRUE(cluster.start_all());
    const json key = {1, "a"};

    EXPECT_EQ(kind(cluster.call_any(read(key))), "error 20");
    EXPECT_EQ(kind(cluster.call_any(cas(key, 1, 2))), "error 20");
    EXPECT_EQ(kind(cluster.call_any(write(key, {{"b", nullptr}}))), "write_ok");
    EXPECT_EQ(cluster.call_any(read(key)).at("value"), json({{"b", nullptr}}));
    EXPECT_EQ(kind(cluster.call_any(cas(key, 1, 2))), "error 22");
    EXPECT_EQ(kind(cluster.call_any(cas(key, {{"b", nullptr}}, 2))), "cas_ok");
    EXPECT_EQ(cluster.call_any(read(key)).at("value"), 2);
    json create = cas("new", 1, 2);
    create["create_if_not_exists"] = true;
    EXPECT_EQ(kind(cluster.call_any(create)), "cas_ok");
    EXPECT_EQ(cluster.call_any(read("new")).at("value"), 2);
    EXPECT_EQ(kind(cluster.call_any(create)), "error 22");
    EXPECT_EQ(cluster.call_any({{"type", "echo"}, {"echo", key}}).at("echo"), key);
    EXPECT_EQ(kind(cluster.call_any({{"type", "topology"}})), "error 10");
    EXPECT_EQ(kind(cluster.call_any({{"type", "write"}, {"key", 1}})), "error 12");
    EXPECT_EQ(kind(cluster.call_any(read(std::string(5000, 'k')))), "error 12");
    EXPECT_THAT(cluster.strange_lines(), testing::IsEmpty());
}

TEST(Stdio, AllAgreeOnTheLeaderAndOthersRefuse) {
    StdioCluster cluster(three, {});
    ASSERT_TRUE(cluster.start_all());
    const std::string leader = cluster.await_leader();
    ASSERT_NE(leader, "");
    ASSERT_EQ(kind(cluster.call_any(write(1, 1))), "write_ok");

    for (const std::string& name : three) {
        const auto answer = cluster.call(name, {{"type", "leader"}});
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->at("leader"), leader);
        EXPECT_GE(answer->at("term"), 1);
        const auto reply = cluster.call(name, write(1, 2));
        ASSERT_TRUE(reply);
        EXPECT_EQ(kind(*reply), name == leader ? "write_ok" : "error 11");
    }
    EXPECT_THAT(cluster.stderr_text(leader), HasSubstr("became leader of term "));
}

TEST(Stdio, AKilledNodeComesBackWithItsDataAndCountsForAMajority) {
    StdioCluster cluster(three, {"--snapshot-interval", "10", "--compaction-margin", "5"});
    ASSERT_TRUE(cluster.start_all());
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(kind(cluster.call_any(write(i, i))), "write_ok");
    }
    const std::string killed = cluster.await_leader();
    cluster.kill(killed);
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(kind(cluster.call_any(write(i, i + 100))), "write_ok");
    }

    ASSERT_TRUE(cluster.start(killed));
    for (const std::string& name : three) {
        if (name != killed) {
            cluster.kill(name);
        }
    }
    ASSERT_TRUE(cluster.start(killed == "n1" ? "n2" : "n1"));

    for (int i = 0; i < 30; ++i) {
        EXPECT_EQ(cluster.call_any(read(i)).value("value", -1), i + 100);
    }
}

TEST(Stdio, AMutationWhoseLeaderLostItsOfficeIsNotAnsweredDefinitely) {
    StdioCluster cluster(three, {});
    ASSERT_TRUE(cluster.start_all());
    ASSERT_EQ(kind(cluster.call_any(write(1, 1))), "write_ok");
    const std::string leader = cluster.await_leader();
    for (const std::string& name : three) {
        cluster.cut(leader, name);
        cluster.cut(name, leader);
    }

    // Cut off from a majority it gives its office up.
    const auto lost = cluster.call(leader, write(1, 2));

    ASSERT_TRUE(lost);
    EXPECT_EQ(kind(*lost), "error 13");
    cluster.heal();
    EXPECT_EQ(kind(cluster.call_any(read(1))), "read_ok");
}

TEST(Stdio, NodesMayHaveAnyNames) {
    StdioCluster cluster({"b", "a", "c\"\n"}, {});
    ASSERT_TRUE(cluster.start_all());

    EXPECT_EQ(kind(cluster.call_any(write(1, 1))), "write_ok");
    EXPECT_THAT(cluster.strange_lines(), testing::IsEmpty());
}

TEST(Stdio, HostileInputIsCountedAndNothingMore) {
    StdioCluster cluster({"n1"}, {});
    ASSERT_TRUE(cluster.start_all());
    const std::string huge =
        fmt::format(R"({{"src":"c9","dest":"n1","body":{{"type":"echo","msg_id":1,"echo":"{}"}}}})"
                    "\n",
                    std::string(10'000'000, 'x'));
    std::string lines = fmt::format("garbage\n\n[]\n{}\n", std::string(1'000'000, '['));
    lines += R"({"src":"c9","dest":"n2","body":{"type":"read","msg_id":1,"key":1}})"
             "\n";
    lines += R"({"src":"c9","dest":"n1","body":{"type":"write","key":1,"value":2}})"
             "\n";
    lines += R"({"src":"c9","dest":"n1","body":{"type":"raft","frame":"AAAA"}})"
             "\n";
    lines += std::string("\0\xff\n", 3);

    ASSERT_TRUE(cluster.node("n1").write(huge + lines));
    const auto second =
        cluster.call("n1", {{"type", "init"}, {"node_id", "n1"}, {"node_ids", {"n1"}}});

    ASSERT_TRUE(second);
    EXPECT_EQ(kind(*second), "error 12");
    EXPECT_EQ(metric(cluster, "n1", "lines_too_long"), 1U);
    EXPECT_EQ(metric(cluster, "n1", "lines_ignored"), 7U);
    EXPECT_EQ(metric(cluster, "n1", "frames_malformed"), 1U);
    EXPECT_EQ(kind(cluster.call_any(read(1))), "error 20");
}

TEST(Stdio, WhatComesBeforeInitIsIgnoredAndABadInitRefused) {
    const TemporaryDirectory directory;
    StdioProcess node({"--stdio"}, {}, directory.path() / "stderr");

    ASSERT_TRUE(node.write(
        "garbage\n"
        R"({"src":"c1","dest":"n1","body":{"type":"read","msg_id":1,"key":1}})"
        "\n"
        R"({"src":"c0","dest":"n1","body":{"type":"init","msg_id":2,"node_id":"n1","node_ids":[]}})"
        "\n"
        R"({"src":"c0","dest":"n1","body":{"type":"init","msg_id":3,"node_id":"n1","node_ids":["n1"]}})"
        "\n"));

    std::string output;
    while (output.find("init_ok") == std::string::npos) {
        const auto bytes = node.read(patience);
        ASSERT_TRUE(bytes && !bytes->empty()) << output;
        output += *bytes;
    }
    const json refusal = json::parse(output.substr(0, output.find('\n')));
    EXPECT_EQ(refusal.at("body").at("code"), 12);
    EXPECT_EQ(refusal.at("body").at("in_reply_to"), 2);
    EXPECT_THAT(output, HasSubstr(R"("in_reply_to":3)"));
}

TEST(Stdio, TheEndOfItsInputEndsItAndItsTemporaryData) {
    const TemporaryDirectory directory;
    const std::filesystem::path temporary = directory.path() / "tmp";
    std::filesystem::create_directories(temporary);
    StdioProcess node({"--stdio"},
                      {{"TMPDIR", temporary}, {"SQUALL_DATA_DIR", ""}, {"RAFT_DATA_DIR", ""}},
                      directory.path() / "stderr");
    ASSERT_TRUE(node.write(
        R"({"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}})"
        "\n"));
    ASSERT_TRUE(node.read(patience));
    EXPECT_FALSE(std::filesystem::is_empty(temporary));

    node.close_input();

    EXPECT_EQ(exit_code(node.process().wait()), 0);
    EXPECT_TRUE(std::filesystem::is_empty(temporary));
}

TEST(Stdio, TheEndOfItsInputBeforeInitEndsIt) {
    const TemporaryDirectory directory;
    StdioProcess node({"--stdio"}, {}, directory.path() / "stderr");

    node.close_input();

    EXPECT_EQ(exit_code(node.process().wait()), 0);
}

TEST(Stdio, AnOutputThatNobodyReadsAnyMoreEndsIt) {
    StdioCluster cluster(three, {});
    ASSERT_TRUE(cluster.start("n1"));

    cluster.node("n1").close_output();

    EXPECT_EQ(exit_code(cluster.node("n1").process().wait()), 0);
    EXPECT_THAT(cluster.stderr_text("n1"), HasSubstr("output closed"));
}

TEST(Stdio, SigtermEndsItAndKeepsWhatWasWritten) {
    StdioCluster cluster({"n1"}, {});
    ASSERT_TRUE(cluster.start_all());
    ASSERT_EQ(kind(cluster.call_any(write(1, 1))), "write_ok");

    cluster.node("n1").process().signal(SIGTERM);

    EXPECT_EQ(exit_code(cluster.node("n1").process().wait()), 0);
    ASSERT_TRUE(cluster.start("n1"));
    EXPECT_EQ(cluster.call_any(read(1)).value("value", -1), 1);
}

TEST(Stdio, DirectoriesOfTheCommandLineHoldOneOfEachNode) {
    const TemporaryDirectory directory;
    StdioCluster cluster(three,
                         {"--data", directory.path() / "data", "--trace", directory.path() / "t"});
    ASSERT_TRUE(cluster.start_all());
    ASSERT_EQ(kind(cluster.call_any(write(1, 1))), "write_ok");

    for (const char* name : {"n1", "n2", "n3"}) {
        EXPECT_TRUE(std::filesystem::exists(directory.path() / "data" / name));
        EXPECT_TRUE(std::filesystem::exists(directory.path() / "t" / name / "trace-1.jsonl"));
    }
}

TEST(Stdio, AnOutputThatIsNotReadHoldsABoundedAmount) {
    StdioCluster cluster({"n1"}, {});
    ASSERT_TRUE(cluster.start_all());
    const std::string echo =
        json({{"src", "c9"},
              {"dest", "n1"},
              {"body", {{"type", "echo"}, {"msg_id", 1}, {"echo", std::string(1'000'000, 'x')}}}})
            .dump() +
        "\n";

    for (int i = 0; i < 80; ++i) {  // 64 MB fit; nobody reads until all is written.
        ASSERT_TRUE(cluster.node("n1").write(echo));
    }

    EXPECT_GT(metric(cluster, "n1", "answers_dropped"), 5U);
    EXPECT_EQ(kind(cluster.call_any({{"type", "echo"}, {"echo", 1}})), "echo_ok");
}

}  // namespace
}  // namespace squall::raft::node::test
