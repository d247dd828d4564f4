#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/server/heights.hpp"
#include "raft/server/kept_bytes.hpp"
#include "tests/raft/server/cluster.hpp"
#include "tests/raft/server/generators.hpp"

namespace squall::raft::server {
namespace {

Request put(std::string value) {
    return {0, 0, Operation::put, "k", std::move(value), {}};
}

Request append(std::uint64_t session, std::uint64_t sequence, std::string value) {
    return {session, sequence, Operation::append, "k", std::move(value), {}};
}

Request get() {
    return {0, 0, Operation::get, "k", "", {}};
}

NodeId other_than(NodeId node) {
    return node == 1 ? 2 : 1;
}

/// Hashes of applied entries and of snapshots, by index: equal everywhere, or the test fails.
std::map<Index, std::uint64_t> agreed_hashes(const Cluster& cluster, NodeId size) {
    std::map<Index, std::uint64_t> hashes;
    const auto note = [&](Index index, std::uint64_t hash) {
        const auto [at, is_new] = hashes.emplace(index, hash);
        EXPECT_EQ(at->second, hash) << "at index " << index;
    };
    for (NodeId id = 1; id <= size; ++id) {
        for (const TraceEvent& event : cluster.trace(id)) {
            if (const auto* apply = std::get_if<ApplyTrace>(&event)) {
                for (std::size_t i = 0; i < apply->hashes.size(); ++i) {
                    note(apply->first + i, apply->hashes[i]);
                }
            } else if (const auto* snapshot = std::get_if<SnapshotTrace>(&event)) {
                note(snapshot->last.index, snapshot->hash);
            }
        }
    }
    return hashes;
}

TEST(Server, SingleNodeServesItself) {
    Cluster cluster(1);
    const NodeId leader = cluster.elect();

    const auto written = cluster.ask(leader, put("1"));
    const auto read = cluster.ask(leader, get());

    ASSERT_TRUE(written && read);
    EXPECT_EQ(written->status, ReplyStatus::ok);
    EXPECT_EQ(read->value, "1");
    EXPECT_GE(read->position, written->position);
}

TEST(Server, ReadsSeeWritesAcrossTheCluster) {
    Cluster cluster(3);
    const NodeId leader = cluster.elect();

    ASSERT_EQ(cluster.ask(leader, put("1"))->status, ReplyStatus::ok);

    EXPECT_EQ(cluster.ask(leader, get())->value, "1");
    cluster.run(200);
    EXPECT_EQ(cluster.server(1).applied_hash(), cluster.server(3).applied_hash());
}

TEST(Server, FollowerRefusesAndNamesTheLeader) {
    Cluster cluster(3);
    const NodeId leader = cluster.elect();
    cluster.run(200);

    const auto write = cluster.ask(other_than(leader), put("1"));
    const auto read = cluster.ask(other_than(leader), get());

    EXPECT_EQ(write->status, ReplyStatus::not_leader);
    EXPECT_EQ(write->leader, leader);
    EXPECT_EQ(read->status, ReplyStatus::not_leader);
}

TEST(Server, LeaderThatStepsDownAnswersUnknownForWhatItAppended) {
    Cluster cluster(3);
    const NodeId old = cluster.elect();
    cluster.run(200);
    cluster.isolate(old);

    const RequestToken write = cluster.send(old, put("1"));
    const RequestToken read = cluster.send(old, get());
    cluster.run_until([&] { return cluster.reply(write) && cluster.reply(read); });
    cluster.run(3000);

    EXPECT_EQ(cluster.reply(write)->status, ReplyStatus::unknown);
    EXPECT_EQ(cluster.reply(read)->status, ReplyStatus::not_leader);
    EXPECT_EQ(cluster.ask(old, put("2"))->status, ReplyStatus::not_leader);
    EXPECT_EQ(cluster.ask(old, get())->status, ReplyStatus::not_leader);
}

TEST(Server, ResentMutationIsAppliedOnceAcrossLeaders) {
    Cluster cluster(3);
    const NodeId old = cluster.elect();
    const auto first = cluster.ask(old, append(7, 1, "x"));
    cluster.isolate(old);
    const NodeId leader = cluster.elect();

    const auto second = cluster.ask(leader, append(7, 1, "x"));

    ASSERT_NE(leader, old);
    EXPECT_EQ(second, first);
    EXPECT_EQ(cluster.ask(leader, get())->value, "x");
}

TEST(Server, MalformedRequestIsToldWhatIsWrong) {
    Cluster cluster(1);
    Request request = put("1");
    request.key.clear();

    const auto reply = cluster.ask(cluster.elect(), request);

    EXPECT_EQ(reply->status, ReplyStatus::malformed);
    EXPECT_EQ(reply->message, "empty key");
}

TEST(Server, RefusesMoreThanItMayKeepWaiting) {
    ServerConfig config;
    config.max_waiting = 2;
    Cluster cluster(3, config);
    const NodeId leader = cluster.elect();

    const RequestToken first = cluster.send(leader, put("1"));
    const RequestToken second = cluster.send(leader, get());
    const RequestToken third = cluster.send(leader, put("3"));
    cluster.run(200);

    EXPECT_EQ(cluster.reply(first)->status, ReplyStatus::ok);
    EXPECT_EQ(cluster.reply(second)->status, ReplyStatus::ok);
    EXPECT_EQ(cluster.reply(third)->status, ReplyStatus::overloaded);
    EXPECT_EQ(cluster.ask(leader, get())->value, "1");
}

TEST(Server, MutationsOfOneBatchShareOneWrite) {
    ServerConfig config;
    config.core.id = 1;
    config.core.voters = {1};
    Server server(config, {}, Time{0});
    Time now{0};
    std::vector<Input> inbox;
    while (server.status().role != Role::leader && now < std::chrono::seconds(5)) {
        now += std::chrono::milliseconds(1);
        const Output output = server.step(now, std::exchange(inbox, {}));
        if (!output.persist.empty()) {
            inbox.emplace_back(PersistedInput{output.persist.back().id});
        }
    }
    for (RequestToken token = 1; token <= 10; ++token) {
        inbox.emplace_back(ClientInput{token, put("1")});
    }

    const Output output = server.step(now, std::exchange(inbox, {}));

    ASSERT_EQ(output.persist.size(), 1U);
    EXPECT_GE(output.persist[0].append.size(), 10U);
}

TEST(Server, RestartedClusterRemembersEverythingAcknowledged) {
    ServerConfig config;
    config.snapshot_interval = 20;
    config.core.compaction_margin = 5;
    Cluster cluster(3, config);
    std::string expected;
    for (int round = 0; round < 5; ++round) {
        const NodeId leader = cluster.elect();
        for (int i = 0; i < 15; ++i) {
            const std::string value(1, static_cast<char>('a' + i));
            const auto reply = cluster.ask(leader, append(0, 0, value));
            ASSERT_TRUE(reply && reply->status == ReplyStatus::ok);
            expected += value;
        }
        for (NodeId id = 1; id <= 3; ++id) {
            cluster.kill(id);
        }
        for (NodeId id = 1; id <= 3; ++id) {
            cluster.start(id);
        }
    }

    const NodeId leader = cluster.elect();

    EXPECT_EQ(cluster.ask(leader, get())->value, expected);
    EXPECT_GT(cluster.server(leader).status().snapshot, 0U);
    agreed_hashes(cluster, 3);
}

TEST(Server, LaggardCatchesUpBySnapshot) {
    ServerConfig config;
    config.snapshot_interval = 20;
    config.core.compaction_margin = 5;
    Cluster cluster(3, config);
    const NodeId leader = cluster.elect();
    const NodeId laggard = other_than(leader);
    cluster.isolate(laggard);
    for (std::uint64_t i = 1; i <= 100; ++i) {
        ASSERT_EQ(cluster.ask(leader, append(7, i, "x"))->status, ReplyStatus::ok);
    }

    cluster.heal();
    const bool caught_up =
        cluster.run_until([&] { return cluster.server(laggard).applied() >= 101; });
    cluster.run(200);

    ASSERT_TRUE(caught_up);
    const auto& trace = cluster.trace(laggard);
    EXPECT_TRUE(std::any_of(trace.begin(), trace.end(), [](const TraceEvent& event) {
        const auto* snapshot = std::get_if<SnapshotTrace>(&event);
        return snapshot != nullptr && snapshot->installed;
    }));
    agreed_hashes(cluster, 3);
    EXPECT_EQ(cluster.server(laggard).applied_hash(), cluster.server(leader).applied_hash());
}

TEST(Server, UnreadableRecoveredSnapshotRefusesToStart) {
    ServerConfig config;
    config.core.id = 1;
    config.core.voters = {1};
    Recovered recovered;
    recovered.snapshot = Snapshot{{1, 5}, {1}, std::make_shared<const std::string>("nonsense")};

    EXPECT_THROW(Server(config, std::move(recovered), Time{0}), std::runtime_error);
}

TEST(ServerBugs, StaleReadIsAnsweredByAnIsolatedFollower) {
    if (!zoo::Bugs::compiled_in) {
        GTEST_SKIP();
    }
    zoo::Bugs bugs;
    bugs.enable(zoo::Bug::stale_read);
    Cluster cluster(3, {}, bugs);
    const NodeId leader = cluster.elect();
    const NodeId follower = other_than(leader);
    cluster.ask(leader, put("1"));
    cluster.run(200);
    cluster.isolate(follower);
    cluster.ask(leader, put("2"));

    const auto reply = cluster.ask(follower, get());

    EXPECT_EQ(reply->status, ReplyStatus::ok);
    EXPECT_EQ(reply->value, "1");
}

TEST(ServerBugs, AckBeforeCommitAnswersAnIsolatedLeadersWritesInOrder) {
    if (!zoo::Bugs::compiled_in) {
        GTEST_SKIP();
    }
    zoo::Bugs bugs;
    bugs.enable(zoo::Bug::ack_before_commit);
    Cluster cluster(3, {}, bugs);
    const NodeId leader = cluster.elect();
    cluster.run(200);
    cluster.isolate(leader);

    const auto first = cluster.ask(leader, append(7, 1, "x"));
    const auto second = cluster.ask(leader, {0, 0, Operation::cas, "k", "y", "x"});
    const auto repeated = cluster.ask(leader, append(7, 1, "x"));

    EXPECT_EQ(first->status, ReplyStatus::ok);
    EXPECT_TRUE(second->applied);
    EXPECT_EQ(repeated, first);
    cluster.run(3000);
    EXPECT_EQ(cluster.ask(cluster.elect(), get())->value, std::nullopt);
}

// A few bytes of request can ask for a megabyte of reply.
TEST(ServerLimits, ValuesThatDoNotFitIntoTheReplyRoomAreWithheld) {
    Cluster cluster(1);
    const NodeId leader = cluster.elect();
    ASSERT_EQ(cluster.ask(leader, put(std::string(1000, 'v')))->status, ReplyStatus::ok);

    cluster.limit_replies(1500);
    const RequestToken first = cluster.send(leader, get());
    const RequestToken second = cluster.send(leader, get());
    cluster.run_until([&] { return cluster.reply(first) && cluster.reply(second); });
    const auto failed_cas = cluster.ask(leader, {0, 0, Operation::cas, "k", "n", "o"});
    cluster.limit_replies(999);
    const auto withheld_cas = cluster.ask(leader, {0, 0, Operation::cas, "k", "n", "o"});
    const auto write = cluster.ask(leader, put("short"));
    const auto small = cluster.ask(leader, get());

    EXPECT_EQ(cluster.reply(first)->status, ReplyStatus::ok);
    EXPECT_EQ(cluster.reply(second)->status, ReplyStatus::overloaded);
    EXPECT_EQ(cluster.reply(second)->value, std::nullopt);
    EXPECT_EQ(failed_cas->status, ReplyStatus::ok);
    EXPECT_EQ(withheld_cas->status, ReplyStatus::unknown);
    EXPECT_EQ(write->status, ReplyStatus::ok);
    EXPECT_EQ(small->value, "short");
}

TEST(ServerLimits, KeysOfReadsThatWaitAreBounded) {
    Cluster cluster(3);
    const NodeId leader = cluster.elect();
    cluster.run(200);
    cluster.isolate(leader);
    const std::size_t fitting = limits::waiting_read_bytes / max_key_bytes;
    Request read = get();
    read.key.assign(max_key_bytes, 'k');

    std::vector<RequestToken> tokens;
    for (std::size_t i = 0; i < fitting + 10; ++i) {
        tokens.push_back(cluster.send(leader, read));
        if (i + 10 == fitting) {
            cluster.run(1);
        }
    }
    cluster.run(2);
    const RequestToken late = cluster.send(leader, read);
    cluster.run(1);

    EXPECT_FALSE(cluster.reply(tokens.front())) << "nobody confirms it";
    ASSERT_TRUE(cluster.reply(late));
    EXPECT_EQ(cluster.reply(late)->status, ReplyStatus::overloaded);
}

/// Every value that was told of the log's bytes; all with the same limit.
std::vector<BoundTrace> log_bytes_in(const std::vector<TraceEvent>& trace) {
    std::vector<BoundTrace> told;
    for (const TraceEvent& event : trace) {
        const auto* bound = std::get_if<BoundTrace>(&event);
        if (bound != nullptr && std::string_view(bound->what) == "log_bytes") {
            told.push_back(*bound);
        }
    }
    return told;
}

// Far fewer entries than an interval of snapshots: what counts is that they are large.
TEST(ServerLimits, BytesOfTheLogAreBoundedByMoreSnapshots) {
    Cluster cluster(1);
    const NodeId leader = cluster.elect();
    constexpr std::size_t writes = 70;

    for (std::size_t i = 0; i < writes; ++i) {
        static_cast<void>(cluster.ask(leader, put(std::string(limits::value_bytes, 'v'))));
    }

    EXPECT_GT(cluster.server(leader).status().snapshot, 0U);
    const std::vector<BoundTrace> told = log_bytes_in(cluster.trace(leader));
    ASSERT_FALSE(told.empty());
    EXPECT_GT(told.back().value, limits::snapshot_after_bytes / 2);
    for (const BoundTrace& bound : told) {
        EXPECT_LE(bound.value, bound.limit);
        EXPECT_LT(bound.limit, writes * limits::value_bytes);
    }
}

TEST(KeptBytes, OfALogThatForgetsNothingGrowBeyondALimitAndAreTold) {
    KeptBytes forgetful;
    KeptBytes hoarding;
    Height low("log_bytes", 100);
    Height high("log_bytes", 100);
    std::vector<TraceEvent> silent;
    std::vector<TraceEvent> trace;

    for (Index index = 1; index <= 20; ++index) {
        forgetful.applied(index, 10);
        forgetful.forget_to(index > 10 ? index - 10 : 0);
        low.measure(forgetful.bytes(), silent);
        hoarding.applied(index, 10);
        high.measure(hoarding.bytes(), trace);
    }

    EXPECT_EQ(forgetful.bytes(), 100U);
    EXPECT_EQ(log_bytes_in(silent).back().value, 100U);
    EXPECT_EQ(log_bytes_in(trace).back().value, 200U) << "beyond its limit it is always told";
}

TEST(KeptBytes, AReceivedSnapshotLeavesNothing) {
    KeptBytes kept;
    kept.applied(3, 7);
    kept.applied(4, 5);

    kept.forget_to(90);
    kept.applied(91, 4);
    kept.forget_to(90);

    EXPECT_EQ(kept.bytes(), 4U);
}

TEST(KeptBytes, WhatFollowsAReceivedSnapshotAtOnceCountsWhole) {
    KeptBytes kept;
    kept.applied(3, 7);
    kept.applied(4, 5);

    kept.applied(91, 4);
    kept.applied(92, 2);
    kept.forget_to(90);

    EXPECT_EQ(kept.bytes(), 6U);
}

// A forged or damaged snapshot that was installed would stop the node, now and at every start.
TEST(ServerLimits, ASnapshotThatIsNoneOfThisStateMachineIsNotInstalled) {
    ServerConfig config;
    config.core.id = 1;
    config.core.voters = {1, 2, 3};
    Server server(config, {}, Time{});
    const SnapshotChunk chunk{5, {4, 1000}, {1, 2, 3}, 0, 7, "garbage"};

    const Output output = server.step(Time{1}, {PeerInput{{2, 1, chunk}}});

    EXPECT_EQ(server.status().snapshot, 0U);
    EXPECT_EQ(server.status().refusals.unusable_snapshots, 1U);
    for (const Persist& persist : output.persist) {
        EXPECT_FALSE(persist.snapshot);
    }
}

/// Random requests, isolations and restarts; at the end everyone agrees, and every request had
/// exactly one answer or none.
RC_GTEST_PROP(Server, ReplicasAgreeWhateverHappens, ()) {
    ServerConfig config;
    config.snapshot_interval = 10;
    config.max_sessions = 3;
    config.core.compaction_margin = 3;
    Cluster cluster(3, config);
    const auto steps = *rc::gen::inRange(0, 60);
    for (int step = 0; step < steps; ++step) {
        const auto node = *rc::gen::inRange<NodeId>(1, 4);
        switch (*rc::gen::inRange(0, 10)) {
            case 0:
                cluster.isolate(node);
                break;
            case 1:
                cluster.heal();
                break;
            case 2:
                cluster.kill(node);
                cluster.start(node);
                break;
            case 3:
                cluster.run(*rc::gen::inRange(1, 1000));
                break;
            default:
                cluster.send(cluster.leader().value_or(node), *any_request());
                cluster.run(*rc::gen::inRange(0, 3));
        }
    }
    cluster.heal();
    const bool settled = cluster.run_until([&] {
        const auto leader = cluster.leader();
        return leader && cluster.server(1).applied() == cluster.server(2).applied() &&
               cluster.server(2).applied() == cluster.server(3).applied() &&
               cluster.server(1).applied() == cluster.server(*leader).status().last;
    });

    RC_ASSERT(settled);
    RC_ASSERT(cluster.duplicate_replies() == 0U);
    RC_ASSERT(cluster.server(1).applied_hash() == cluster.server(2).applied_hash());
    RC_ASSERT(cluster.server(2).applied_hash() == cluster.server(3).applied_hash());
    agreed_hashes(cluster, 3);
}

}  // namespace
}  // namespace squall::raft::server
