// `squall compare`; see commands.hpp.
#pragma once

#include "harness/cli/commands.hpp"

namespace squall::harness::cli {

void add_compare_command(CLI::App& app, Command* chosen);

}  // namespace squall::harness::cli
