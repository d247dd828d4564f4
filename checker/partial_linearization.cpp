#include "checker/partial_linearization.hpp"

#include <algorithm>
#include <bitset>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace squall::checker {

namespace {

using history::Operation;
using history::Outcome;

using Done = std::bitset<partial_linearization_max>;

struct Configuration {
    Done done;
    Model::State state;
    friend bool operator==(const Configuration&, const Configuration&) = default;
};

struct ConfigurationHash {
    std::size_t operator()(const Configuration& configuration) const {
        return std::hash<Done>{}(configuration.done) ^ (configuration.state.hash() * 31);
    }
};

/// Depth first; the number of operations bounds the depth.
class Explorer {
  public:
    Explorer(std::span<const Operation* const> operations, const Model& model, std::uint64_t tries)
        : operations_(operations), model_(model), tries_(tries) {}

    void explore(const Configuration& from) {
        if (!seen_.insert(from).second) {
            return;
        }
        if (completed_ > best_completed_ ||
            (completed_ == best_completed_ && order_.size() < best_order_.size())) {
            best_completed_ = completed_;
            best_order_ = order_;
        }
        for (std::size_t i = 0; i < operations_.size() && tries_ > 0; ++i) {
            if (!may_be_next(from.done, i)) {
                continue;
            }
            --tries_;
            if (const auto after = model_.apply(from.state, *operations_[i])) {
                const bool known = operations_[i]->outcome == Outcome::ok;
                Configuration next{from.done, *after};
                next.done.set(i);
                order_.push_back(i);
                completed_ += known ? 1 : 0;
                explore(next);
                completed_ -= known ? 1 : 0;
                order_.pop_back();
            }
        }
    }

    /// Is it still to be placed, and nothing that ended before it began?
    [[nodiscard]] bool may_be_next(const Done& done, std::size_t i) const {
        return !done.test(i) && operations_[i]->outcome != Outcome::fail &&
               std::ranges::none_of(operations_, [&](const Operation* const& other) {
                   const auto place = static_cast<std::size_t>(&other - operations_.data());
                   return !done.test(place) && other->outcome == Outcome::ok &&
                          precedes(*other, *operations_[i]);
               });
    }

    [[nodiscard]] const std::vector<std::size_t>& best() const { return best_order_; }

  private:
    std::span<const Operation* const> operations_;
    const Model& model_;
    std::uint64_t tries_;
    std::unordered_set<Configuration, ConfigurationHash> seen_;
    std::vector<std::size_t> order_;
    std::size_t completed_ = 0;
    std::vector<std::size_t> best_order_;
    std::size_t best_completed_ = 0;
};

std::string why_not(const Operation& operation, const Model& model, const Model::State& state) {
    if (const auto after = model.apply(state, operation)) {
        return fmt::format("may take effect here, making it {}, but that explains nothing more",
                           to_text(*after));
    }
    const auto effect = model.effect(operation);
    if (effect && effect->writes && effect->observes) {
        return fmt::format(
            "needs {}, but the state is {}", to_text(*effect->observes), to_text(state));
    }
    if (operation.any_result) {
        return fmt::format("does not fit the state {}", to_text(state));
    }
    return fmt::format("returned {}, but the state is {}",
                       to_text(effect && effect->observes ? *effect->observes : operation.result),
                       to_text(state));
}

}  // namespace

PartialLinearization longest_partial_linearization(std::span<const Operation* const> operations,
                                                   const Model& model,
                                                   const Model::State& initial,
                                                   std::uint64_t tries) {
    PartialLinearization result;
    result.initial = to_text(initial);
    if (operations.size() > partial_linearization_max) {
        return result;
    }
    Explorer explorer(operations, model, tries);
    explorer.explore({{}, initial});
    Configuration end{{}, initial};
    for (const std::size_t i : explorer.best()) {
        end.state = *model.apply(end.state, *operations[i]);
        end.done.set(i);
        result.steps.push_back({operations[i]->invoked, to_text(end.state)});
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (explorer.may_be_next(end.done, i)) {
            result.blocked.push_back(
                {operations[i]->invoked, why_not(*operations[i], model, end.state)});
        }
    }
    return result;
}

}  // namespace squall::checker
