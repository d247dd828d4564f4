// Byte strings, each kept once and numbered from 0 in the order in which they came. Exact: strings
// are compared, not only their hashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace squall::harness::explore {

class Interner {
  public:
    /// The string's number, and whether it is new. Throws Failure beyond 2^32 - 2 strings.
    std::pair<std::uint32_t, bool> intern(std::string_view bytes);

    /// Valid until the object dies.
    [[nodiscard]] std::string_view operator[](std::uint32_t id) const;

    [[nodiscard]] std::size_t size() const { return places_.size(); }

    /// Of memory, as far as it is known.
    [[nodiscard]] std::size_t bytes() const;

  private:
    static constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;

    /// Upper half: of the hash; lower half: number + 1. 0: free.
    using Slot = std::uint64_t;

    [[nodiscard]] std::size_t place_of(Slot slot) const {
        return (slot >> 32U) & (slots_.size() - 1);
    }

    void grow();
    [[nodiscard]] std::uint64_t keep(std::string_view bytes);

    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t used_ = chunk_bytes;     ///< Of the last chunk.
    std::vector<std::uint64_t> places_;  ///< By number: chunk * chunk_bytes + offset.
    std::vector<Slot> slots_ = std::vector<Slot>(1024);
};

}  // namespace squall::harness::explore
