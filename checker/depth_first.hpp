// Depth-first search with memory (Wing and Gong 1993, Lowe 2017): follows one explanation as far as
// it goes and returns to the last choice where it fails. Iterative. A configuration speaks of the
// open operations alone, so that remembering one costs as much at the end of a long history as at
// its beginning. Finds the explanation of a good history soonest, most of all where crashed
// operations could have taken effect almost anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/check.hpp"
#include "checker/failure_memo.hpp"
#include "checker/search_moves.hpp"

namespace squall::checker {

class DepthFirstSearch {
  public:
    /// The input outlives the search.
    explicit DepthFirstSearch(SearchInput& input);

    /// Goes on until it is decided (*valid*, *invalid*), or nothing: `steps` more are done, or it
    /// would take more than `bytes`, together with what the input grows by.
    [[nodiscard]] std::optional<Verdict> run(std::uint64_t steps, std::size_t bytes);

    /// Begins anew after `position` events, where the history is explained by one of `rows` or not
    /// at all.
    void restart(std::size_t position, std::span<const Word> rows);

    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    [[nodiscard]] std::size_t bytes() const;

    /// The last `run` stopped for want of bytes.
    [[nodiscard]] bool out_of_room() const { return out_of_room_; }

    /// Events that some explanation explains, at most.
    [[nodiscard]] std::size_t deepest() const { return deepest_; }

  private:
    /// A choice: the row's ways on are those of the choices' `ways_` from `first` on.
    struct Choice {
        std::uint32_t position = 0;
        std::uint32_t next = 0;  ///< Of the ways, the next to be tried.
    };

    enum class Arrival : std::uint8_t { end, choice, failed };

    Arrival advance();
    void choose();
    void leave();
    bool take_next_way();

    SearchInput& input_;
    Frontier frontier_;
    SearchMoves moves_;
    FailureMemo failures_;
    std::vector<Choice> choices_;
    std::vector<Word> rows_;           ///< Of the choices, one after the other.
    std::vector<Move> ways_;           ///< Of the choices, one after the other.
    std::vector<std::uint32_t> ends_;  ///< By choice: where its ways end.
    std::vector<Word> roots_;          ///< Not begun yet.
    std::size_t root_position_ = 0;
    std::vector<Word> to_;
    bool out_of_room_ = false;
    std::uint64_t steps_ = 0;
    std::size_t deepest_ = 0;
};

}  // namespace squall::checker
