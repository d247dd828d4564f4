// Is a history linearizable with respect to a sequential model? Independent keys are judged one by
// one (linearizability is local: Herlihy and Wing 1990), cut at quiescent points, each by a layered
// just-in-time search (Lowe 2017) with bounded steps and memory.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// Why one key's history is not linearizable.
struct Counterexample {
    std::string key;
    /// The shortest bad prefix: operations invoked before its last event, in order of invocation.
    /// An operation that completes later is open in it.
    std::vector<history::Operation> prefix;
    /// Few operations of the prefix that are still wrong (checker/counterexample.hpp), and the
    /// failed write whose value was observed, if that is the matter.
    std::vector<history::Operation> core;
    /// "key k7: read op #200 by c3 returned 48, the value of write op #188 by c1, but write op #196
    /// of 50 by c1 had completed before the read began". Operations are named by the index of their
    /// invocation.
    std::string sentence;
};

struct LinearizabilityResult {
    Verdict verdict = Verdict::valid;
    std::string reason;  ///< For unknown: which budget, which key.
    std::optional<Counterexample> counterexample;
    std::size_t keys = 0;
    std::size_t operations = 0;
    Spent spent;
};

/// Judges all keys; stops at the first invalid one. Deterministic.
[[nodiscard]] LinearizabilityResult check_linearizable(
    std::span<const history::Operation> operations, const Model& model, const Budget& budget);

/// The same as a report's check.
[[nodiscard]] Check linearizability_check(std::span<const history::Operation> operations,
                                          const Model& model,
                                          const Budget& budget);

}  // namespace squall::checker
