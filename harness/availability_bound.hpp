// How long a majority that is up and connected may serve nobody, as a consequence of how timeouts
// are drawn. docs/outcomes-and-verdicts.md derives it. Pure.
#pragma once

#include <optional>

#include "harness/plan.hpp"
#include "harness/run_record.hpp"

namespace squall::harness {

/// Of a correct cluster that exceeds the bound, in one stretch of time: such a stretch is needed
/// for a false alarm.
inline constexpr double availability_alarm_probability = 1e-7;

struct AvailabilityBound {
    Duration bound{};
    double split = 0;     ///< At most so likely is an election to elect nobody.
    Duration election{};  ///< Longer than this elections take less often than stated above.
    Duration catch_up{};  ///< For entries and snapshots that members of the majority lack.
};

/// `mutations_per_second`: of clients, on average. Nothing where no bound can be given: timeouts
/// hardly further apart than what messages and writes take, limits too narrow for what clients ask,
/// or a bound of more than a day.
[[nodiscard]] std::optional<AvailabilityBound> availability_bound(const Plan& plan,
                                                                  const AssumedDelays& delays,
                                                                  double mutations_per_second);

}  // namespace squall::harness
