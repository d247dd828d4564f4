#include "harness/compare/profiles.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "harness/swarm.hpp"
#include "history/random.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness::compare {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 3> for_elections{"partition", "kill", "pause"};
constexpr std::array<std::string_view, 3> for_replication{"partition", "packet", "kill"};
constexpr std::array<std::string_view, 2> for_snapshots{"kill", "partition"};
constexpr std::array<std::string_view, 2> for_storage{"kill", "disk"};
constexpr std::array<std::string_view, 3> for_reads{"partition", "pause", "ramp"};
constexpr std::array<std::string_view, 3> for_clients{"packet", "kill", "partition"};

// What a random number is for. Fixed, since plans are made from them.
enum Purpose : std::uint64_t {
    draw_press,
    draw_lasting,
    draw_one_shape,
    draw_quorum_only,
    draw_class,
    draw_shape
};

/// Lasting faults, in the usual lengths.
constexpr unsigned stretch = 8;
/// With room for two or three of them.
constexpr auto lasting_run = std::chrono::seconds(10);

NodeLimits& limits_of(Plan& plan) {
    if (!plan.limits) {
        plan.limits.emplace();
    }
    return *plan.limits;
}

milliseconds between(std::uint64_t draw, unsigned low_ms, unsigned high_ms) {
    return milliseconds(low_ms + draw % (high_ms - low_ms + 1));
}

/// Leaders come and go, and candidates meet.
void press_elections(Plan& plan, std::uint64_t draw) {
    plan.timing.election_max = plan.timing.election_min + plan.timing.election_min / 5;
    plan.fault_interval = between(draw, 150, 900);
    plan.rate = std::min(plan.rate, 60.0);
}

/// Short windows, small messages, logs that differ.
void press_replication(Plan& plan, std::uint64_t draw) {
    NodeLimits& limits = limits_of(plan);
    limits.max_inflight = 1 + static_cast<std::uint32_t>(draw % 3);
    limits.max_append_bytes = (draw >> 8U) % 2 == 0 ? 1 : 512;
    plan.fault_interval = between(draw >> 16U, 200, 1500);
    plan.rate = std::max(plan.rate, 80.0);
}

/// Whoever is away for a moment needs a snapshot, in many pieces.
void press_snapshots(Plan& plan, std::uint64_t draw) {
    plan.snapshot_interval = 5 + draw % 20;
    limits_of(plan).snapshot_chunk_bytes = (draw >> 8U) % 2 == 0 ? 64 : 256;
    plan.fault_interval = between(draw >> 16U, 300, 1500);
    plan.rate = std::max(plan.rate, 80.0);
}

/// Small segments, often restarted from them, on disks that fail.
void press_storage(Plan& plan, std::uint64_t draw) {
    limits_of(plan).segment_bytes = 4096;
    plan.snapshot_interval = 10 + draw % 60;
    plan.fault_interval = between(draw >> 16U, 300, 1500);
}

/// Many readers of few keys while leadership moves.
void press_reads(Plan& plan, std::uint64_t draw) {
    plan.keys = 1 + static_cast<std::uint32_t>(draw % 2);
    plan.rate = std::max(plan.rate, 150.0);
    plan.concurrency = std::max(plan.concurrency, 12U);
    plan.operation_timeout = milliseconds(1000);
    plan.fault_interval = between(draw >> 16U, 200, 1200);
}

/// Requests are lost and sent again.
void press_clients(Plan& plan, std::uint64_t draw) {
    plan.keys = 1 + static_cast<std::uint32_t>(draw % 3);
    plan.operation_timeout = milliseconds(1000);
    plan.rate = std::max(plan.rate, 80.0);
    plan.fault_interval = between(draw >> 16U, 150, 900);
}

constexpr std::array<Profile, 7> all{
    Profile{general, "the swarm's mix of everything", nullptr, {}},
    Profile{
        "elections",
        "election storms: cuts, kills and pauses in quick succession or for long, close timeouts, "
        "a minority that stays deaf, mute or cut off",
        press_elections,
        for_elections,
        80},
    Profile{"replication",
            "windows of 1 to 3, single entries, lost and reordered messages",
            press_replication,
            for_replication,
            40},
    Profile{"snapshots",
            "a snapshot every 5 to 24 entries in pieces of 64 or 256 bytes, kills and cuts",
            press_snapshots,
            for_snapshots,
            30},
    Profile{"storage",
            "4 KiB segments, kills, failing and lying disks, failures of power",
            press_storage,
            for_storage,
            30},
    Profile{"reads",
            "many readers of one or two keys while leaders are cut off, paused and slowed down",
            press_reads,
            for_reads,
            40},
    Profile{"clients",
            "requests that are lost and sent again, to one to three keys",
            press_clients,
            for_clients,
            30},
};

