// Times that people give on the command line.
#pragma once

#include <chrono>
#include <string>

namespace squall::harness::cli {

/// "90", "90s", "5m", "1h", "1.5m". Throws UsageError naming the flag.
[[nodiscard]] std::chrono::nanoseconds read_budget(const std::string& flag,
                                                   const std::string& text);

}  // namespace squall::harness::cli
