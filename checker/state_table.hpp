// The states of one search as small numbers, and what operations make of them. The model is asked
// once for each pair of a state and a kind of operation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "checker/model.hpp"
#include "history/value_table.hpp"

namespace squall::checker {

using StateId = std::uint32_t;

/// Stands for every state that nobody will tell apart from another such state any more.
inline constexpr StateId unobservable = 0;
inline constexpr StateId no_state = std::numeric_limits<StateId>::max();

class StateTable {
  public:
    /// From 1 on, in order of appearance.
    StateId intern(const Model::State& state) { return values_.intern(state) + 1; }

    [[nodiscard]] Model::State at(StateId id) const { return values_.value(id - 1); }

    /// Ids are below this.
    [[nodiscard]] std::size_t size() const { return values_.size() + 1; }

    /// The list with one more element at its end.
    StateId append(StateId list, StateId element) {
        return values_.append(list - 1, element - 1) + 1;
    }

    /// By ids one less than those of states.
    [[nodiscard]] const history::ValueTable& values() const { return values_; }

    /// Including what the table may need for a moment when it grows.
    [[nodiscard]] std::size_t bytes() const { return values_.bytes() * 3 / 2; }

  private:
    history::ValueTable values_;
};

/// What became of (kind, state): open addressing over pairs.
class TransitionTable {
  public:
    /// The place of the pair's result; `is_new` says that it was not there. Valid until the next
    /// call.
    StateId& at(std::uint32_t kind, StateId state, bool& is_new);

    /// Including what the next call may need for a moment.
    [[nodiscard]] std::size_t bytes() const {
        const bool full = 2 * (size_ + 1) >= entries_.size();
        return entries_.capacity() * sizeof(Entry) * (full ? 3 : 1);
    }

  private:
    struct Entry {
        std::uint32_t kind = 0;
        StateId state = no_state;  ///< `no_state`: an empty place.
        StateId after = no_state;
    };

    [[nodiscard]] std::size_t place_of(std::uint32_t kind, StateId state) const;

    std::vector<Entry> entries_;
    std::size_t size_ = 0;
};

}  // namespace squall::checker
