// Which key an operation is about: `keys` columns of keys are in use at a time. A column moves on
// to its next key after each slot has made its share of the operations; the columns do so one after
// the other, so that no moment has only fresh keys.
#pragma once

#include <algorithm>
#include <cstdint>

#include "workloads/workload.hpp"

namespace squall::workloads {

class KeyColumns {
  public:
    explicit KeyColumns(const GeneratorConfig& config)
        : keys_(config.keys),
          ordinals_per_key_(std::max<std::uint64_t>(
              1, std::uint64_t{config.keys} * config.operations_per_key / config.slots)) {}

    /// The key that operation `ordinal` of a slot finds in the column.
    [[nodiscard]] std::uint64_t key(std::uint64_t column, std::uint64_t ordinal) const {
        const std::uint64_t offset = column * ordinals_per_key_ / keys_;
        return (ordinal + offset) / ordinals_per_key_ * keys_ + column;
    }

  private:
    std::uint64_t keys_;
    std::uint64_t ordinals_per_key_;
};

}  // namespace squall::workloads
