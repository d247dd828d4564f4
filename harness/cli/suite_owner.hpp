// Who works on a suite: told apart from processes of the same id after a reboot, or later.
#pragma once

#include "harness/store/results_store.hpp"

namespace squall::harness::cli {

[[nodiscard]] store::Owner this_process();

/// Whether the owner still works. On this machine the kernel tells; elsewhere a minute without a
/// heartbeat counts as dead.
[[nodiscard]] bool still_works(const store::Owner& owner,
                               store::UnixMs heartbeat,
                               store::UnixMs now);

[[nodiscard]] store::UnixMs unix_ms();

}  // namespace squall::harness::cli
