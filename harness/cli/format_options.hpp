// The flags of the commands that read histories of other tools.
#pragma once

#include <string>

#include "history/formats/format.hpp"

namespace CLI {
class App;
}

namespace squall::harness::cli {

struct FormatOptions {
    std::string format;
    std::string failed_cas;
    std::string keyed;
};

void add_format_options(CLI::App& command, FormatOptions& options);

/// Throws UsageError.
[[nodiscard]] history::formats::ReadOptions read_options(const FormatOptions& options);

}  // namespace squall::harness::cli
