// The arithmetic of schedules: where a timetable stands after any number of injections of any
// length, by what its header promises.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/timetable.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 5> shapes{"one", "leader", "majority", "jump-day", "all"};

ScheduleParameters any_parameters() {
    ScheduleParameters parameters;
    parameters.seed = *rc::gen::arbitrary<std::uint64_t>();
    parameters.length = milliseconds(*rc::gen::inRange(500, 120'000));
    parameters.interval = milliseconds(*rc::gen::inRange(100, 20'000));
    parameters.election_timeout = milliseconds(*rc::gen::inRange(20, 2000));
    return parameters;
}

/// low x unit <= time <= high x unit, but for a nanosecond of rounding.
bool within(Duration time, Duration unit, double low, double high) {
    const auto ns = static_cast<double>(time.count());
    const auto whole = static_cast<double>(unit.count());
    return ns >= low * whole - 1 && ns <= high * whole + 1;
}

void check_duration(const Timetable& timetable,
                    const ScheduleParameters& parameters,
                    std::string_view shape) {
    const double shortest = *rc::gen::element(0.3, 1.0, 2.0);
    // As all classes have it: time enough for an election.
    const double longest = std::max(1.2, shortest) + *rc::gen::element(0.0, 1.0, 4.0);
    const Duration duration = timetable.duration(shape, {shortest, longest});
    const Duration left = parameters.length - timetable.start();
    const double least = shape == "leader" ? std::max(shortest, 1.2) : shortest;

    RC_ASSERT(duration > Duration::zero());
    RC_ASSERT(duration <= left);
    RC_ASSERT(duration == left || within(duration, parameters.election_timeout, least, longest));
    const double some = *rc::gen::element(0.0, 0.5, 3.0, 30.0);
    const auto length = static_cast<nanoseconds::rep>(
        static_cast<double>(parameters.election_timeout.count()) * some);
    RC_ASSERT(timetable.fits(some) ==
              (timetable.start() + nanoseconds(length) <= parameters.length));
}

RC_GTEST_PROP(TimetableModel, WalksByItsIntervalsAndNeverBack, ()) {
    const ScheduleParameters parameters = any_parameters();
    Timetable timetable(parameters, "partition");
    const Duration third = std::min(parameters.interval, parameters.length / 3);
    RC_ASSERT(within(timetable.start(), third, 0.3, 0.9));
    RC_ASSERT(!timetable.over());

    std::set<std::string_view> round;
    std::set<std::uint64_t> draws;
    for (std::size_t number = 0; !timetable.over() && number < 60; ++number) {
        const std::string_view shape = timetable.shape(shapes);
        RC_ASSERT(std::ranges::count(shapes, shape) == 1);
        if (number == 0) {
            RC_ASSERT(shape != "leader");
            RC_ASSERT(!shape.starts_with("jump-"));
        }
        RC_ASSERT(round.insert(shape).second);
        if (round.size() == shapes.size()) {
            round.clear();
        }
        RC_ASSERT(draws.insert(timetable.draw()).second);
        RC_ASSERT(draws.insert(timetable.draw(1)).second);
        check_duration(timetable, parameters, shape);

        const Duration busy = milliseconds(*rc::gen::inRange(0, 5000));
        const Time before = timetable.start();
        timetable.advance(busy);
        const Duration gap = timetable.start() - before - busy;
        RC_ASSERT(within(gap, parameters.interval, 0.3, 1.4));
    }
}

RC_GTEST_PROP(TimetableModel, DependsOnItsParametersAndNothingElse, ()) {
    const ScheduleParameters parameters = any_parameters();
    Timetable one(parameters, "kill");
    Timetable two(parameters, "kill");
    Timetable other(parameters, "pause");
    RC_ASSERT(one.draw() != other.draw());
    for (int number = 0; number < 10; ++number) {
        // What is asked of one of them only changes nothing.
        static_cast<void>(one.duration("all", {1, 2}));
        static_cast<void>(one.draw(7));
        RC_ASSERT(one.start() == two.start());
        RC_ASSERT(one.draw() == two.draw());
        RC_ASSERT(one.shape(shapes) == two.shape(shapes));
        one.advance(milliseconds(300));
        two.advance(milliseconds(300));
    }
}

}  // namespace
}  // namespace squall::nemesis
