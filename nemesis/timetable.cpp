#include "nemesis/timetable.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "nemesis/topology.hpp"

namespace squall::nemesis {

namespace {

// What a random number is for. Fixed numbers, since plans are made from them.
enum Purpose : std::uint64_t { first_start = 1, gap, length, deck, targets = 16 };

// A fault that holds for less than this has little chance to matter.
constexpr double shortest_useful = 0.5;

// From the end of one injection to the start of the next, in intervals. Wide, so that classes
// drift through every alignment with one another, and never so short that the cluster stays down.
constexpr double gap_shortest = 0.3;
constexpr double gap_longest = 1.4;

// Without its leader for less than this a cluster elects no new one, and the old one's errors
// stay unseen.
constexpr double leader_shortest = 1.2;

/// There may be no leader yet, and a system need not look at its wall clock.
bool may_miss(std::string_view shape) {
    return shape == "leader" || shape.starts_with("jump-");
}

Duration scaled(Duration unit, double factor) {
    return Duration(static_cast<Duration::rep>(static_cast<double>(unit.count()) * factor));
}

}  // namespace

Timetable::Timetable(const ScheduleParameters& parameters, std::string_view fault_class)
    : parameters_(parameters),
      stream_(parameters.seed, "nemesis/" + std::string(fault_class)),
      start_(scaled(std::min(parameters.interval, parameters.length / 3),
                    uniform(first_start, gap_shortest, 0.9))) {}

double Timetable::uniform(std::uint64_t purpose, double low, double high) const {
    return low + (high - low) * stream_.unit(purpose, ordinal_);
}

bool Timetable::over() const {
    const Duration useful = scaled(parameters_.election_timeout, shortest_useful);
    return remaining() < std::min(useful, parameters_.length / 2);
}

bool Timetable::fits(double election_timeouts) const {
    return scaled(parameters_.election_timeout, election_timeouts) <= remaining();
}

Duration Timetable::duration(std::string_view shape, DurationRange range) const {
    const double shortest =
        shape == "leader" ? std::max(range.shortest, leader_shortest) : range.shortest;
    const double timeouts = uniform(length, shortest, range.longest);
    return std::min(scaled(parameters_.election_timeout, timeouts), remaining());
}

std::string_view Timetable::shape(std::span<const std::string_view> shapes) const {
    const std::uint64_t round = ordinal_ / shapes.size();
    Nodes order(shapes.size());
    std::iota(order.begin(), order.end(), NodeId{0});
    order = shuffled(order, stream_.bits(deck, round));
    if (round == 0) {
        const auto first = std::find_if(
            order.begin(), order.end(), [&](NodeId i) { return !may_miss(shapes[i]); });
        if (first != order.end()) {
            std::iter_swap(order.begin(), first);
        }
    }
    return shapes[order[ordinal_ % shapes.size()]];
}

std::uint64_t Timetable::draw(std::uint64_t purpose) const {
    return stream_.bits(targets + purpose, ordinal_);
}

void Timetable::advance(Duration busy) {
    ++ordinal_;
    const Duration rest = scaled(parameters_.interval, uniform(gap, gap_shortest, gap_longest));
    start_ += busy + std::max<Duration>(rest, std::chrono::milliseconds(1));
}

PlannedFault entry_at(const Timetable& timetable,
                      FaultId id,
                      std::string_view fault_class,
                      std::string_view shape,
                      Duration duration) {
    PlannedFault planned;
    planned.id = id;
    planned.name = fault_class;
    planned.shape = shape;
    planned.at = timetable.start();
    planned.duration = duration;
    planned.draw = timetable.draw();
    return planned;
}

std::vector<PlannedFault> simple_schedule(const ScheduleParameters& parameters,
                                          std::string_view fault_class,
                                          std::span<const std::string_view> shapes,
                                          DurationRange range) {
    std::vector<PlannedFault> faults;
    for (Timetable timetable(parameters, fault_class); !timetable.over();) {
        const std::string_view shape = timetable.shape(shapes);
        const Duration duration = timetable.duration(shape, range);
        const FaultId id = parameters.first_id + faults.size();
        faults.push_back(entry_at(timetable, id, fault_class, shape, duration));
        timetable.advance(duration);
    }
    return faults;
}

}  // namespace squall::nemesis
