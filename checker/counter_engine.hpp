// Counters whose increments are all equal (those of zero aside), certain or of unknown outcome:
// exact, n log n.
//
// Why it is exact. Counted in increments, the state only grows. So in every linearization the reads
// stand in order of what they returned, in *levels*, and the gap between two levels holds exactly
// as many adds as they differ by; the first gap begins at the initial value, the last one, after
// the highest level, has room for any number. Real time orders the levels among each other (checked
// directly) and gives each add the gaps that it may be in: not before a gap's lower levels if one
// of them completed before the add began, and likewise above: an interval [low, high], which grows
// with the times of the add. A certain add must be in one, one of unknown outcome (high = the last
// gap) may. Adds are alike: if one that completed before another began stands in a later gap, the
// two may change places, and doing so ends. So real time among adds needs no look. What is left is
// to fill slots with unit jobs, of a release and a deadline, all slots exactly: from the first gap
// on, always the add that completed first (the earliest deadline; those of unknown outcome last,
// since they may also be left out). By the usual exchange that succeeds if anything does.
#pragma once

#include "checker/engine.hpp"

namespace squall::checker {

/// No verdict where the model has not the shape `counter`, or increments differ.
[[nodiscard]] EngineResult judge_counter(const KeyProblem& problem);

}  // namespace squall::checker
