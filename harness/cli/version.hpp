// The version that reports carry: release and commit, written by the build.
#pragma once

namespace squall::harness::cli {

[[nodiscard]] const char* version();

}  // namespace squall::harness::cli
