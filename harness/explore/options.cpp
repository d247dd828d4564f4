#include "harness/explore/options.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::explore {

std::uint32_t events_of(const Options& options) {
    const std::uint32_t all =
        std::accumulate(options.budgets.begin(), options.budgets.end(), std::uint32_t{0});
    return options.events == 0 ? all : std::min(all, options.events);
}

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
