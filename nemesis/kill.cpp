// Nodes that die without warning and are started again on the same data.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {

namespace {

constexpr std::string_view subset_restart = "subset-restart";
constexpr std::array<std::string_view, 7> shapes{
    "one", "minority", "majority", "all", "leader", "leader", subset_restart};
constexpr DurationRange down_time{0.5, 3};

// Subset restart: how many majorities take turns, and how long each one is alone. Long enough to
// elect a leader, or nothing would depend on what that majority remembers.
constexpr std::size_t rotations = 3;
constexpr DurationRange everybody_down{0.4, 0.8};
constexpr DurationRange majority_alone{1.4, 2.2};

// From the first to the last of several that come back one after the other: of a subset restart in
// election timeouts, of another kill as a part of the time that it lasts.
constexpr DurationRange restart_spread{0.1, 0.6};
constexpr DurationRange kill_spread{0.15, 0.6};

Duration scaled(Duration unit, double factor) {
    return Duration(static_cast<Duration::rep>(static_cast<double>(unit.count()) * factor));
}

/// How the nodes of one injection come back: one time in three all at once, otherwise one after the
/// other in a shuffled order with uneven gaps.
class Comeback {
  public:
    explicit Comeback(std::uint64_t draw) : stream_(draw, "kill/comeback") {}

    /// From the first node to the last, in units of the range; 0: at once.
    [[nodiscard]] double spread(DurationRange range) const {
        if (stream_.below(3, at_once, 0) == 0) {
            return 0;
        }
        return range.shortest + (range.longest - range.shortest) * stream_.unit(width, 0);
    }

    /// When each of `nodes` comes, from 0, the first, to 1, the last. `occasion` tells apart
    /// several groups of one injection.
    [[nodiscard]] std::map<NodeId, double> moments(const Nodes& nodes,
                                                   std::uint64_t occasion) const {
        std::vector<double> sorted;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            sorted.push_back(stream_.unit(gaps + occasion, i));
        }
        if (!sorted.empty()) {
            sorted.back() = 1;
            sorted.front() = 0;
        }
        std::sort(sorted.begin(), sorted.end());
        std::map<NodeId, double> result;
        for (const NodeId node : shuffled(nodes, stream_.bits(order, occasion))) {
            result.emplace(node, sorted[result.size()]);
        }
        return result;
    }

  private:
    // What a random number is for.
    enum Purpose : std::uint64_t { at_once, width, order, gaps };

    history::Stream stream_;
};

/// Who is down from when to when, since the injection began.
class Downtimes {
  public:
    void add(NodeId node, Duration from, Duration to) { nodes_[{from, to}].push_back(node); }

    /// One entry for all nodes that die and come back together.
    void append_to(std::vector<PlannedFault>& faults,
                   PlannedFault entry,
                   const ScheduleParameters& parameters) const {
        const Time start = entry.at;
        for (const auto& [interval, nodes] : nodes_) {
            entry.id = parameters.first_id + faults.size();
            entry.at = start + interval.first;
            entry.duration = interval.second - interval.first;
            entry.nodes = nodes;
            std::sort(entry.nodes.begin(), entry.nodes.end());
            faults.push_back(entry);
        }
    }

  private:
    std::map<std::pair<Duration, Duration>, Nodes> nodes_;
};

Nodes all_nodes(const ScheduleParameters& parameters) {
    Nodes all(parameters.nodes);
    std::iota(all.begin(), all.end(), NodeId{1});
    return all;
}

/// Of a ring; successive majorities share as few nodes as they can.
Nodes majority_of_turn(const Nodes& ring, std::size_t turn) {
    const std::size_t size = majority_of(ring.size());
    const std::size_t first = turn * (ring.size() - size);
    Nodes up;
    for (std::size_t i = 0; i < size; ++i) {
        up.push_back(ring[(first + i) % ring.size()]);
    }
    return up;
}

