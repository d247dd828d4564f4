// How both sides of a comparison are run: built from revisions, or as the commands that were named.
#pragma once

#include <string>

#include "harness/cli/compare_build.hpp"
#include "harness/cli/compare_options.hpp"
#include "harness/cli/compare_processes.hpp"
#include "harness/cli/compare_session.hpp"

namespace squall::harness::cli {

struct ComparedSides {
    BuiltSide base;
    BuiltSide patch;
    RealSide real_base;
    RealSide real_patch;

    /// Both have a simulator.
    [[nodiscard]] bool simulated() const {
        return !base.simulator.empty() && !patch.simulator.empty();
    }
};

/// Fills in what the session says of the sides. Equal trees are not built. Throws UsageError,
/// BuildError, Failure and Interrupted.
[[nodiscard]] ComparedSides build_sides(const CompareOptions& options,
                                        const std::string& scratch,
                                        CompareSession& session);

/// The same for commands.
[[nodiscard]] ComparedSides named_sides(const CompareOptions& options, CompareSession& session);

}  // namespace squall::harness::cli
