#include "checker/state_table.hpp"

#include <utility>

#include "history/random.hpp"

namespace squall::checker {

namespace {

constexpr std::size_t entries_min = 64;

}  // namespace

std::size_t TransitionTable::place_of(std::uint32_t kind, StateId state) const {
    const std::size_t last = entries_.size() - 1;
    std::size_t place = history::mix((std::uint64_t{kind} << 32U) | state) & last;
    while (entries_[place].state != no_state &&
           (entries_[place].state != state || entries_[place].kind != kind)) {
        place = (place + 1) & last;
    }
    return place;
}

StateId& TransitionTable::at(std::uint32_t kind, StateId state, bool& is_new) {
    if (2 * size_ >= entries_.size()) {
        std::vector<Entry> old(entries_.empty() ? entries_min : 2 * entries_.size());
        std::swap(old, entries_);
        for (const Entry& entry : old) {
            if (entry.state != no_state) {
                entries_[place_of(entry.kind, entry.state)] = entry;
            }
        }
    }
    Entry& entry = entries_[place_of(kind, state)];
    is_new = entry.state == no_state;
    if (is_new) {
        entry = {kind, state, no_state};
        ++size_;
    }
    return entry.after;
}

}  // namespace squall::checker
