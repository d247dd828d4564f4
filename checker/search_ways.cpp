// The part of the search's moves that says which operations are worth trying next.
#include <algorithm>
#include <cstddef>

#include "checker/search_moves.hpp"

namespace squall::checker {

/// How many operations compete for the one place that `hide` has.
std::size_t SearchMoves::hidden_rivals(const Word* row) const {
    const auto& open = frontier_.open();
    return static_cast<std::size_t>(
        std::count_if(open.begin(), open.end(), [&](const SearchOperation* operation) {
            return owed(*operation, row) && can_hide(*operation) &&
                   !input_.kinds[operation->kind].always &&
                   input_.transition(operation->kind, row[0]) != no_state;
        }));
}

/// A value that was written once is lost when it is overwritten. So all its observers must have
/// taken effect by then, at the latest by overwriting it themselves: then `only` that one may.
bool SearchMoves::can_leave(const Word* row, const SearchOperation*& only) const {
    const StateId state = row[0];
    if (!input_.effects || state == unobservable || input_.facts[state].writers > 1) {
        return true;
    }
    if (input_.facts[state].last_observer_invoked > frontier_.event().index) {
        return false;
    }
    for (const SearchOperation* operation : frontier_.open()) {
        if (input_.kinds[operation->kind].observes == state && owed(*operation, row)) {
            if (only != nullptr) {
                return false;
            }
            only = operation;
        }
    }
    return true;
}

/// Is there anything left that writes the value?
bool SearchMoves::can_reach(const Word* row, StateId value) const {
    const auto& open = frontier_.open();
    const auto& crashed = frontier_.crashed();
    return std::any_of(open.begin(),
                       open.end(),
                       [&](const SearchOperation* operation) {
                           return input_.kinds[operation->kind].writes == value &&
                                  !used(*operation, row);
                       }) ||
           std::any_of(crashed.begin(), crashed.end(), [&](const Crashed& some) {
               return input_.kinds[some.kind].writes == value &&
                      row[key_words_ + some.lane] < some.available;
           });
}

/// Of equal open operations the one that completes first goes first: exchanging them changes
/// nothing else. Not if only the other one is still owed.
bool SearchMoves::equal_before(const Word* row, std::size_t place) const {
    const auto& open = frontier_.open();
    const SearchOperation& operation = *open[place];
    return std::any_of(open.begin(),
                       open.begin() + static_cast<std::ptrdiff_t>(place),
                       [&](const SearchOperation* other) {
                           return other->kind == operation.kind && !used(*other, row) &&
                                  (owed(*other, row) || !owed(operation, row));
                       });
}

bool SearchMoves::equal_open(const Word* row, std::uint32_t kind) const {
    const auto& open = frontier_.open();
    return std::any_of(open.begin(), open.end(), [&](const SearchOperation* other) {
        return other->kind == kind && !used(*other, row);
    });
}

/// Does something that could go next depend on what the kind leaves? Otherwise going now is the
/// same as being hidden, or for a crashed one as never happening.
bool SearchMoves::noticed(const Word* row, std::uint32_t kind) const {
    const StateId value = input_.kinds[kind].writes;
    const auto asks = [&](const Kind& other) {
        return other.observes == value || (other.differs != no_state && other.differs != value);
    };
    const auto& open = frontier_.open();
    const auto& crashed = frontier_.crashed();
    return std::any_of(open.begin(),
                       open.end(),
                       [&](const SearchOperation* operation) {
                           const Kind& other = input_.kinds[operation->kind];
                           return asks(other) &&
                                  (other.read ? owed(*operation, row) : !used(*operation, row));
                       }) ||
           std::any_of(crashed.begin(), crashed.end(), [&](const Crashed& some) {
               return asks(input_.kinds[some.kind]) && row[key_words_ + some.lane] < some.available;
           });
}

void SearchMoves::find(const Word* row, std::vector<Move>& moves) const {
    const SearchOperation* only = nullptr;
    if (!can_leave(row, only)) {
        return;
    }
    const auto& open = frontier_.open();
    const Kind& completing = input_.kinds[open.front()->kind];
    const bool waits =
        input_.effects && completing.observes != no_state && completing.observes != row[0];
    if (waits && !can_reach(row, completing.observes)) {
        return;
    }
    const std::size_t first = moves.size();
    const bool rivals = input_.effects && hidden_rivals(row) > 1;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const SearchOperation& operation = *open[i];
        const Kind& kind = input_.kinds[operation.kind];
        if (used(operation, row) || kind.read || (only != nullptr && only != &operation) ||
            equal_before(row, i)) {
            continue;
        }
        if (i == 0 || !input_.effects || only != nullptr || (rivals && !kind.always) ||
            noticed(row, operation.kind)) {
            moves.push_back({Move::Type::open, operation.kind, operation.slot});
        }
    }
    for (const Crashed& some : frontier_.crashed()) {
        if (only == nullptr && row[key_words_ + some.lane] < some.available &&
            !equal_open(row, some.kind) && (!input_.effects || noticed(row, some.kind))) {
            moves.push_back({Move::Type::crashed, some.kind, some.lane});
        }
    }
    if (!input_.effects && input_.grows) {
        std::stable_partition(
            moves.begin() + static_cast<std::ptrdiff_t>(first), moves.end(), [&](const Move& move) {
                const StateId after = input_.transition(move.kind, row[0]);
                return after != no_state && settled(after, frontier_.event().index) != unobservable;
            });
    }
    if (waits) {
        std::stable_partition(
            moves.begin() + static_cast<std::ptrdiff_t>(first), moves.end(), [&](const Move& move) {
                return input_.kinds[move.kind].writes == completing.observes;
            });
    }
}

}  // namespace squall::checker
