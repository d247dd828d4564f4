// Is a history linearizable with respect to a sequential model? Independent keys are judged one by
// one (linearizability is local: Herlihy and Wing 1990). Which engine judges a key is decided here
// and nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.hpp"
#include "checker/counterexample.hpp"
#include "checker/model.hpp"
#include "history/compact_history.hpp"
#include "history/operation.hpp"

namespace squall::checker {

enum class EngineChoice : std::uint8_t {
    automatic,  ///< The fastest that can judge the key.
    search
};

/// "auto", "search"... or nothing.
[[nodiscard]] std::optional<EngineChoice> engine_named(std::string_view name);

struct CheckOptions {
    Budget budget;
    EngineChoice engine = EngineChoice::automatic;
};

struct LinearizabilityResult {
    Verdict verdict = Verdict::valid;
    std::string reason;  ///< For unknown: which budget, which key.
    std::optional<Counterexample> counterexample;
    std::size_t keys = 0;
    std::size_t operations = 0;
    std::map<std::string, std::size_t> keys_by_engine;  ///< Which engine judged how many.
    Spent spent;
};

/// Judges all keys; stops at the first invalid one. Deterministic.
[[nodiscard]] LinearizabilityResult check_linearizable(const history::CompactHistory& history,
                                                       const Model& model,
                                                       const CheckOptions& options);

[[nodiscard]] LinearizabilityResult check_linearizable(
    std::span<const history::Operation> operations, const Model& model, const Budget& budget);

/// The same as a report's check.
[[nodiscard]] Check linearizability_check(const history::CompactHistory& history,
                                          const Model& model,
                                          const CheckOptions& options);

[[nodiscard]] Check linearizability_check(std::span<const history::Operation> operations,
                                          const Model& model,
                                          const Budget& budget);

}  // namespace squall::checker
