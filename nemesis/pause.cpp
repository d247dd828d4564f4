// Nodes that stand still and come back with everything they believed before.
#include <array>

#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"

namespace squall::nemesis {

namespace {

constexpr std::array<std::string_view, 6> shapes{
    "one", "minority", "majority", "all", "leader", "leader"};

class Pause final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "pause"; }

    [[nodiscard]] std::string_view description() const override {
        return "stops nodes (SIGSTOP) and lets them go on: one, a minority, a majority, all, "
               "the leader";
    }

    [[nodiscard]] std::string_view needs() const override { return "processes"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        return simple_schedule(parameters, name(), shapes, DurationRange{0.5, 3});
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const Nodes targets = choose_targets(planned, view);
        if (targets.empty()) {
            return std::nullopt;
        }
        return Fault{planned.name, "pause " + to_text(targets), targets, PauseFault{targets}};
    }
};

}  // namespace

const FaultClass& pause_class() {
    static const Pause instance;
    return instance;
}

}  // namespace squall::nemesis
