// From "this key's history is bad" to the few operations that show it: the shortest bad prefix,
// then operations are left out as long as what remains is bad. Only such are left out that could
// not turn a good history bad by their absence (checker/removal.hpp), so that every step proves the
// one before.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine.hpp"
#include "checker/linearization.hpp"

namespace squall::checker {

/// Why one key's history is not linearizable.
struct Counterexample {
    std::string key;
    /// The last event of the shortest bad prefix. An operation that completes later is open in it.
    history::EventIndex cut = history::never_completed;
    std::size_t prefix_operations = 0;  ///< Operations of the key invoked by then.
    /// Few operations of the prefix that are still wrong, and the failed write whose value was
    /// observed, if that is the matter. In order of invocation.
    std::vector<history::Operation> core;
    PartialLinearization linearization;  ///< Of the core.
    /// "key k7: read op #200 by c3 returned 48, the value of write op #188 by c1, but write op #196
    /// of 50 by c1 had completed before the read began". Operations are named by the index of their
    /// invocation.
    std::string sentence;
};

/// Judges some operations of a key within the budget that is left; *unknown* when it is spent.
using KeyJudge = std::function<EngineResult(const KeyProblem&)>;

/// For a key that was found *invalid*, with that result. Nothing if brute force contradicts the
/// engine about the core: then one of them is wrong and the history must not be called invalid.
/// The core may stay larger, and the prefix longer, when the judge's budget is spent.
[[nodiscard]] std::optional<Counterexample> find_counterexample(const KeyProblem& problem,
                                                                const EngineResult& found,
                                                                const KeyJudge& judge);

}  // namespace squall::checker
