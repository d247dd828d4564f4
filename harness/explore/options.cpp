#include "harness/explore/options.hpp"

#include <optional>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::explore {

void enable_bug(Options& options, std::string_view slug) {
    using raft::zoo::Bug;
    if (!raft::zoo::Bugs::compiled_in) {
        throw UsageError(
            fmt::format("bug '{}': this build has none; build with SQUALL_ZOO=ON", slug));
    }
    const std::optional<Bug> bug = raft::zoo::find(slug);
    if (!bug) {
        throw UsageError(fmt::format("bug '{}' is not known; `squall list` names them", slug));
    }
    options.bugs.enable(*bug);
    // Whose neighbours a node has depends on its name.
    options.symmetric_bugs = options.symmetric_bugs && *bug != Bug::local_quorum;
}

}  // namespace squall::harness::explore
