#include "checker/search.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "checker/depth_first.hpp"
#include "checker/layered_search.hpp"
#include "checker/search_input.hpp"

namespace squall::checker {

namespace {

/// Steps of a search's first turn; turns become longer.
constexpr std::uint64_t first_turn = 4096;
/// A larger layer is no beginning for the depth-first search.
constexpr std::size_t roots_max = 1024;

/// The two searches, taking turns: deterministic, in one thread. Where the layered one is further
/// than any explanation that the depth-first one has found, the latter goes on from there.
class Race {
  public:
    Race(SearchInput& input, const Budget& budget, SearchMethod method)
        : input_(input), budget_(budget) {
        if (method != SearchMethod::depth_first) {
            layered_.emplace(input);
        }
        if (method != SearchMethod::layered) {
            depth_first_.emplace(input);
        }
    }

    std::optional<Verdict> run() {
        std::optional<Verdict> verdict;
        for (std::uint64_t turn = first_turn; !verdict && (layered_ || depth_first_); turn *= 2) {
            if (layered_) {
                verdict = take_turn(*layered_, turn);
                explained_ = std::max(explained_, layered_->position());
            }
            if (!verdict && depth_first_) {
                catch_up();
                verdict = take_turn(*depth_first_, turn);
                explained_ = std::max(explained_, depth_first_->deepest());
            }
            if (spent_.steps >= budget_.steps) {
                break;
            }
            drop_those_without_room();
        }
        return verdict;
    }

    [[nodiscard]] const Spent& spent() const { return spent_; }

    /// Events that some order explains, from the first on.
    [[nodiscard]] std::size_t explained() const { return explained_; }

  private:
    template <class Search>
    std::optional<Verdict> take_turn(Search& search, std::uint64_t turn) {
        const std::uint64_t before = search.steps();
        const std::uint64_t left = budget_.steps - std::min(budget_.steps, spent_.steps);
        const auto verdict = search.run(std::min(turn, left), room());
        spent_.steps += search.steps() - before;
        spent_.bytes = std::max<std::uint64_t>(spent_.bytes,
                                               input_.bytes() + (layered_ ? layered_->bytes() : 0) +
                                                   (depth_first_ ? depth_first_->bytes() : 0));
        return verdict;
    }

    /// For one search. The input grows too, as states are found.
    [[nodiscard]] std::size_t room() const {
        const std::uint64_t left = budget_.bytes - std::min(budget_.bytes, input_.bytes());
        return layered_ && depth_first_ ? left / 2 : left;
    }

    void catch_up() {
        if (!layered_ || layered_->position() <= depth_first_->deepest()) {
            return;
        }
        const std::vector<Word> rows = layered_->layer(roots_max);
        if (!rows.empty()) {
            depth_first_->restart(layered_->position(), rows);
        }
    }

    /// One that has no room left leaves its own to the other.
    void drop_those_without_room() {
        if (layered_ && layered_->out_of_room()) {
            layered_.reset();
        } else if (depth_first_ && depth_first_->out_of_room()) {
            depth_first_.reset();
        }
    }

    SearchInput& input_;
    const Budget& budget_;
    std::optional<LayeredSearch> layered_;
    std::optional<DepthFirstSearch> depth_first_;
    std::size_t explained_ = 0;
    Spent spent_;
};

/// "steps are spent (50000000): 812 of 1000 completions are explained".
std::string what_ran_out(const SearchInput& input, const Race& race, const Budget& budget) {
    const auto completes = [](const SearchEvent& event) {
        return event.type == SearchEvent::Type::complete;
    };
    const auto explained = input.events.begin() + static_cast<std::ptrdiff_t>(race.explained());
    const bool steps = race.spent().steps >= budget.steps;
    return fmt::format(
        "{} of the search are spent ({}): the first {} of {} completions of the key "
        "can be explained",
        steps ? "the steps" : "the bytes",
        steps ? budget.steps : budget.bytes,
        std::count_if(input.events.begin(), explained, completes),
        std::count_if(input.events.begin(), input.events.end(), completes));
}

}  // namespace

EngineResult search(const KeyProblem& problem, const Budget& budget, SearchMethod method) {
    EngineResult result;
    SearchInput input(problem);
    Race race(input, budget, method);
    const std::optional<Verdict> verdict = race.run();
    result.verdict = verdict.value_or(Verdict::unknown);
    if (!verdict) {
        result.reason = what_ran_out(input, race, budget);
    }
    result.spent = race.spent();
    return result;
}

}  // namespace squall::checker
