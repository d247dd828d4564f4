// A hash table from 64-bit keys to 32-bit values, made for hundreds of millions of lookups: open
// addressing, nothing is ever removed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "history/random.hpp"

namespace squall::harness::explore {

class FlatMap {
  public:
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t key) const {
        for (std::size_t at = place_of(key); slots_[at].used; at = (at + 1) & mask()) {
            if (slots_[at].key == key) {
                return slots_[at].value;
            }
        }
        return std::nullopt;
    }

    /// The key must not be there.
    void insert(std::uint64_t key, std::uint32_t value) {
        if (++size_ * 2 > slots_.size()) {
            std::vector<Slot> old(slots_.size() * 2);
            old.swap(slots_);
            for (const Slot& slot : old) {
                if (slot.used) {
                    put(slot);
                }
            }
        }
        put({key, value, true});
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = 0;
        bool used = false;
    };

    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

    [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
        return history::mix(key) & mask();
    }

    void put(const Slot& slot) {
        std::size_t at = place_of(slot.key);
        while (slots_[at].used) {
            at = (at + 1) & mask();
        }
        slots_[at] = slot;
    }

    std::vector<Slot> slots_ = std::vector<Slot>(1024);
    std::size_t size_ = 0;
};

}  // namespace squall::harness::explore