/// How faults come, by the seed: in quick succession as the profile has them, or few and lasting.
/// Short ones meet a Raft in motion; many bugs take one shape of them for a long time, and a rest
/// of the cluster that stays away when they are over.
struct Course {
    bool lasting = false;
    bool one_shape = false;    ///< Of each class.
    bool quorum_only = false;  ///< A minority is not healed.
};

Course course_of(const Profile& profile, const Narrowing& narrowing, const history::Stream& draws) {
    Course course;
    course.lasting = narrowing.lasting.value_or(draws.below(100, draw_lasting, 0) < 40);
    course.one_shape = draws.below(100, draw_one_shape, 0) < (course.lasting ? 80U : 30U);
    course.quorum_only = narrowing.quorum_only.value_or(draws.below(100, draw_quorum_only, 0) <
                                                        profile.quorum_only_percent);
    return course;
}

std::vector<const nemesis::FaultClass*> classes_of(const Profile& profile,
                                                   bool real_time,
                                                   const Course& course,
                                                   const Narrowing& narrowing,
                                                   const history::Stream& draws) {
    if (!narrowing.fault_class.empty()) {
        return {nemesis::find_fault_class(narrowing.fault_class)};
    }
    std::vector<const nemesis::FaultClass*> classes;
    for (const std::string_view name : profile.classes) {
        // Disks of real processes cannot be harmed.
        if (!real_time || name != "disk") {
            classes.push_back(nemesis::find_fault_class(name));
        }
    }
    // Long faults of several kinds together leave nobody who could be wrong.
    return course.lasting ? std::vector{classes[draws.below(classes.size(), draw_class, 0)]}
                          : classes;
}

/// All faults of a class have the shape of one of them, or the one that is named.
void keep_one_shape(const history::Stream& draws,
                    std::string_view named,
                    std::vector<nemesis::PlannedFault>& faults) {
    std::map<std::string, std::vector<nemesis::PlannedFault*>> by_class;
    for (nemesis::PlannedFault& fault : faults) {
        // The others are steps of something that is more than one fault.
        if (fault.nodes.empty()) {
            by_class[fault.name].push_back(&fault);
        }
    }
    std::uint64_t number = 0;
    for (auto& [name, entries] : by_class) {
        const std::string shape =
            named.empty() ? entries[draws.below(entries.size(), draw_shape, number++)]->shape
                          : std::string(named);
        for (nemesis::PlannedFault* entry : entries) {
            entry->shape = shape;
        }
    }
}

void schedule(const Profile& profile,
              bool real_time,
              const Course& course,
              const Narrowing& narrowing,
              const history::Stream& draws,
              Plan& plan) {
    plan.faults = nemesis::make_schedule(
        classes_of(profile, real_time, course, narrowing, draws),
        nemesis::ScheduleParameters{
            .seed = plan.seed,
            .nodes = plan.nodes,
            .length = plan.time_limit,
            .interval = plan.fault_interval,
            .election_timeout = plan.timing.election_max * (course.lasting ? stretch : 1)});
    if (course.one_shape || !narrowing.shape.empty()) {
        keep_one_shape(draws, narrowing.shape, plan.faults);
    }
}

}  // namespace

std::span<const Profile> profiles() {
    return all;
}

const Profile* find_profile(std::string_view name) {
    const auto* found = std::ranges::find(all, name, &Profile::name);
    return found == all.end() ? nullptr : found;
}

Plan plan_of(const Profile& profile, std::uint64_t seed, bool real_time, Narrowing narrowing) {
    Plan plan = swarm_plan(seed, {.real_time = real_time});
    if (profile.press == nullptr) {
        return plan;
    }
    if (real_time && narrowing.fault_class == "disk") {
        narrowing.fault_class = narrowing.shape = {};
    }
    plan.nodes = narrowing.nodes == 0 ? plan.nodes : narrowing.nodes;
    const history::Stream draws(seed, "profile");
    const Course course = course_of(profile, narrowing, draws);
    const NodeTiming timing = plan.timing;
    profile.press(plan, draws.bits(draw_press, 0));
    plan.rate = narrowing.rate == 0 ? plan.rate : narrowing.rate;
    if (real_time) {
        plan.timing = timing;
    }
    if (course.lasting && !real_time) {
        plan.time_limit = std::max<Duration>(plan.time_limit, lasting_run);
    }
    plan.heal_quorum_only = course.quorum_only;
    // Where the swarm keeps one node after the other away, it stays so.
    const bool turns = !plan.faults.empty() && plan.faults.front().shape == "turns";
    if (!turns || !narrowing.empty()) {
        schedule(profile, real_time, course, narrowing, draws, plan);
    }
    return plan;
}

Plan neighbour(const Plan& plan, std::uint64_t number) {
    Plan other = plan;
    other.seed = history::Stream(plan.seed, "neighbour").bits(number, 0);
    return other;
}

}  // namespace squall::harness::compare
