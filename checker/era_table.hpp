// Which era a value stands for: a hash table from value to era, made for values that are numbered
// in order of appearance.
#pragma once

#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

#include "checker/zone_input.hpp"
#include "history/value_table.hpp"

namespace squall::checker {

class EraTable {
  public:
    /// Room for `values` of them at first.
    explicit EraTable(std::size_t values)
        : entries_(std::bit_ceil(values * 2 + 2), {0, no_era}), mask_(entries_.size() - 1) {}

    [[nodiscard]] EraId find(history::ValueId value) const {
        return entries_[place_of(value)].second;
    }

    /// False if there is one already.
    bool insert(history::ValueId value, EraId era) {
        const std::size_t place = place_of(value);
        if (entries_[place].second != no_era) {
            return false;
        }
        entries_[place] = {value, era};
        if (++used_ * 2 > entries_.size()) {
            grow();
        }
        return true;
    }

  private:
    using Entry = std::pair<history::ValueId, EraId>;

    /// Neighbours in number stay neighbours in memory.
    [[nodiscard]] std::size_t place_of(history::ValueId value) const {
        std::size_t place = value & mask_;
        while (entries_[place].second != no_era && entries_[place].first != value) {
            place = (place + 1) & mask_;
        }
        return place;
    }

    void grow() {
        std::vector<Entry> old(entries_.size() * 2, {0, no_era});
        old.swap(entries_);
        mask_ = entries_.size() - 1;
        for (const Entry& entry : old) {
            if (entry.second != no_era) {
                entries_[place_of(entry.first)] = entry;
            }
        }
    }

    std::vector<Entry> entries_;
    std::size_t mask_;
    std::size_t used_ = 0;
};

}  // namespace squall::checker
