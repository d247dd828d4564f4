// When the injections of one class come, for how long, and in which shape. Walks through the main
// phase from one injection to the next: injections of a class never overlap, and the gap between
// the end of one and the start of the next is drawn anew each time. Depends on the parameters
// alone.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::nemesis {

/// How long a fault lasts, in election timeouts.
struct DurationRange {
    double shortest = 0;
    double longest = 0;
};

class Timetable {
  public:
    /// The first injection comes within the first interval and the first third of the run.
    Timetable(const ScheduleParameters& parameters, std::string_view fault_class);

    /// Too little of the main phase is left for another injection.
    [[nodiscard]] bool over() const;

    /// Of the current injection.
    [[nodiscard]] Time start() const { return start_; }

    /// Would a fault of so many election timeouts end within the main phase?
    [[nodiscard]] bool fits(double election_timeouts) const;

    /// Drawn from the range, cut at the end of the main phase. For the shape "leader" long enough
    /// that another leader can be elected.
    [[nodiscard]] Duration duration(std::string_view shape, DurationRange range) const;

    /// Each round through `shapes` is a permutation of them, so that a short run sees most. The
    /// first injection is one that cannot miss: not "leader", no jump of the wall clock.
    [[nodiscard]] std::string_view shape(std::span<const std::string_view> shapes) const;

    /// Random bits; `purpose` tells apart several draws for one injection.
    [[nodiscard]] std::uint64_t draw(std::uint64_t purpose = 0) const;

    /// On to the next injection, after the current one held for `busy`.
    void advance(Duration busy);

  private:
    [[nodiscard]] Duration remaining() const { return parameters_.length - start_; }

    [[nodiscard]] double uniform(std::uint64_t purpose, double low, double high) const;

    ScheduleParameters parameters_;
    history::Stream stream_;
    std::uint64_t ordinal_ = 0;
    Time start_{};
};

/// An injection per entry of a timetable, for classes whose entries stand alone.
[[nodiscard]] std::vector<PlannedFault> simple_schedule(const ScheduleParameters& parameters,
                                                        std::string_view fault_class,
                                                        std::span<const std::string_view> shapes,
                                                        DurationRange range);

/// The entry that `timetable` stands at; `id` is unique within the class's schedule.
[[nodiscard]] PlannedFault entry_at(const Timetable& timetable,
                                    FaultId id,
                                    std::string_view fault_class,
                                    std::string_view shape,
                                    Duration duration);

}  // namespace squall::nemesis
