// Nodes that die without warning and are started again on the same data.
#include <algorithm>
#include <array>
#include <numeric>

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

// Each step takes hold a little before the one before it is healed, so that a node which both
// keep down is not started in between.
constexpr Duration overlap = std::chrono::milliseconds(20);

/// The nodes outside the `turn`-th majority of a ring: successive majorities share as few nodes as
/// they can.
Nodes kept_down(const Nodes& ring, std::size_t turn) {
    const std::size_t size = majority_of(ring.size());
    const std::size_t first = turn * (ring.size() - size);
    Nodes up;
    for (std::size_t i = 0; i < size; ++i) {
        up.push_back(ring[(first + i) % ring.size()]);
    }
    Nodes down = others(ring, up);
    std::sort(down.begin(), down.end());
    return down;
}

/// Kills all nodes, then lets one majority after the other live. Returns how long that takes.
Duration append_subset_restart(const Timetable& timetable,
                               const ScheduleParameters& parameters,
                               std::string_view name,
                               std::vector<PlannedFault>& faults) {
    Nodes all(parameters.nodes);
    std::iota(all.begin(), all.end(), NodeId{1});
    const Nodes ring = shuffled(all, timetable.draw(1));
    const Duration alone = timetable.duration(subset_restart, majority_alone);

    PlannedFault step = entry_at(timetable,
                                 parameters.first_id + faults.size(),
                                 name,
                                 subset_restart,
                                 timetable.duration(subset_restart, everybody_down));
    step.nodes = all;
    faults.push_back(step);
    for (std::size_t turn = 0; turn < rotations; ++turn) {
        step.at += step.duration - overlap;
        step.id = parameters.first_id + faults.size();
        step.duration = alone;
        step.nodes = kept_down(ring, turn);
        faults.push_back(step);
    }
    return step.at + step.duration - timetable.start();
}

class Kill final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "kill"; }

    [[nodiscard]] std::string_view description() const override {
        return "kills nodes (SIGKILL) and restarts them: one, a minority, a majority, all, the "
               "leader, all with rotating majorities";
    }

    [[nodiscard]] std::string_view needs() const override { return "processes"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        const double longest_restart =
            everybody_down.longest + static_cast<double>(rotations) * majority_alone.longest;
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
            faults.push_back(entry_at(timetable, id, name(), shape, duration));
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
