#include "harness/explore/interner.hpp"

#include <cstring>
#include <functional>
#include <limits>

#include "harness/failure.hpp"
#include "history/random.hpp"

namespace squall::harness::explore {

namespace {

constexpr std::size_t length_bytes = 2;

}  // namespace

std::pair<std::uint32_t, bool> Interner::intern(std::string_view bytes) {
    const std::uint64_t hash = history::mix(std::hash<std::string_view>()(bytes));
    const Slot upper = hash & ~Slot{std::numeric_limits<std::uint32_t>::max()};
    std::size_t at = place_of(upper);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
        const Slot slot = slots_[at];
        const auto id = static_cast<std::uint32_t>(slot) - 1;
        if ((slot ^ upper) >> 32U == 0 && (*this)[id] == bytes) {
            return {id, false};
        }
    }
    if (places_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
        throw Failure("explore: more states than can be numbered");
    }
    const auto id = static_cast<std::uint32_t>(places_.size());
    places_.push_back(keep(bytes));
    slots_[at] = upper | (Slot{id} + 1);
    if (places_.size() * 4 > slots_.size() * 3) {
        grow();
    }
    return {id, true};
}

std::string_view Interner::operator[](std::uint32_t id) const {
    const std::uint64_t place = places_[id];
    const char* at = &chunks_[place / chunk_bytes][place % chunk_bytes];
    std::uint16_t size = 0;
    std::memcpy(&size, at, length_bytes);
    return {at + length_bytes, size};
}

std::uint64_t Interner::keep(std::string_view bytes) {
    if (bytes.size() > std::numeric_limits<std::uint16_t>::max()) {
        throw Failure("explore: a state is too large");
    }
    const auto size = static_cast<std::uint16_t>(bytes.size());
    const std::size_t needed = length_bytes + bytes.size();
    if (used_ + needed > chunk_bytes) {
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes));
        used_ = 0;
    }
    char* at = &chunks_.back()[used_];
    std::memcpy(at, &size, length_bytes);
    if (!bytes.empty()) {
        std::memcpy(at + length_bytes, bytes.data(), bytes.size());
    }
    const std::uint64_t place = (chunks_.size() - 1) * chunk_bytes + used_;
    used_ += needed;
    return place;
}

void Interner::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot slot : old) {
        if (slot != 0) {
            std::size_t at = place_of(slot);
            while (slots_[at] != 0) {
                at = (at + 1) & (slots_.size() - 1);
            }
            slots_[at] = slot;
        }
    }
}

std::size_t Interner::bytes() const {
    return chunks_.size() * chunk_bytes + places_.capacity() * sizeof(places_[0]) +
           slots_.size() * sizeof(Slot);
}

}  // namespace squall::harness::explore
