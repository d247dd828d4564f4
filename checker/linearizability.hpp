// Is a history linearizable with respect to a sequential model? Independent keys are judged one by
// one (linearizability is local: Herlihy and Wing 1990). Which engine judges a key is decided in
// checker/dispatch.cpp and nowhere else.
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
#include "checker/engines.hpp"
#include "checker/model.hpp"
#include "history/compact_history.hpp"
#include "history/operation.hpp"

namespace squall::checker {

struct CheckOptions {
    Budget budget;  ///< For all keys together; the bytes are a peak.
    /// Any but `automatic`: that one alone judges.
    EngineChoice engine = EngineChoice::automatic;
    unsigned threads = 1;  ///< Keys judged at once. The result does not depend on it.
};

/// What became of one key.
struct KeyJudgement {
    history::KeyId key = 0;
    std::size_t operations = 0;
    Verdict verdict = Verdict::unknown;
    std::string_view engine;  ///< Which one said so; empty: none could.
    std::string reason;       ///< For unknown.
    Spent spent;
};

struct LinearizabilityResult {
    Verdict verdict = Verdict::valid;
    std::string reason;  ///< For unknown: which budget, which key.
    std::optional<Counterexample> counterexample;
    std::size_t keys = 0;
    std::size_t operations = 0;
    std::map<std::string, std::size_t> keys_by_engine;  ///< Which engine judged how many.
    /// The keys that were judged, those with the fewest operations first. The first invalid one
    /// ends the check, so that others may be missing.
    std::vector<KeyJudgement> judgements;
    Spent spent;
};

/// Judges all keys; stops at the first invalid one. Deterministic.
[[nodiscard]] LinearizabilityResult check_linearizable(const history::CompactHistory& history,
                                                       const Model& model,
                                                       const CheckOptions& options);

[[nodiscard]] LinearizabilityResult check_linearizable(
    std::span<const history::Operation> operations, const Model& model, const Budget& budget);

/// "zones 98 keys, search 2 keys"; empty where nothing was judged.
[[nodiscard]] std::string engines_line(const LinearizabilityResult& result);

/// The same as a report's check.
[[nodiscard]] Check linearizability_check(const history::CompactHistory& history,
                                          const Model& model,
                                          const CheckOptions& options);

[[nodiscard]] Check linearizability_check(std::span<const history::Operation> operations,
                                          const Model& model,
                                          const Budget& budget);

}  // namespace squall::checker
