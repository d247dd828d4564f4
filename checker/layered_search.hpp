// Layered just-in-time search (Lowe, Testing for linearizability, 2017): sweep the events, keep
// every configuration that the history so far allows, and at a completion let just enough take
// effect for the completing operation to have done so. Memory depends on how much is concurrent,
// not on the length; where nothing is open only states are left, so that quiescent points cut the
// history by themselves. Decides bad histories soonest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/check.hpp"
#include "checker/configuration_set.hpp"
#include "checker/search_moves.hpp"

namespace squall::checker {

class LayeredSearch {
  public:
    /// The input outlives the search.
    explicit LayeredSearch(SearchInput& input);

    /// Goes on until it is decided (*valid*, *invalid*), or nothing: `steps` more are done, or it
    /// would take more than `bytes`, together with what the input grows by.
    [[nodiscard]] std::optional<Verdict> run(std::uint64_t steps, std::size_t bytes);

    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    [[nodiscard]] std::size_t bytes() const;

    /// The last `run` stopped for want of bytes.
    [[nodiscard]] bool out_of_room() const { return out_of_room_; }

    /// Events that are explained.
    [[nodiscard]] std::size_t position() const { return frontier_.position(); }

    /// The configurations there, one after the other: nothing while the next layer is made from
    /// them, unless they are at most `rows_max`.
    [[nodiscard]] std::vector<Word> layer(std::size_t rows_max);

  private:
    void pass_event();
    void begin_completion();
    bool work(std::uint64_t steps_end, std::size_t bytes);
    void keep();
    void expand(const Word* from);
    void finish_completion();
    void thin();

    SearchInput& input_;
    Frontier frontier_;
    SearchMoves moves_;
    ConfigurationSet layer_;    ///< What the history so far allows.
    ConfigurationSet next_;     ///< The next layer while it is made.
    ConfigurationSet pending_;  ///< Owe the completing operation still.
    std::vector<Word> to_;
    std::vector<Word> passed_;
    std::vector<Move> ways_;
    std::vector<std::size_t> alive_;
    bool completing_ = false;
    std::size_t layer_done_ = 0;
    std::size_t pending_done_ = 0;
    std::size_t input_bytes_ = 0;  ///< When the last `run` began.
    bool out_of_room_ = false;
    std::uint64_t steps_ = 0;
};

}  // namespace squall::checker
