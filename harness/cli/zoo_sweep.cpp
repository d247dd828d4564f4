#include "harness/cli/zoo_sweep.hpp"

#include <thread>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

std::string outcome_of(const BugScore& score) {
    constexpr double half = 0.5;
    const auto seeds = seeds_quantile(score, half);
    return score.convicted() ? fmt::format("convicted, median {} seeds", *seeds)
                             : std::string("NOT CONVICTED in every try");
}

}  // namespace

ZooSweep::ZooSweep(std::vector<systems::Bug> bugs,
                   const ZooOptions& options,
                   const KeptScores& kept,
                   const std::atomic<int>& stop_requests)
    : bugs_(std::move(bugs)),
      scores_(bugs_.size()),
      options_(options),
      kept_(kept),
      progress_(bugs_.size()),
      inspector_(options,
                 stop_requests,
                 {.on_step = [this](const std::string& what) { progress_.step(what); },
                  .on_plan = [this](const std::string& name,
                                    const Plan& plan) { kept_.keep_plan(name, plan); }}) {}

std::vector<BugScore> ZooSweep::go() {
    take_over_what_was_kept();
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < options_.jobs; ++i) {
            workers.emplace_back([this] { work(); });
        }
    }
    if (!error_.empty()) {
        throw Failure(error_);
    }
    std::vector<BugScore> done;
    for (auto& score : scores_) {
        if (score) {
            done.push_back(std::move(*score));
        }
    }
    return done;
}

void ZooSweep::take_over_what_was_kept() {
    for (std::size_t i = 0; i < bugs_.size(); ++i) {
        scores_[i] = kept_.find(std::string(bugs_[i].slug));
        if (scores_[i]) {
            progress_.done(scores_[i]->slug, outcome_of(*scores_[i]), false);
        }
    }
}

void ZooSweep::work() {
    try {
        for (std::size_t i = next_++; i < bugs_.size(); i = next_++) {
            if (!scores_[i]) {
                scores_[i] = inspect(bugs_[i]);
            }
        }
    } catch (const std::exception& problem) {
        const std::scoped_lock lock(mutex_);
        error_ = problem.what();
        next_ = bugs_.size();
    }
}

std::optional<BugScore> ZooSweep::inspect(const systems::Bug& bug) {
    auto score = inspector_.inspect(bug);
    if (score) {
        kept_.keep(*score);
        progress_.done(score->slug, outcome_of(*score), true);
    }
    return score;
}

}  // namespace squall::harness::cli
