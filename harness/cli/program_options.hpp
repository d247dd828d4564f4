// Flags for systems whose program is the user's: those that Maelstrom's users know, and hints.
#pragma once

#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/systems/system.hpp"

namespace CLI {
class App;
}

namespace squall::harness::cli {

struct ProgramOptions {
    std::string program;
    std::vector<std::string> arguments;  ///< After `--`.
    double latency_ms = 0;
    double election_timeout_s = 0;  ///< 0: not given.
    std::string leader_pattern;
};

void add_program_options(CLI::App& command, ProgramOptions& options);

/// Puts them into the plan. Throws UsageError when the system does not take them, or needs one that
/// is not given.
void apply_program_options(const ProgramOptions& options,
                           const systems::System& system,
                           Plan& plan);

/// Takes `clock` from the fault classes of a program whose clocks cannot be ruled, and says so.
void leave_out_clocks_out_of_reach(Plan& plan);

/// "12", or "2n" for twice the number of nodes. Throws UsageError.
[[nodiscard]] std::uint32_t read_concurrency(const std::string& text, std::uint32_t nodes);

}  // namespace squall::harness::cli
