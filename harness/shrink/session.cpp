#include "harness/shrink/session.hpp"

#include <algorithm>

#include "harness/shrink/shrinker.hpp"

namespace squall::harness::shrink {
namespace {

class Session {
  public:
    Session(const ObservedRun& run, const SessionOptions& options)
        : run_(run), options_(options), shrinker_(run, options.shrinker) {}

    Shrunk go() {
        shrunk_.complete = search();
        if (base_) {
            shrunk_.base = *base_;
            confirm();
        }
        shrunk_.attempts = shrinker_.attempts();
        return std::move(shrunk_);
    }

  private:
    /// False: cut short.
    bool search() {
        while (auto candidate = shrinker_.next()) {
            if (shrinker_.started() && !base_) {
                const auto original = judge(run_.plan);
                if (!original || !original->fails) {
                    return original.has_value();
                }
            }
            const auto tried = judge(*candidate);
            if (!tried) {
                return false;
            }
            shrinker_.verdict(tried->fails);
            options_.learn(*candidate, *tried, shrinker_.best());
        }
        return true;
    }

    /// Nothing: there was no time to find out.
    std::optional<Tried> judge(const Plan& plan) {
        if (const auto known = options_.recall(plan)) {
            return noted(*known);
        }
        const auto& repetition = options_.repetition;
        Repetition trial =
            base_ ? Repetition::of_candidate(*base_, repetition) : Repetition::of_base(repetition);
        while (trial.step() == Repetition::Step::run) {
            if (options_.out_of_time() || options_.stop()) {
                return std::nullopt;
            }
            trial.ran(run(plan));
        }
        return noted({trial.step() == Repetition::Step::fails, trial.rate()});
    }

    Tried noted(const Tried& tried) {
        if (!base_ && tried.fails) {
            base_ = tried.rate;
        }
        return tried;
    }

    bool run(const Plan& plan) {
        ++shrunk_.runs;
        return options_.run(plan);
    }

    /// A plan may have been accepted for a failure that was luck. If the smallest never fails again
    /// an earlier one is the result: further and further back.
    void confirm() {
        const std::vector<Plan>& accepted = shrinker_.accepted();
        std::size_t position = accepted.size() - 1;
        for (std::size_t back = 1;; back *= 2) {
            shrunk_.plan = accepted[position];
            shrunk_.confirmed = {};
            while (shrunk_.confirmed.runs < options_.confirm_runs && !options_.stop()) {
                ++shrunk_.confirmed.runs;
                shrunk_.confirmed.failed += run(shrunk_.plan) ? 1U : 0U;
            }
            if (shrunk_.confirmed.failed > 0 || position == 0 || options_.stop()) {
                return;
            }
            position -= std::min(position, back);
        }
    }

    const ObservedRun& run_;
    const SessionOptions& options_;
    Shrinker shrinker_;
    std::optional<Rate> base_;
    Shrunk shrunk_;
};

}  // namespace

Shrunk shrink(const ObservedRun& run, const SessionOptions& options) {
    return Session(run, options).go();
}

}  // namespace squall::harness::shrink