/// Kills all nodes, then lets one majority after the other live. Returns how long that takes.
Duration append_subset_restart(const Timetable& timetable,
                               const ScheduleParameters& parameters,
                               std::string_view name,
                               std::vector<PlannedFault>& faults) {
    const Nodes ring = shuffled(all_nodes(parameters), timetable.draw(1));
    const Comeback comeback(timetable.draw(2));
    const Duration spread = scaled(parameters.election_timeout, comeback.spread(restart_spread));
    const Duration alone = timetable.duration(subset_restart, majority_alone);

    Downtimes downtimes;
    std::map<NodeId, Duration> down_since;
    for (const NodeId node : ring) {
        down_since.emplace(node, Duration::zero());
    }
    const auto return_of = [&](const Nodes& nodes, Duration at, std::size_t turn) {
        for (const auto& [node, moment] : comeback.moments(nodes, turn)) {
            downtimes.add(node, down_since.at(node), at + scaled(spread, moment));
            down_since.erase(node);
        }
    };
    const auto dead = [&](const Nodes& among) {
        Nodes nodes;
        std::copy_if(among.begin(), among.end(), std::back_inserter(nodes), [&](NodeId node) {
            return down_since.count(node) > 0;
        });
        return nodes;
    };
    Duration at = timetable.duration(subset_restart, everybody_down);
    for (std::size_t turn = 0; turn < rotations; ++turn) {
        const Nodes up = majority_of_turn(ring, turn);
        for (const NodeId node : others(ring, up)) {
            down_since.try_emplace(node, at);
        }
        return_of(dead(up), at, turn);
        at += spread + alone;
    }
    return_of(dead(ring), at, rotations);
    downtimes.append_to(
        faults, entry_at(timetable, 0, name, subset_restart, Duration::zero()), parameters);
    return at + spread;
}

/// Kills several nodes together, which come back one after the other. Nothing when the entry means
/// one node, or when all come back at once: then one entry says it.
bool append_staggered(const Timetable& timetable,
                      const PlannedFault& entry,
                      const ScheduleParameters& parameters,
                      std::vector<PlannedFault>& faults) {
    const Nodes nodes = choose_targets(entry, ClusterView{all_nodes(parameters), 0, {}});
    const Comeback comeback(timetable.draw(2));
    const double spread = comeback.spread(kill_spread);
    if (nodes.size() < 2 || spread == 0) {
        return false;
    }
    Downtimes downtimes;
    for (const auto& [node, moment] : comeback.moments(nodes, 0)) {
        downtimes.add(node, Duration::zero(), scaled(entry.duration, 1 - spread * (1 - moment)));
    }
    downtimes.append_to(faults, entry, parameters);
    return true;
}

class Kill final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "kill"; }

    [[nodiscard]] std::string_view description() const override {
        return "kills nodes (SIGKILL) and restarts them, at once or one after the other: one, a "
               "minority, a majority, all, the leader, all with rotating majorities";
    }

    [[nodiscard]] std::string_view needs() const override { return "processes"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        const double longest_restart = everybody_down.longest +
                                       static_cast<double>(rotations) * majority_alone.longest +
                                       static_cast<double>(rotations + 1) * restart_spread.longest;
        std::vector<PlannedFault> faults;
        for (Timetable timetable(parameters, name()); !timetable.over();) {
            std::string_view shape = timetable.shape(shapes);
            if (shape == subset_restart && parameters.nodes >= 3 &&
                timetable.fits(longest_restart)) {
                timetable.advance(append_subset_restart(timetable, parameters, name(), faults));
                continue;
            }
            shape = shape == subset_restart ? "all" : shape;
            const Duration duration = timetable.duration(shape, down_time);
            const FaultId id = parameters.first_id + faults.size();
            const PlannedFault entry = entry_at(timetable, id, name(), shape, duration);
            if (!append_staggered(timetable, entry, parameters, faults)) {
                faults.push_back(entry);
            }
            timetable.advance(duration);
        }
        return faults;
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const Nodes targets = choose_targets(planned, view);
        if (targets.empty()) {
            return std::nullopt;
        }
        return Fault{planned.name, "kill " + to_text(targets), targets, KillFault{targets}};
    }
};

}  // namespace

const FaultClass& kill_class() {
    static const Kill instance;
    return instance;
}

}  // namespace squall::nemesis
