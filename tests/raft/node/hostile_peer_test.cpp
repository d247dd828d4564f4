// Whoever reaches the peer port of a node and means no good, or is broken: the cluster goes on, no
// node grows or ends, and the attack is counted.
#include <arpa/inet.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/hostile.hpp"

namespace squall::raft::node::test {
namespace {

constexpr std::uint16_t port = TestCluster::peer_port;

class HostilePeer : public testing::Test {
  protected:
    void SetUp() override {
        cluster.start_all();
        ASSERT_NE(await_leader(cluster), no_node);
    }

    /// Says that it is node 2.
    [[nodiscard]] std::unique_ptr<Socket> impostor(std::string_view bytes) const {
        return dialled(cluster.host(1), port, peer_hello(2, 1) + std::string(bytes));
    }

    [[nodiscard]] std::uint64_t term() const { return status_of(cluster, 1)->at("term"); }

    TestCluster cluster{3, {"--stall-timeout-ms", "400"}};
};

TEST_F(HostilePeer, WhoIsUnknownOrMeansSomebodyElseIsRefused) {
    const std::uint64_t before = metric(cluster, 1, "hellos_refused");

    for (const std::string& hello : {peer_hello(9, 1),
                                     peer_hello(2, 1, 77),
                                     peer_hello(2, 3),
                                     peer_hello(1, 1),
                                     client_hello(),
                                     framed("no hello at all")}) {
        EXPECT_TRUE(ends(*dialled(cluster.host(1), port, hello)));
    }

    EXPECT_TRUE(counts(cluster, 1, "hellos_refused", before + 6));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, NobodySendsMoreThanAHelloBeforeItIsKnown) {
    const std::string long_frame = framed(std::string(limits::hello_frame_bytes + 1, 'x'));

    EXPECT_TRUE(ends(*dialled(cluster.host(1), port, long_frame)));

    EXPECT_TRUE(counts(cluster, 1, "frames_too_long", 1));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, AFrameOfFourGibibytesIsRefusedByItsLength) {
    EXPECT_TRUE(ends(*impostor(std::string(8, '\xff'))));

    EXPECT_TRUE(counts(cluster, 1, "frames_too_long", 1));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, SilenceInsteadOfAHelloOrInTheMiddleOfAFrameIsEnded) {
    const std::string frame = framed(Heartbeat{1, 0, 0});
    const auto silent = dialled(cluster.host(1), port, "");
    const auto half_hello = dialled(cluster.host(1), port, peer_hello(2, 1).substr(0, 20));
    const auto half_frame = impostor(frame.substr(0, 12));

    EXPECT_TRUE(ends(*silent));
    EXPECT_TRUE(ends(*half_hello));
    EXPECT_TRUE(ends(*half_frame));
    // The real node 2 may have replaced the impostor before that stalled.
    EXPECT_TRUE(counts(cluster, 1, "stalled_senders", 2));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, DamagedFramesAreNeverTaken) {
    std::mt19937 random(1);
    const std::string frame =
        framed(AppendRequest{1, {1, 1}, {{1, 2, EntryKind::command, std::string(50, 'e')}}, 1});

    for (int round = 0; round < 200; ++round) {
        std::string flipped = frame;
        // Not in the length: that would make it too long or wait for more.
        const std::size_t bit = 32 + random() % (8 * frame.size() - 32);
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_TRUE(ends(*impostor(flipped)));
    }

    EXPECT_TRUE(counts(cluster, 1, "frames_bad_checksum", 1));
    EXPECT_TRUE(eventually([&] {
        // Every impostor was cut off for its frame, or because the real one had dialled again.
        return metric(cluster, 1, "frames_bad_checksum") + metric(cluster, 1, "peers_replaced") >=
               200;
    }));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, CountsThatCannotBeTrueAndUnknownMessagesAreRefused) {
    std::string absurd = encode(AppendRequest{1, {1, 1}, {}, 1});
    absurd.replace(absurd.size() - 4, 4, "\xff\xff\xff\xff");

    EXPECT_TRUE(ends(*impostor(framed(absurd))));
    EXPECT_TRUE(ends(*impostor(framed(std::string("\x63")))));

    EXPECT_TRUE(counts(cluster, 1, "frames_malformed", 1));
    expect_unharmed(cluster);
}

TEST_F(HostilePeer, MessagesOfAPastTermInAnyOrderChangeNothing) {
    std::mt19937 random(1);
    const std::vector<std::string> frames = {
        framed(Heartbeat{0, 99, 7}),
        framed(HeartbeatReply{0, 99}),
        framed(AppendRequest{0, {0, 5}, {{0, 6, EntryKind::command, "old"}}, 6}),
        framed(AppendReply{0, true, 0, 999, {}}),
        framed(VoteReply{0, 0, false, true}),
        framed(SnapshotChunk{0, {0, 50}, {1, 2, 3}, 10, 100, "chunk"}),
        framed(SnapshotReply{0, {0, 50}, 5, true, 50})};
    std::string bytes;
    for (int i = 0; i < 5000; ++i) {
        bytes += frames[random() % frames.size()];
    }
    const std::uint64_t before = term();

    const auto socket = impostor(bytes);

    EXPECT_TRUE(counts(cluster, 1, "messages_received", 100));
    expect_unharmed(cluster);
    EXPECT_GE(term(), before);
}

TEST_F(HostilePeer, SnapshotsOfAbsurdSizeOrContentAreNotInstalled) {
    const std::uint64_t now = term();
    const LogId last{now, 1'000'000};
    std::string bytes =
        framed(SnapshotChunk{now, last, {1, 2, 3}, 0, std::uint64_t{1} << 60U, "x"}) +
        framed(SnapshotChunk{now, last, {1, 2, 3}, ~std::uint64_t{0}, 10, "x"}) +
        framed(SnapshotChunk{now, last, {}, 0, 10, "x"}) +
        framed(SnapshotChunk{now + 1, last, {1, 2, 3}, 0, 7, "garbage"});

    const auto socket = impostor(bytes);

    EXPECT_TRUE(counts(cluster, 1, "messages_bad_content", 3));
    EXPECT_TRUE(counts(cluster, 1, "snapshots_unusable", 1));
    expect_unharmed(cluster);
    EXPECT_EQ(status_of(cluster, 1)->at("snapshot"), 0);
}

// One number must not end all elections for ever.
TEST_F(HostilePeer, AbsurdTermsDoNotStopTheClusterForEver) {
    for (NodeId id = 1; id <= 3; ++id) {
        const Term absurd = limits::numbers_end - 1;
        const auto socket =
            dialled(cluster.host(id),
                    port,
                    peer_hello(id % 3 + 1, id) + framed(VoteReply{absurd, absurd, false, false}) +
                        framed(Heartbeat{~Term{0}, 0, 0}));
        EXPECT_TRUE(counts(cluster, id, "messages_bad_term", 2));
    }

    expect_unharmed(cluster);
    EXPECT_LT(term(), 10 * limits::term_jump);
}

TEST_F(HostilePeer, ConnectionsThatNeverSayWhoTheyAreKeepNoPeerOut) {
    std::vector<std::unique_ptr<Socket>> silent;
    for (std::size_t i = 0; i < 3 * limits::peer_connections; ++i) {
        silent.push_back(std::make_unique<Socket>(cluster.host(1), port));
    }

    EXPECT_TRUE(counts(cluster, 1, "connections_evicted", limits::peer_connections));
    cluster.kill(2);
    cluster.start(2);
    EXPECT_NE(await_leader(cluster), no_node);
    expect_unharmed(cluster);
}

/// Accepts what the others dial, in the place of a node, and never reads.
class DeafNode {
  public:
    explicit DeafNode(const std::string& host)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int on = 1;
        ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
        // The kernel accepts what is in the backlog, and nobody ever takes it out.
        listens_ =
            ::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
            ::listen(descriptor_, 64) == 0;
    }

    ~DeafNode() { ::close(descriptor_); }

    DeafNode(const DeafNode&) = delete;
    DeafNode& operator=(const DeafNode&) = delete;

    [[nodiscard]] bool listens() const { return listens_; }

  private:
    int descriptor_;
    bool listens_ = false;
};

TEST_F(HostilePeer, APeerThatDoesNotReadCostsABoundedAmountOfMemory) {
    cluster.kill(3);
    const DeafNode deaf(cluster.host(3));
    ASSERT_TRUE(deaf.listens());
    ASSERT_NE(await_leader(cluster, 3), no_node);

    for (int i = 0; i < 150; ++i) {
        ASSERT_TRUE(call_any(cluster, put("large", std::string(max_message_bytes / 32, 'v'))));
    }

    const NodeId leader = await_leader(cluster, 3);
    EXPECT_LE(metric(cluster, leader, "peer_unsent_bytes"), 3 * limits::peer_unsent_bytes);
    EXPECT_LT(peak_memory_kib(cluster.process(leader)), memory_bound_kib);
    const auto read = call_any(cluster, get("large"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->status, server::ReplyStatus::ok);
}

}  // namespace
}  // namespace squall::raft::node::test
