#include "harness/swarm.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {

namespace {

using std::chrono::milliseconds;

// Repeated values are likelier.
constexpr std::array<std::uint32_t, 16> cluster_sizes{
    3, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 2, 6, 7, 1};
constexpr std::array<std::uint64_t, 3> segment_sizes{4096, 16384, 65536};
constexpr std::array<std::uint32_t, 8> windows{1, 2, 2, 3, 4, 4, 16, 64};
constexpr std::array<std::string_view, 10> workload_names{"register",
                                                          "register",
                                                          "register",
                                                          "register",
                                                          "register",
                                                          "register",
                                                          "append",
                                                          "set",
                                                          "counter",
                                                          "lin-kv"};
constexpr std::array<std::uint32_t, 4> append_sizes{1, 512, 4096, 262144};
constexpr std::array<std::uint32_t, 3> chunk_sizes{256, 4096, 262144};
/// Of faults, in their usual lengths.
constexpr std::array<std::uint32_t, 6> stretches{1, 1, 1, 3, 8, 8};
constexpr std::array<std::string_view, 7> classes{
    "partition", "kill", "pause", "packet", "ramp", "clock", "disk"};

class Draws {
  public:
    explicit Draws(std::uint64_t seed) : stream_(seed, "swarm") {}

    /// Uniform in [low, high].
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + stream_.below(high - low + 1, 0, next_++);
    }

    milliseconds time(std::uint64_t low_ms, std::uint64_t high_ms) {
        return milliseconds(static_cast<milliseconds::rep>(between(low_ms, high_ms)));
    }

    bool percent(std::uint64_t chance) { return between(0, 99) < chance; }

    template <typename Value, std::size_t count>
    Value one_of(const std::array<Value, count>& values) {
        return values[between(0, count - 1)];
    }

  private:
    history::Stream stream_;
    std::uint64_t next_ = 0;
};

void draw_nodes(Draws& draws, const SwarmOptions& options, Plan& plan) {
    plan.nodes = draws.one_of(cluster_sizes);
    NodeTiming& timing = plan.timing;
    timing.heartbeat = draws.time(20, 80);
    timing.election_min = timing.heartbeat * draws.between(3, 7);
    timing.election_max = timing.election_min + timing.election_min * draws.between(2, 10) / 10;
    if (options.real_time) {
        // Fast, for many elections in a minute, and slow enough for a machine that does other work.
        timing.heartbeat = draws.time(25, 50);
        timing.election_min = timing.heartbeat * 5;
        timing.election_max = timing.election_min * 2;
    }
    plan.snapshot_interval = draws.between(20, 100);
    plan.limits = NodeLimits{.segment_bytes = draws.one_of(segment_sizes),
                             .max_inflight = draws.one_of(windows),
                             .max_append_bytes = draws.one_of(append_sizes),
                             .snapshot_chunk_bytes = draws.one_of(chunk_sizes)};
}

void draw_load(Draws& draws, Plan& plan) {
    plan.keys = static_cast<std::uint32_t>(draws.between(1, 6));
    plan.operations_per_key = static_cast<std::uint32_t>(draws.between(50, 200));
    // Seldom so few that an election separates one entry from the next, or so many that a leader
    // which is cut off gathers a long tail.
    const std::uint64_t kind = draws.between(0, 9);
    const bool few = kind < 2;
    const bool many = kind == 9;
    plan.rate = static_cast<double>(few    ? draws.between(4, 25)
                                    : many ? draws.between(200, 400)
                                           : draws.between(30, 150));
    plan.concurrency =
        static_cast<std::uint32_t>(many ? draws.between(20, 40) : draws.between(3, 15));
    plan.operation_timeout = draws.time(200, 1000);
    plan.workload = draws.one_of(workload_names);
    if (const workloads::Workload* workload = workloads::find_workload(plan.workload)) {
        plan.operations_per_key =
            std::min(plan.operations_per_key, workload->operations_per_key_max());
    }
}

/// In most runs all faults of a class have the same shape, one of those that it drew.
void choose_favourites(Draws& draws, std::vector<nemesis::PlannedFault>& faults) {
    std::map<std::string, std::vector<nemesis::PlannedFault*>> by_class;
    for (nemesis::PlannedFault& fault : faults) {
        // The others are steps of something that is more than one fault.
        if (fault.nodes.empty()) {
            by_class[fault.name].push_back(&fault);
        }
    }
    for (auto& [name, entries] : by_class) {
        const bool chosen = draws.percent(70);
        const std::string favourite = entries[draws.between(0, entries.size() - 1)]->shape;
        for (nemesis::PlannedFault* entry : entries) {
            if (chosen) {
                entry->shape = favourite;
            }
        }
    }
}

