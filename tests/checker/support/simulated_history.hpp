// Histories of objects that really are atomic, simulated: clients that call all the time, every
// operation taking effect at a random moment while it is open, a crashed one later or never. Pure
// and seeded; for benchmarks as well as for tests. And ways to spoil them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "history/compact_history.hpp"

namespace squall::checker::testing {

enum class Simulated : std::uint8_t {
    cell,  ///< cas-register: half reads, a quarter writes, a quarter cas.
    text,  ///< kv: 4 of 10 get, 1 puts, 5 append; up to 200 characters, then put.
    list   ///< append-list: half reads.
};

struct SimulatedShape {
    Simulated object = Simulated::cell;
    std::uint64_t seed = 0;
    std::size_t operations = 1000;
    std::size_t clients = 5;
    std::size_t keys = 1;
    double crash = 0;          ///< Of all operations; only mutations do.
    std::uint64_t values = 0;  ///< Of a cell: size of the value domain; 0: every value is new.
    double deletes = 0;        ///< Of a cell's writes.
    double unrecorded = 0;     ///< Of the results.
};

[[nodiscard]] history::CompactHistory simulate(const SimulatedShape& shape);

/// Makes one read in the second half return what was certainly overwritten before it began. False
/// if there is no place for it.
[[nodiscard]] bool make_stale(history::CompactHistory& history);

/// Changes a result, an outcome or a completion, at random; what comes out may be valid or not.
void spoil(history::CompactHistory& history, std::uint64_t seed);

}  // namespace squall::checker::testing
