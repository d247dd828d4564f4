// A node whose disk lost or changed what it had confirmed takes no part, says why and what to do,
// and leaves the rest of the cluster to go on.
#include <algorithm>
#include <fstream>
#include <sys/wait.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/hostile.hpp"

namespace squall::raft::node::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::filesystem::path> files_of(const TestCluster& cluster,
                                            NodeId id,
                                            const std::string& prefix) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(cluster.data_directory(id))) {
        if (entry.path().filename().string().starts_with(prefix)) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void change_byte(const std::filesystem::path& file, std::size_t at, char flip) {
    std::string bytes = contents(file);
    ASSERT_LT(at, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ flip);
    std::ofstream(file, std::ios::binary) << bytes;
}

/// Three nodes with segments and a snapshot; node 3 is down.
class DamagedDisk : public testing::Test {
  protected:
    void SetUp() override {
        cluster.start_all();
        for (int i = 0; i < 60; ++i) {
            ASSERT_TRUE(call_any(cluster, put("k", std::string(300, 'x'))));
        }
        ASSERT_TRUE(eventually([&] {
            return metric(cluster, 3, "snapshots_taken") >= 1 &&
                   status_of(cluster, 3)->at("durable") == status_of(cluster, 1)->at("durable");
        }));
        cluster.kill(3);
    }

    void expect_refusal(const std::filesystem::path& file) {
        cluster.start(3);
        const auto status = cluster.process(3).wait();
        ASSERT_TRUE(status) << "it runs on a damaged disk";
        EXPECT_TRUE(WIFEXITED(*status));
        EXPECT_EQ(WEXITSTATUS(*status), 3);
        EXPECT_THAT(cluster.process(3).stderr_text(),
                    AllOf(HasSubstr("fatal: " + file.string() + " at offset "),
                          HasSubstr("neither votes"),
                          HasSubstr("Put back a copy")));
        const auto reply = call_any(cluster, put("after", "1"));
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, server::ReplyStatus::ok);
    }

    TestCluster cluster{
        3, {"--segment-bytes", "4096", "--snapshot-interval", "25", "--compaction-margin", "20"}};
};

TEST_F(DamagedDisk, AFlippedBitInASealedSegmentIsRefused) {
    const auto segments = files_of(cluster, 3, "wal-");
    ASSERT_GT(segments.size(), 1U);

    change_byte(segments.front(), 1000, 1);

    expect_refusal(segments.front());
}

TEST_F(DamagedDisk, AFlippedBitInTheMiddleOfTheLastSegmentIsRefused) {
    const auto last = files_of(cluster, 3, "wal-").back();

    // In the first record behind the header.
    change_byte(last, 100, 4);

    expect_refusal(last);
}

TEST_F(DamagedDisk, AFlippedBitInTermOrVoteIsRefused) {
    const auto last = files_of(cluster, 3, "wal-").back();

    // The header restates term, snapshot and vote: docs/storage.md.
    change_byte(last, 48, 1);

    expect_refusal(last);
}

TEST_F(DamagedDisk, AFlippedBitInTheSnapshotIsRefused) {
    const auto snapshots = files_of(cluster, 3, "snap-");
    ASSERT_EQ(snapshots.size(), 1U);

    change_byte(snapshots.front(), contents(snapshots.front()).size() / 2, 8);

    expect_refusal(snapshots.front());
}

TEST_F(DamagedDisk, AWriteThatACrashCutShortIsRepairedAndCounted) {
    const auto last = files_of(cluster, 3, "wal-").back();
    std::string bytes = contents(last);

    // The end of the last record has not reached the disk.
    bytes.replace(bytes.find_last_not_of('\0') - 15, 16, 16, '\0');
    std::ofstream(last, std::ios::binary) << bytes;
    cluster.start(3);

    EXPECT_TRUE(counts(cluster, 3, "log_tails_repaired", 1));
    expect_unharmed(cluster);
}

}  // namespace
}  // namespace squall::raft::node::test
