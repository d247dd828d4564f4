// Other chances for the same candidate: what a plan leaves out changes which messages there are,
// and with them who is late and who wins an election, so that a smaller plan may fail under another
// seed of network, disks and timers only. Pure.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/shrink/passes.hpp"

namespace squall::harness::shrink {

/// The pass, each candidate of which is tried under the seed of the smallest plan so far and then
/// under the `draws` seeds after it, until it fails under one. Only where one run of a plan tells.
[[nodiscard]] std::unique_ptr<Pass> redrawn(std::unique_ptr<Pass> pass, std::uint64_t draws);

}  // namespace squall::harness::shrink
