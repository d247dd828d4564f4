// Sets that only grow, each element added once, read as a whole: exact, linear in the operations
// and in what the reads returned (and n log n in the number of different results).
//
// Why it is exact. States only grow, so that the results of all reads are ordered by inclusion, or
// nothing explains them. An element that some read holds was added after the reads without it and
// before those with it; a certain add that no read holds comes after all reads. So every
// linearization is the same sequence of blocks: the adds that are new in a result, the reads that
// returned it, the adds that are new in the next result... Conversely every order of these blocks
// is explained, whatever the order inside: such adds commute. Real time orders the operations
// inside a block somehow; between blocks it must not contradict: nothing may begin after something
// of a later block has completed. Adds of unknown outcome that no read holds are left out: they
// could only stand at the end.
#pragma once

#include "checker/engine.hpp"

namespace squall::checker {

/// No verdict where the model has not the shape `set`, or an element is added twice.
[[nodiscard]] EngineResult judge_set(const KeyProblem& problem);

}  // namespace squall::checker
