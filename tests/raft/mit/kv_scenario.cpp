#include "tests/raft/mit/kv_scenario.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "raft/assert.hpp"

namespace squall::raft::mit {

namespace {

using server::Operation;
using server::Reply;
using std::chrono::seconds;

/// Five clients append to one key at once: every append is there once, those of a client in order.
void one_key(KvLab& lab) {
    constexpr int clients = 5;
    constexpr int appends = 10;
    int over = 0;
    std::function<void(KvLab::Clerk&, int, int)> go = [&](KvLab::Clerk& clerk, int client, int n) {
        if (n == appends) {
            ++over;
            return;
        }
        clerk.call(Operation::append,
                   "k",
                   fmt::format("x {} {} y", client, n),
                   [&go, &clerk, client, n](const Reply&) { go(clerk, client, n + 1); });
    };
    lab.clerk().put("k", "");
    for (int client = 0; client < clients; ++client) {
        go(lab.clerk(), client, 0);
    }
    lab.wait_until([&] { return over == clients; }, seconds(30), "fifty appends");
    const std::string found = lab.clerk().get("k");
    for (int client = 0; client < clients; ++client) {
        std::size_t after = 0;
        for (int n = 0; n < appends; ++n) {
            const std::string part = fmt::format("x {} {} y", client, n);
            const std::size_t place = found.find(part);
            if (place == std::string::npos || place < after || found.rfind(part) != place) {
                throw Failed(fmt::format("\"{}\" is missing, twice or out of order", part));
            }
            after = place;
        }
    }
}

/// Who is cut off with the leader waits; the others go on.
void one_partition(KvLab& lab) {
    lab.clerk().put("1", "13");
    const NodeId leader = lab.leader();
    std::vector<NodeId> minority{leader};
    std::vector<NodeId> majority;
    for (NodeId id = 1; id <= lab.fleet.size(); ++id) {
        if (id != leader) {
            (minority.size() < 2 ? minority : majority).push_back(id);
        }
    }
    lab.fleet.split({majority, minority});
    KvLab::Clerk& free = lab.clerk();
    free.reach = {majority.begin(), majority.end()};
    free.put("1", "14");
    if (free.get("1") != "14") {
        throw Failed("the majority does not see its own put");
    }
    KvLab::Clerk& writer = lab.clerk();
    KvLab::Clerk& reader = lab.clerk();
    writer.reach = reader.reach = {minority.begin(), minority.end()};
    writer.call(Operation::put, "1", "15", [](const Reply&) {});
    std::string seen;
    reader.call(Operation::get, "1", "", [&](const Reply& reply) { seen = *reply.value; });
    lab.sleep(seconds(1));
    if (!writer.busy() || !reader.busy()) {
        throw Failed("a minority answered");
    }
    free.put("1", "16");
    lab.heal();
    writer.reach.clear();
    reader.reach.clear();
    lab.wait_until([&] { return !writer.busy() && !reader.busy(); }, seconds(5), "both");
    if (seen != "16" && seen != "15") {
        throw Failed(fmt::format("after healing \"{}\" was read", seen));
    }
    if (lab.clerk().get("1") != "15") {
        throw Failed("the put that waited is not there");
    }
}

/// Operations one after the other, each within a third of the labs' heartbeat interval.
void speed(KvLab& lab) {
    constexpr int operations = 1000;
    KvLab::Clerk& clerk = lab.clerk();
    clerk.put("x", "");
    const Time began = lab.fleet.now();
    for (int i = 0; i < operations; ++i) {
        clerk.append("x", fmt::format("x 0 {} y", i));
    }
    const std::chrono::duration<double, std::milli> taken = lab.fleet.now() - began;
    lab.measures.at_most("ms for each of 1000 appends", taken.count() / operations, 100.0 / 3);
}

void check_log(KvLab& lab) {
    lab.measures.at_most("bytes of the largest log", lab.log_bytes(), log_bytes_allowed);
}

void expect(KvLab::Clerk& clerk, const std::string& key, const std::string& value) {
    const std::string found = clerk.get(key);
    if (found != value) {
        throw Failed(fmt::format("key {} holds \"{}\" instead of \"{}\"", key, found, value));
    }
}

/// A server that was away while the log was thrown away gets a snapshot.
void snapshot_rpc(KvLab& lab) {
    KvLab::Clerk& clerk = lab.clerk();
    clerk.put("a", "A");
    expect(clerk, "a", "A");
    lab.fleet.split({{1, 2}, {3}});
    clerk.reach = {1, 2};
    for (int i = 0; i < 50; ++i) {
        clerk.put(fmt::format("{}", i), fmt::format("{}", i));
    }
    lab.sleep(election_timeout);
    clerk.put("b", "B");
    check_log(lab);
    lab.fleet.split({{1, 3}, {2}});
    clerk.reach = {1, 3};
    clerk.put("c", "C");
    clerk.put("d", "D");
    expect(clerk, "a", "A");
    expect(clerk, "b", "B");
    expect(clerk, "1", "1");
    expect(clerk, "49", "49");
    lab.heal();
    clerk.reach = {};
    clerk.put("e", "E");
    expect(clerk, "c", "C");
    expect(clerk, "e", "E");
    expect(clerk, "1", "1");
}

void snapshot_size(KvLab& lab) {
    constexpr double snapshot_bytes_max = 500;
    KvLab::Clerk& clerk = lab.clerk();
    for (int i = 0; i < 200; ++i) {
        clerk.put("x", "0");
        expect(clerk, "x", "0");
        clerk.put("x", "1");
        expect(clerk, "x", "1");
    }
    check_log(lab);
    if (lab.snapshot_bytes() == 0) {
        throw Failed("no snapshot was taken");
    }
    lab.measures.at_most("bytes of the snapshot", lab.snapshot_bytes(), snapshot_bytes_max);
}

constexpr General one{};
constexpr General five{.clients = 5};

constexpr std::array scenarios{
    KvScenario{"kv_basic", 5, one},
    KvScenario{"kv_concurrent", 5, five},
    KvScenario{.name = "kv_unreliable", .general = five, .unreliable = true},
    KvScenario{.name = "kv_unreliable_one_key", .servers = 3, .run = one_key, .unreliable = true},
    KvScenario{.name = "kv_one_partition", .run = one_partition},
    KvScenario{.name = "kv_many_partitions_one_client", .general = {.partitions = true}},
    KvScenario{.name = "kv_many_partitions_many_clients",
               .general = {.clients = 5, .partitions = true}},
    KvScenario{.name = "kv_persist_one_client", .general = {.crash = true}},
    KvScenario{.name = "kv_persist_concurrent", .general = {.clients = 5, .crash = true}},
    KvScenario{.name = "kv_persist_concurrent_unreliable",
               .general = {.clients = 5, .crash = true},
               .unreliable = true},
    KvScenario{.name = "kv_persist_partition",
               .general = {.clients = 5, .crash = true, .partitions = true}},
    KvScenario{.name = "kv_persist_partition_unreliable",
               .general = {.clients = 5, .crash = true, .partitions = true},
               .unreliable = true},
    KvScenario{.name = "kv_persist_partition_unreliable_linearizable",
               .servers = 7,
               .general = {.clients = 15, .crash = true, .partitions = true, .random_keys = true},
               .unreliable = true},
    KvScenario{.name = "kv_speed", .servers = 3, .run = speed},
    KvScenario{.name = "kv_snapshot_rpc", .servers = 3, .run = snapshot_rpc, .snapshots = true},
    KvScenario{.name = "kv_snapshot_size", .servers = 3, .run = snapshot_size, .snapshots = true},
    KvScenario{.name = "kv_snapshot_speed", .servers = 3, .run = speed, .snapshots = true},
    KvScenario{.name = "kv_snapshot_recover", .general = {.crash = true}, .snapshots = true},
    KvScenario{.name = "kv_snapshot_recover_many_clients",
               .general = {.clients = 20, .crash = true},
               .snapshots = true},
    KvScenario{
        .name = "kv_snapshot_unreliable", .general = five, .unreliable = true, .snapshots = true},
    KvScenario{.name = "kv_snapshot_unreliable_recover",
               .general = {.clients = 5, .crash = true},
               .unreliable = true,
               .snapshots = true},
    KvScenario{.name = "kv_snapshot_unreliable_recover_partition",
               .general = {.clients = 5, .crash = true, .partitions = true},
               .unreliable = true,
               .snapshots = true},
    KvScenario{.name = "kv_snapshot_unreliable_recover_partition_linearizable",
               .servers = 7,
               .general = {.clients = 15, .crash = true, .partitions = true, .random_keys = true},
               .unreliable = true,
               .snapshots = true}};

}  // namespace

std::span<const KvScenario> kv_scenarios() {
    return scenarios;
}

const KvScenario& find_kv_scenario(std::string_view name) {
    const auto* const found = std::ranges::find(scenarios, name, &KvScenario::name);
    ASSERT(found != scenarios.end());
    return *found;
}

Outcome run(const KvScenario& scenario, LabOptions options) {
    constexpr Index entries_of_max_raft_state = 8;
    if (scenario.snapshots && options.snapshot_every == 0) {
        options.snapshot_every = entries_of_max_raft_state;
    }
    KvLab lab(scenario.servers, options);
    lab.fleet.network.unreliable = scenario.unreliable;
    if (scenario.run != nullptr) {
        return play(lab, scenario.run);
    }
    return play(lab, [&scenario](KvLab& general) {
        general_test(general, scenario.general);
        general.sleep(election_timeout);
        if (scenario.snapshots) {
            check_log(general);
        }
    });
}

}  // namespace squall::raft::mit
