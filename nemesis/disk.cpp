// Disks that are slow, stuck, full or broken, and machines that lose their power. A node must stop
// at the first error, and must have on the disk what it has promised.
#include <algorithm>
#include <array>
#include <numeric>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view power_loss = "power-loss";
constexpr std::string_view bit_flip = "bit-flip";
constexpr std::array<std::string_view, 8> shapes{
    power_loss, power_loss, "slow", "stuck", "sync-error", "write-error", "full", bit_flip};
constexpr DurationRange lasting{0.5, 3};

constexpr std::array<std::string_view, 6> groups{
    "one", "one", "minority", "majority", "leader", "all"};

/// The fault budget: nodes whose disks may rot in a run, never more than a minority, so that the
/// others owe everything that a whole cluster does.
Nodes may_rot(const ScheduleParameters& parameters) {
    Nodes nodes(parameters.nodes);
    std::iota(nodes.begin(), nodes.end(), NodeId{1});
    const history::Stream stream(parameters.seed, "disk/rot");
    nodes = shuffled(nodes, stream.bits(0, 0));
    nodes.resize(stream.below((parameters.nodes - 1) / 2 + 1, 0, 1));
    return nodes;
}

DiskRule decide_rule(std::string_view shape, const history::Stream& stream, NodeId node) {
    // From the odd call to every one.
    constexpr std::array<double, 4> probabilities{0.02, 0.1, 0.5, 1};
    const double often =
        probabilities[stream.below(probabilities.size(), history::stream_hash("often"), node)];
    DiskRule rule;
    if (shape == "slow") {
        const auto ms = 5 + stream.below(300, history::stream_hash("delay"), node);
        rule.sync_delay = milliseconds(static_cast<milliseconds::rep>(ms));
    } else if (shape == "stuck") {
        rule.stuck = true;
    } else if (shape == "sync-error") {
        rule.sync_error = often;
    } else if (shape == "write-error") {
        rule.write_error = often;
    } else if (shape == "full") {
        rule.full = true;
    }
    return rule;
}

std::string per_cent(double probability) {
    return std::to_string(static_cast<int>(probability * 100 + 0.5)) + " %";
}

std::string in_words(const DiskRule& rule) {
    if (rule.stuck) {
        return "stuck";
    }
    if (rule.full) {
        return "full";
    }
    if (rule.sync_error > 0) {
        return "fsync fails, " + per_cent(rule.sync_error);
    }
    if (rule.write_error > 0) {
        return "writes fail, " + per_cent(rule.write_error);
    }
    return "fsync slower by " +
           std::to_string(std::chrono::duration_cast<milliseconds>(rule.sync_delay).count()) +
           " ms";
}

class Disk final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "disk"; }

    [[nodiscard]] std::string_view description() const override {
        return "cuts the power, so that what was not synced is lost or torn; makes fsync slow, "
               "stuck or fail, writes fail, disks full; flips bits";
    }

    [[nodiscard]] std::string_view needs() const override { return "disks"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        std::vector<PlannedFault> faults = simple_schedule(parameters, name(), shapes, lasting);
        const Nodes rotting = may_rot(parameters);
        for (PlannedFault& planned : faults) {
            if (planned.shape != bit_flip) {
                continue;
            }
            if (rotting.empty()) {
                planned.shape = power_loss;
            } else {
                planned.nodes = {rotting[planned.draw % rotting.size()]};
            }
        }
        return faults;
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const history::Stream stream(planned.draw, "disk");
        PlannedFault grouped = planned;
        grouped.shape = groups[stream.below(groups.size(), history::stream_hash("group"), 0)];
        if (planned.shape == bit_flip) {
            grouped.shape = "one";
        }
        const Nodes nodes = choose_targets(grouped, view);
        if (nodes.empty() || std::ranges::find(shapes, planned.shape) == shapes.end()) {
            return std::nullopt;
        }
        if (planned.shape == power_loss) {
            return Fault{planned.name, "power off " + to_text(nodes), nodes, PowerFault{nodes, 0}};
        }
        if (planned.shape == bit_flip) {
            return Fault{planned.name,
                         "power off and a bit flipped " + to_text(nodes),
                         nodes,
                         PowerFault{nodes, 1}};
        }
        DiskFault disks;
        std::string words;
        for (const NodeId node : nodes) {
            const DiskRule rule = decide_rule(planned.shape, stream, node);
            disks.rules.emplace(node, rule);
            words +=
                (words.empty() ? "disk: n" : ", n") + std::to_string(node) + " " + in_words(rule);
        }
        return Fault{planned.name, words, nodes, disks};
    }
};

}  // namespace

const FaultClass& disk_class() {
    static const Disk instance;
    return instance;
}

}  // namespace squall::nemesis
