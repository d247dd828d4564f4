// What `squall zoo` was asked for.
#pragma once

#include <cstdint>
#include <string>

namespace squall::harness::cli {

struct ZooOptions {
    std::string tier = "sim";
    std::string bug;  ///< Empty: all.
    std::uint64_t tries = 1;
    std::uint64_t seeds = 2000;       ///< Of each try, at most.
    std::uint64_t alone_seeds = 500;  ///< For each detector alone, at most.
    double seconds_max = 0;           ///< Of each try; 0: no bound.
    double shrink_seconds_max = 0;  ///< On real processes, of each conviction; 0: not shrunk there.
    std::uint64_t seed = 1;
    unsigned jobs = 2;
    bool no_alone = false;
    bool no_shrink = false;

    [[nodiscard]] bool simulated() const { return tier == "sim"; }

    [[nodiscard]] bool shrinks() const { return simulated() ? !no_shrink : shrink_seconds_max > 0; }
};

}  // namespace squall::harness::cli
