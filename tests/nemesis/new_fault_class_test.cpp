// How to add a fault class: this file's class would go to nemesis/blip.cpp with a line in
// registry.cpp, and nothing else would change.
#include <array>

#include <gtest/gtest.h>

#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"

namespace squall::nemesis {
namespace {

class Blip final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "blip"; }

    [[nodiscard]] std::string_view description() const override {
        return "kills a node for a very short time";
    }

    [[nodiscard]] std::string_view needs() const override { return "processes"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        static constexpr std::array<std::string_view, 1> shapes{"one"};
        return simple_schedule(parameters, name(), shapes, DurationRange{0.1, 0.2});
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const Nodes targets = choose_targets(planned, view);
        return Fault{planned.name, "blip " + to_text(targets), targets, KillFault{targets}};
    }
};

TEST(NewFaultClass, TakesPartInAScheduleBesideTheOthers) {
    const Blip blip;
    const std::array<const FaultClass*, 2> classes{find_fault_class("pause"), &blip};
    ScheduleParameters parameters;
    parameters.length = std::chrono::seconds(10);
    parameters.interval = std::chrono::seconds(1);
    parameters.election_timeout = std::chrono::milliseconds(600);

    const std::vector<PlannedFault> faults = make_schedule(classes, parameters);

    int ours = 0;
    for (const PlannedFault& planned : faults) {
        if (planned.name == "blip") {
            ++ours;
            EXPECT_TRUE(blip.resolve(planned, ClusterView{{1, 2, 3}, 0, {}}));
        }
    }
    EXPECT_GT(ours, 3);
    EXPECT_LT(ours, static_cast<int>(faults.size()));
}

}  // namespace
}  // namespace squall::nemesis
