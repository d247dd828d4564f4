// Random small histories of every model: valid ones, from objects that really are atomic, and ones
// that were tampered with, which may be anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/model.hpp"
#include "history/operation.hpp"
#include "history/random.hpp"

namespace squall::checker::testing {

/// Steps through one stream of chance.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : stream_(seed, "random-history") {}

    std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, 0, next_++); }

    bool one_in(std::uint64_t bound) { return below(bound) == 0; }

  private:
    history::Stream stream_;
    std::uint64_t next_ = 0;
};

struct RandomShape {
    const Model* model = nullptr;
    history::Value initial;
    std::uint64_t seed = 0;
    std::size_t operations = 8;
    std::size_t concurrency = 3;  ///< 1: one after the other.
    std::uint64_t keys = 1;
    std::uint64_t values = 0;      ///< Size of the domain; 0: every value is new.
    std::uint64_t crash = 0;       ///< Of a hundred mutations.
    std::uint64_t unrecorded = 0;  ///< Of a hundred results.
};

/// A shape drawn from the seed, for the model.
[[nodiscard]] RandomShape draw_shape(const Model& model, std::uint64_t seed);

/// Linearizable: every operation takes effect at one moment between its invocation and its
/// completion, one that crashed at some later moment or never.
[[nodiscard]] std::vector<history::Operation> random_valid(const RandomShape& shape);

/// Changes results, outcomes and the order of events here and there.
void tamper(std::vector<history::Operation>& operations, std::uint64_t seed);

[[nodiscard]] std::string listing(const std::vector<history::Operation>& operations);

}  // namespace squall::checker::testing
