// Can the clocks of a program be ruled by preloading the shim, and with which environment? Looks at
// the program's file, runs nothing.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace squall::harness::process {

/// Why not, with a remedy; nothing when they can.
[[nodiscard]] std::optional<std::string> clock_problem(const std::string& program,
                                                       const std::string& shim);

/// Added to the environment of the node alone. `page` is ClockControl's path.
[[nodiscard]] std::map<std::string, std::string> clock_environment(const std::string& shim,
                                                                   const std::string& page);

/// libsquall_clock.so beside the program that runs now.
[[nodiscard]] std::string default_clock_shim();

}  // namespace squall::harness::process
