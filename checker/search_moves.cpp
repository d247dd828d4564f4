#include "checker/search_moves.hpp"

#include <algorithm>

namespace squall::checker {

using history::EventIndex;

namespace {

Word bit(const SearchOperation& operation) {
    return Word{1} << (operation.slot % 32);
}

}  // namespace

SearchMoves::SearchMoves(SearchInput& input, const Frontier& frontier)
    : input_(input),
      frontier_(frontier),
      mask_words_((input.slots + 31) / 32),
      key_words_(1 + 2 * mask_words_),
      row_words_(key_words_ + input.lanes) {}

bool SearchMoves::used(const SearchOperation& operation, const Word* row) const {
    return (row[1 + operation.slot / 32] & bit(operation)) != 0;
}

bool SearchMoves::owed(const SearchOperation& operation, const Word* row) const {
    return (row[1 + mask_words_ + operation.slot / 32] & bit(operation)) != 0;
}

void SearchMoves::no_longer_owed(const SearchOperation& operation, Word* row) const {
    row[1 + mask_words_ + operation.slot / 32] &= ~bit(operation);
}

/// All states that nobody will ask for any more are one.
StateId SearchMoves::settled(StateId state, EventIndex now) const {
    return state != unobservable && input_.useless_after(state, now) ? unobservable : state;
}

void SearchMoves::begin(Word* row) const {
    std::fill_n(row, row_words_, Word{0});
    row[0] = settled(input_.initial, 0);
}

// ---- along the events

void SearchMoves::pass(Word* row) const {
    const SearchEvent& event = frontier_.event();
    if (event.type == SearchEvent::Type::invoke) {
        const SearchOperation& operation = input_.operations[event.subject];
        row[1 + mask_words_ + operation.slot / 32] |= bit(operation);
        release_if_unnoticed(operation, row);
        return;
    }
    if (event.type == SearchEvent::Type::expire) {
        row[key_words_ + input_.lane_of[event.subject]] = 0;
        return;
    }
    if (event.type == SearchEvent::Type::crash) {
        return;
    }
    const SearchOperation& operation = input_.operations[event.subject];
    row[1 + operation.slot / 32] &= ~bit(operation);
    no_longer_owed(operation, row);
    const StateId state = settled(row[0], event.index + 1);
    if (state != row[0]) {
        row[0] = state;
        for (const SearchOperation* other : frontier_.open()) {
            release_if_unnoticed(*other, row);
        }
    }
    // Already here, so that rows which differ in nothing that matters are equal at once.
    for (std::size_t i = frontier_.position() + 1;
         i < input_.events.size() && input_.events[i].type == SearchEvent::Type::expire;
         ++i) {
        row[key_words_ + input_.lane_of[input_.events[i].subject]] = 0;
    }
}

void SearchMoves::arrive(Word* row) const {
    if (frontier_.event().type == SearchEvent::Type::complete) {
        release_if_unnoticed(*frontier_.open().front(), row);
    }
}

bool SearchMoves::may_pass(const Word* row) const {
    return frontier_.event().type != SearchEvent::Type::complete ||
           !owed(*frontier_.open().front(), row);
}

bool SearchMoves::may_commit(const Word* row) const {
    if (frontier_.event().type != SearchEvent::Type::complete) {
        return false;
    }
    const SearchOperation& completing = *frontier_.open().front();
    const Kind& kind = input_.kinds[completing.kind];
    return !owed(completing, row) && !used(completing, row) && !kind.read &&
           (!input_.effects || input_.wanted_until(kind.writes) > completing.completed);
}

void SearchMoves::commit(Word* row) const {
    const SearchOperation& completing = *frontier_.open().front();
    row[1 + mask_words_ + completing.slot / 32] |= bit(completing);
}

void SearchMoves::uncommit(Word* row) const {
    no_longer_owed(*frontier_.open().front(), row);
}

/// What fits and changes nothing can have taken effect now: no longer owing it never hurts.
void SearchMoves::release_if_unnoticed(const SearchOperation& operation, Word* row) const {
    const Kind& kind = input_.kinds[operation.kind];
    if ((kind.always_noticed && row[0] != unobservable) || !owed(operation, row)) {
        return;
    }
    const StateId after = input_.transition(operation.kind, row[0]);
    if (after != no_state &&
        (after == row[0] || settled(after, frontier_.event().index) == row[0])) {
        no_longer_owed(operation, row);
    }
}

bool SearchMoves::no_worse(const Word* a, const Word* b) const {
    if (a[0] != b[0]) {
        return false;
    }
    for (std::size_t i = 1; i < key_words_; ++i) {
        if ((a[i] & ~b[i]) != 0) {
            return false;
        }
    }
    for (std::size_t i = key_words_; i < row_words_; ++i) {
        if (a[i] > b[i]) {
            return false;
        }
    }
    return true;
}

// ---- the ways on

bool SearchMoves::make(const Word* from, const Move& move, Word* to) const {
    const StateId before = from[0];
    StateId after = input_.transition(move.kind, before);
    if (after == no_state) {
        return false;
    }
    after = settled(after, frontier_.event().index);
    const bool overwrites = input_.kinds[move.kind].overwrites;
    if (after == before && !overwrites) {
        return false;
    }
    std::copy_n(from, row_words_, to);
    to[0] = after;
    if (move.type == Move::Type::crashed) {
        ++to[key_words_ + move.place];
    } else {
        const Word mask = Word{1} << (move.place % 32);
        to[1 + move.place / 32] |= mask;
        to[1 + mask_words_ + move.place / 32] &= ~mask;
    }
    const bool hides = overwrites && hide(before, to);
    if (after == before) {
        return hides;
    }
    for (const SearchOperation* other : frontier_.open()) {
        release_if_unnoticed(*other, to);
    }
    return true;
}

/// A value that one operation writes and that is asked for must be left in the state.
bool SearchMoves::can_hide(const SearchOperation& operation) const {
    const Kind& kind = input_.kinds[operation.kind];
    return !kind.read && (!input_.effects || input_.facts[kind.writes].writers > 1 ||
                          input_.facts[kind.writes].observers == 0);
}

/// Something overwrites the state: directly before it everything that applies in any state could
/// have taken effect, and ahead of that one operation that applies in the state before. False if
/// there is none.
bool SearchMoves::hide(StateId before, Word* to) const {
    bool hides = false;
    const SearchOperation* rival = nullptr;
    std::size_t rivals = 0;
    for (const SearchOperation* operation : frontier_.open()) {
        if (!owed(*operation, to) || !can_hide(*operation)) {
            continue;
        }
        if (input_.kinds[operation->kind].always) {
            no_longer_owed(*operation, to);
            hides = true;
        } else if (input_.transition(operation->kind, before) != no_state) {
            rival = operation;
            ++rivals;
        }
    }
    if (rivals == 1) {
        no_longer_owed(*rival, to);
    }
    return hides || rivals == 1;
}

}  // namespace squall::checker
