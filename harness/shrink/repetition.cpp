#include "harness/shrink/repetition.hpp"

#include <algorithm>
#include <cmath>

namespace squall::harness::shrink {

std::uint64_t runs_needed(const Rate& base, double error, std::uint64_t most) {
    if (base.failed == 0) {
        return most;
    }
    const double p = static_cast<double>(base.failed) / static_cast<double>(base.runs + 1);
    const double runs = std::ceil(std::log(error) / std::log(1 - p));
    return std::clamp<std::uint64_t>(
        runs < static_cast<double>(most) ? static_cast<std::uint64_t>(runs) : most, 1, most);
}

Repetition Repetition::of_base(const RepetitionOptions& options) {
    return {options.base_runs, options.base_failures};
}

Repetition Repetition::of_candidate(const Rate& base, const RepetitionOptions& options) {
    return {runs_needed(base, options.error, options.runs_max), 1};
}

Repetition::Step Repetition::step() const {
    if (rate_.failed >= failures_) {
        return Step::fails;
    }
    if (rate_.runs < runs_) {
        return Step::run;
    }
    return rate_.failed > 0 ? Step::fails : Step::holds;
}

void Repetition::ran(bool failed) {
    ++rate_.runs;
    rate_.failed += failed ? 1U : 0U;
}

}  // namespace squall::harness::shrink
