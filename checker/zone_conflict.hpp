// Collects the few operations that no order explains, when the block zones have found that there
// are some. Slow, a pass over the key for each, but that happens once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "checker/zone_input.hpp"

namespace squall::checker {

class ZoneConflict {
  public:
    /// All of it outlives the conflict: which eras took place, and those of all blocks, block after
    /// block.
    ZoneConflict(const ZoneInput& input,
                 const std::vector<char>& kept,
                 const std::vector<EraId>& sequence)
        : input_(input), kept_(kept), sequence_(sequence) {}

    [[nodiscard]] bool empty() const { return operations_.empty(); }

    [[nodiscard]] std::vector<history::OperationId> take() { return std::move(operations_); }

    void operation(history::OperationId operation);

    /// The mutation, and who saw that it took effect where it did.
    void era(EraId era);

    void completed_at(Moment moment);
    void invoked_at(Moment moment);

    /// What glues the eras [first, last] of the sequence to each other.
    void glue(std::size_t first, std::size_t last);

    /// The operations that would have left behind what the era's mutation expected.
    void failed_writer(EraId era);

  private:
    [[nodiscard]] EraId successor_of(EraId era) const;

    const ZoneInput& input_;
    const std::vector<char>& kept_;
    const std::vector<EraId>& sequence_;
    std::vector<history::OperationId> operations_;
};

}  // namespace squall::checker