std::vector<const nemesis::FaultClass*> draw_classes(Draws& draws,
                                                     bool stretched,
                                                     const SwarmOptions& options) {
    std::vector<std::string_view> left(classes.begin(), classes.end());
    if (options.real_time) {
        std::erase(left, "disk");
    }
    // Long faults of several kinds together leave nobody who could be wrong.
    const std::uint64_t count = draws.between(stretched ? 1 : 0, stretched ? 2 : 4);
    std::vector<const nemesis::FaultClass*> chosen;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto place =
            left.begin() + static_cast<std::ptrdiff_t>(draws.between(0, left.size() - 1));
        chosen.push_back(nemesis::find_fault_class(*place));
        left.erase(place);
    }
    return chosen;
}

enum class Turn : std::uint8_t { deaf, mute, isolated, down };

/// Node `target` alone is hit.
nemesis::Action action_of(Turn turn, NodeId target, std::uint32_t nodes) {
    if (turn == Turn::down) {
        return nemesis::KillFault{{target}};
    }
    nemesis::LinkFault links;
    for (NodeId other = 1; other <= nodes; ++other) {
        if (other != target && turn != Turn::mute) {
            links.rules[{other, target}].cut = true;
        }
        if (other != target && turn != Turn::deaf) {
            links.rules[{target, other}].cut = true;
        }
    }
    return links;
}

/// One leader after the other, and one comes back in the moment in which the next one goes: who
/// wins then has only part of what the two did.
void succession(Draws& draws, Plan& plan) {
    const bool down = draws.percent(30);
    // From one in which nobody was elected yet to one in which much was done.
    const Duration length = plan.timing.election_max * draws.between(4, 16) / 4;
    for (Time at = draws.time(300, 1000); at + length <= plan.time_limit; at += length) {
        nemesis::PlannedFault fault;
        fault.id = plan.faults.size() + 1;
        fault.name = down ? "kill" : "partition";
        fault.shape = "leader";
        fault.at = at;
        fault.duration = length;
        fault.draw = draws.between(0, std::numeric_limits<std::uint32_t>::max());
        plan.faults.push_back(std::move(fault));
    }
}

/// One node after the other, without a pause between them: what one leaves undone meets the next.
void take_turns(Draws& draws, Plan& plan) {
    const auto turn = static_cast<Turn>(draws.between(0, 3));
    const std::array<const char*, 4> words{"deaf", "mute", "cut off", "down"};
    const Duration length = plan.timing.election_max *
                            (draws.percent(40) ? draws.between(14, 20) : draws.between(1, 4));
    NodeId target = 0;
    for (Time at = draws.time(300, 1000); at + length <= plan.time_limit; at += length) {
        // Never the same twice, so that nobody is spared for long.
        const auto step = static_cast<NodeId>(draws.between(1, plan.nodes - 1));
        target = target == 0 ? step : (target - 1 + step) % plan.nodes + 1;
        nemesis::PlannedFault fault;
        fault.id = plan.faults.size() + 1;
        fault.name = turn == Turn::down ? "kill" : "partition";
        fault.shape = "turns";
        fault.at = at;
        fault.duration = length;
        fault.nodes = {target};
        fault.action = action_of(turn, target, plan.nodes);
        fault.detail = fmt::format("n{} is {}", target, words[static_cast<std::size_t>(turn)]);
        plan.faults.push_back(std::move(fault));
    }
}

void draw_faults(Draws& draws, const SwarmOptions& options, Plan& plan) {
    const std::uint32_t stretch = draws.one_of(stretches);
    plan.fault_interval = draws.percent(30) ? draws.time(100, 500) : draws.time(500, 3000);
    plan.time_limit = stretch == 1 ? draws.time(4000, 8000) : draws.time(8000, 14000);
    if (options.real_time) {
        plan.time_limit = std::chrono::seconds(stretch == 1 ? 8 : 12);
    }
    if (draws.percent(20) && plan.nodes > 1) {
        draws.percent(50) ? take_turns(draws, plan) : succession(draws, plan);
        return;
    }
    plan.faults = nemesis::make_schedule(
        draw_classes(draws, stretch > 1, options),
        nemesis::ScheduleParameters{.seed = plan.seed,
                                    .nodes = plan.nodes,
                                    .length = plan.time_limit,
                                    .interval = plan.fault_interval,
                                    .election_timeout = plan.timing.election_max * stretch});
    choose_favourites(draws, plan.faults);
}

}  // namespace

Plan swarm_plan(std::uint64_t seed, const SwarmOptions& options) {
    Plan plan;
    plan.seed = seed;
    plan.swarm = true;
    Draws draws(seed);
    draw_nodes(draws, options, plan);
    draw_load(draws, plan);
    draw_faults(draws, options, plan);
    plan.heal_quorum_only = draws.percent(30);
    return plan;
}

}  // namespace squall::harness
