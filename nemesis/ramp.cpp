// A direction that grows slower and slower: what timeouts that adapt, and leases, are measured by.
// Each injection is a stair of link faults, one longer delay after the other.
#include <array>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::string_view towards = "towards";
constexpr std::string_view from = "from";
constexpr std::string_view towards_then_cut = "towards-then-cut";
constexpr std::array<std::string_view, 3> shapes{towards, from, towards_then_cut};

constexpr DurationRange lasting{2, 6};

/// Stairs of one injection. `draw` of an entry is the number of its stair, from 1.
constexpr std::uint64_t stairs = 6;

/// In the end messages are late by half of the time that the injection has lasted: by one to three
/// election timeouts.
constexpr int slope = 2;

class Ramp final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "ramp"; }

    [[nodiscard]] std::string_view description() const override {
        return "lets messages to or from one node grow later and later, up to several election "
               "timeouts; also with the other direction cut in the end";
    }

    [[nodiscard]] std::string_view needs() const override { return "links"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        std::vector<PlannedFault> faults;
        for (Timetable timetable(parameters, name()); !timetable.over();) {
            const std::string_view shape = timetable.shape(shapes);
            const Duration stair = timetable.duration(shape, lasting) / stairs;
            PlannedFault entry = entry_at(timetable, 0, name(), shape, stair);
            entry.nodes = {static_cast<NodeId>(1 + timetable.draw() % parameters.nodes)};
            for (entry.draw = 1; entry.draw <= stairs; ++entry.draw) {
                entry.id = parameters.first_id + faults.size();
                faults.push_back(entry);
                entry.at += stair;
            }
            timetable.advance(entry.at - timetable.start());
        }
        return faults;
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const bool known =
            planned.shape == towards || planned.shape == from || planned.shape == towards_then_cut;
        const Nodes rest = others(view.nodes, planned.nodes);
        if (!known || planned.nodes.empty() || rest.empty()) {
            return std::nullopt;
        }
        const bool outward = planned.shape == from;
        LinkRule late;
        late.delay = planned.duration * static_cast<Duration::rep>(planned.draw) / slope;
        LinkFault links;
        for (const Link& link :
             outward ? one_way(planned.nodes, rest) : one_way(rest, planned.nodes)) {
            links.rules.emplace(link, late);
        }
        std::string words = "delay " +
                            std::to_string(duration_cast<milliseconds>(late.delay).count()) +
                            " ms " + (outward ? "from " : "to ") + to_text(planned.nodes);
        if (planned.shape == towards_then_cut && planned.draw >= stairs) {
            for (const Link& link : one_way(planned.nodes, rest)) {
                links.rules.emplace(link, LinkRule{.cut = true});
            }
            words += ", cut what it sends";
        }
        return Fault{planned.name, words, planned.nodes, links};
    }
};

}  // namespace

const FaultClass& ramp_class() {
    static const Ramp instance;
    return instance;
}

}  // namespace squall::nemesis
