// Engine "zones": registers, texts and growing lists whose every mutation leaves a state of its
// own. Linear in the number of operations, whatever the concurrency and the number of operations of
// unknown outcome. It cannot judge histories in which a value is written twice, texts whose origin
// is not plain, more than one delete. A *valid* has been replayed.
#pragma once

#include "checker/check.hpp"
#include "checker/engine.hpp"

namespace squall::checker {

/// How an EngineResult's reason begins when the engine's own order does not hold. Never to be seen.
inline constexpr std::string_view zones_disagree = "the engine disagrees with itself";

[[nodiscard]] EngineResult judge_by_zones(const KeyProblem& problem, const Budget& budget);

}  // namespace squall::checker
