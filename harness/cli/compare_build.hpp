// Builds one side: the simulator and the node program of a tree, with the same flags on both sides.
// Finished programs are kept in the cache, by the tree they were made from. So is one build tree,
// which is changed from one side to the next: only what differs is compiled. Who finds it in use
// builds in its own scratch directory, from nothing but what ccache has.
#pragma once

#include <atomic>
#include <string>

#include "harness/cli/compare_trees.hpp"

namespace squall::harness::cli {

struct BuiltSide {
    std::string node;       ///< raft-node.
    std::string simulator;  ///< squall-runner; empty: it could not be built.
    std::string problem;    ///< Why it could not.
    bool from_cache = false;
};

/// A side does not compile: what the compiler said.
class BuildError {
  public:
    BuildError(std::string side, std::string what)
        : side_(std::move(side)), what_(std::move(what)) {}

    /// "the patch, fix.patch,"
    [[nodiscard]] const std::string& side() const { return side_; }

    /// Lines, each with its end.
    [[nodiscard]] const std::string& what() const { return what_; }

  private:
    std::string side_;
    std::string what_;
};

struct BuildOptions {
    std::string role;  ///< "base" or "patch".
    std::string cache;
    std::string scratch;
    std::string log;  ///< Of this side, in the comparison's directory.
    unsigned jobs = 2;
    const std::atomic<int>* stop_requests = nullptr;
};

/// Throws BuildError when raft-node cannot be built, Failure when nothing could be.
[[nodiscard]] BuiltSide build_side(GitCheckout& checkout,
                                   const compare::Side& side,
                                   const BuildOptions& options);

}  // namespace squall::harness::cli
