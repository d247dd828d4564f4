// Clocks that run fast, slow or not at all, and wall clocks that jump. A system whose safety does
// not rest on clocks stays correct under all of them; one that trusts a lease does not.
#include <array>
#include <cmath>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"

namespace squall::nemesis {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view strobe = "strobe";
constexpr std::array<std::string_view, 6> shapes{
    "drift-fast", "drift-slow", "freeze", "jump-forward", "jump-back", strobe};

// In election timeouts; 3 s at the default of 600 ms.
constexpr DurationRange lasting{1, 5};

// A strobe: so many short changes one right after the other, each drawn anew.
constexpr std::size_t strobes = 4;
constexpr DurationRange strobe_lasting{0.2, 0.6};

/// The nodes that share a fault; each gets a rule of its own.
constexpr std::array<std::string_view, 5> groups{"one", "one", "minority", "majority", "leader"};

Nodes choose_nodes(const PlannedFault& planned, const ClusterView& view, std::uint64_t group) {
    PlannedFault grouped = planned;
    grouped.shape = groups[group];
    Nodes nodes = choose_targets(grouped, view);
    if (nodes.empty()) {
        grouped.shape = "one";  // No leader is known.
        nodes = choose_targets(grouped, view);
    }
    return nodes;
}

/// Hundredths, so that a rate in a plan reads as it is.
double rate_between(const history::Stream& stream,
                    NodeId node,
                    std::uint64_t low,
                    std::uint64_t high) {
    const std::uint64_t drawn =
        low + stream.below(high - low + 1, history::stream_hash("rate"), node);
    return static_cast<double>(drawn) / 100;
}

/// From a tenth of a second to a day, every order of magnitude as likely as another.
Duration jump(const history::Stream& stream, NodeId node) {
    constexpr std::array<std::uint64_t, 5> limits_ms{1000, 10'000, 60'000, 3'600'000, 86'400'000};
    const std::uint64_t limit =
        limits_ms[stream.below(limits_ms.size(), history::stream_hash("jump"), 2 * node)];
    const std::uint64_t drawn =
        limit / 10 + stream.below(limit - limit / 10, history::stream_hash("jump"), 2 * node + 1);
    return milliseconds(static_cast<milliseconds::rep>(drawn));
}

std::optional<ClockRule> decide_rule(std::string_view shape,
                                     const history::Stream& stream,
                                     NodeId node) {
    if (shape == "drift-fast") {
        return ClockRule{.rate = rate_between(stream, node, 120, 500)};
    }
    if (shape == "drift-slow") {
        return ClockRule{.rate = rate_between(stream, node, 20, 90)};
    }
    if (shape == "freeze") {
        return ClockRule{.rate = 0};
    }
    if (shape == "jump-forward") {
        return ClockRule{.realtime_jump = jump(stream, node)};
    }
    if (shape == "jump-back") {
        return ClockRule{.realtime_jump = -jump(stream, node)};
    }
    if (shape == strobe) {
        const bool back = stream.below(2, history::stream_hash("back"), node) == 0;
        const Duration by = jump(stream, node);
        return ClockRule{.rate = rate_between(stream, node, 0, 500),
                         .realtime_jump = back ? -by : by};
    }
    return std::nullopt;
}

/// "-41.7 min": in the largest unit of which it is one at least.
std::string in_words(Duration jump) {
    struct Unit {
        const char* name;
        milliseconds length;
    };

    constexpr std::array units{Unit{" h", std::chrono::hours(1)},
                               Unit{" min", std::chrono::minutes(1)},
                               Unit{" s", std::chrono::seconds(1)}};
    const milliseconds whole = std::chrono::duration_cast<milliseconds>(jump);
    for (const Unit& unit : units) {
        if (std::chrono::abs(whole) < unit.length) {
            continue;
        }
        const auto tenths = std::chrono::abs(whole).count() * 10 / unit.length.count();
        std::string words(whole.count() < 0 ? "-" : "");
        words += std::to_string(tenths / 10);
        if (tenths % 10 != 0) {
            words += ".";
            words += std::to_string(tenths % 10);
        }
        return words + unit.name;
    }
    return std::to_string(whole.count()) + " ms";
}

std::string in_words(NodeId node, const ClockRule& rule) {
    std::string words("n");
    words += std::to_string(node);
    if (rule.rate == 0) {
        words += " stands still";
    } else if (rule.rate != 1) {
        const long hundredths = std::lround(rule.rate * 100);
        words += " at rate ";
        words += std::to_string(hundredths / 100);
        words += hundredths % 100 < 10 ? ".0" : ".";
        words += std::to_string(hundredths % 100);
    }
    if (rule.realtime_jump != Duration::zero()) {
        words += " jumps by ";
        words += in_words(rule.realtime_jump);
    }
    return words;
}

class Clock final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "clock"; }

    [[nodiscard]] std::string_view description() const override {
        return "lets clocks run fast, slow or stand still, and wall clocks jump: of one node, a "
               "minority, a majority, the leader";
    }

    [[nodiscard]] std::string_view needs() const override { return "clocks"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        std::vector<PlannedFault> faults;
        for (Timetable timetable(parameters, name()); !timetable.over();) {
            const std::string_view shape = timetable.shape(shapes);
            const bool flickers = shape == strobe;
            const std::size_t steps =
                flickers && timetable.fits(strobes * strobe_lasting.longest) ? strobes : 1;
            PlannedFault entry =
                entry_at(timetable,
                         0,
                         name(),
                         shape,
                         timetable.duration(shape, flickers ? strobe_lasting : lasting));
            for (std::size_t step = 0; step < steps; ++step) {
                entry.id = parameters.first_id + faults.size();
                entry.draw = timetable.draw(step);
                faults.push_back(entry);
                entry.at += entry.duration;
            }
            timetable.advance(entry.at - timetable.start());
        }
        return faults;
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        const history::Stream stream(planned.draw, "clock");
        const std::uint64_t group = stream.below(groups.size(), history::stream_hash("group"), 0);
        const Nodes nodes =
            planned.nodes.empty() ? choose_nodes(planned, view, group) : planned.nodes;
        ClockFault clocks;
        std::string words;
        for (const NodeId node : nodes) {
            const std::optional<ClockRule> rule = decide_rule(planned.shape, stream, node);
            if (!rule) {
                return std::nullopt;
            }
            clocks.rules.emplace(node, *rule);
            words += (words.empty() ? "clock: " : ", ") + in_words(node, *rule);
        }
        if (nodes.empty()) {
            return std::nullopt;
        }
        return Fault{planned.name, words, nodes, clocks};
    }
};

}  // namespace

const FaultClass& clock_class() {
    static const Clock instance;
    return instance;
}

}  // namespace squall::nemesis
