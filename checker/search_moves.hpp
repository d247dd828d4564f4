// What can come next in a search: configurations, and the ways on from one. Both searches walk the
// same graph by these rules; they differ in the order in which they do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/frontier.hpp"
#include "checker/search_input.hpp"

namespace squall::checker {

/// A configuration is a row of words:
///   the state;
///   a bit for each open operation that was used up;
///   a bit for each open operation that is still owed: it must take effect before it completes;
///   how many crashed operations of each lane's kind were used.
/// An operation that is neither owed nor used up could have taken effect at a moment at which
/// nobody would have noticed, and may still be used where somebody does. So one row is at least as
/// good as another in the same state that has used up, owes and used no less.
using Word = std::uint32_t;

/// One way on from a configuration.
struct Move {
    enum class Type : std::uint8_t { open, crashed, pass };

    Type type = Type::open;
    std::uint32_t kind = 0;
    std::uint32_t place = 0;  ///< Slot or lane.
};

class SearchMoves {
  public:
    /// Both outlive the object.
    SearchMoves(SearchInput& input, const Frontier& frontier);

    [[nodiscard]] std::size_t row_words() const { return row_words_; }

    /// Words of a row before the counts.
    [[nodiscard]] std::size_t key_words() const { return key_words_; }

    void begin(Word* row) const;

    /// Takes the row past the frontier's event, before the frontier itself. A completion only if
    /// `may_pass`.
    void pass(Word* row) const;

    /// To be called where a row has come to the frontier's event.
    void arrive(Word* row) const;

    /// The completing operation is not owed.
    [[nodiscard]] bool may_pass(const Word* row) const;

    /// The completing operation is not owed, but using it at the last moment might be better.
    [[nodiscard]] bool may_commit(const Word* row) const;

    /// Makes the completing operation owed again.
    void commit(Word* row) const;

    /// Takes `commit` back.
    void uncommit(Word* row) const;

    /// Appends the ways on from a row that owes the completing operation, the most promising first.
    void find(const Word* row, std::vector<Move>& moves) const;

    /// False if the operation does not apply or would change nothing. Not for `Move::Type::pass`.
    bool make(const Word* from, const Move& move, Word* to) const;

    /// Whatever `b` can still become, so can `a`.
    [[nodiscard]] bool no_worse(const Word* a, const Word* b) const;

  private:
    [[nodiscard]] bool used(const SearchOperation& operation, const Word* row) const;
    [[nodiscard]] bool owed(const SearchOperation& operation, const Word* row) const;
    void no_longer_owed(const SearchOperation& operation, Word* row) const;
    [[nodiscard]] StateId settled(StateId state, history::EventIndex now) const;
    void release_if_unnoticed(const SearchOperation& operation, Word* row) const;
    bool hide(StateId before, Word* to) const;
    [[nodiscard]] bool can_hide(const SearchOperation& operation) const;
    [[nodiscard]] bool can_leave(const Word* row, const SearchOperation*& only) const;
    [[nodiscard]] bool can_reach(const Word* row, StateId value) const;
    [[nodiscard]] std::size_t hidden_rivals(const Word* row) const;
    [[nodiscard]] bool equal_before(const Word* row, std::size_t place) const;
    [[nodiscard]] bool equal_open(const Word* row, std::uint32_t kind) const;
    [[nodiscard]] bool noticed(const Word* row, std::uint32_t kind) const;

    SearchInput& input_;
    const Frontier& frontier_;
    std::size_t mask_words_;
    std::size_t key_words_;
    std::size_t row_words_;
};

}  // namespace squall::checker
