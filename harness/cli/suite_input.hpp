// What `squall suite` is asked to run: where its file is, what names may stand in it.
#pragma once

#include <string>

#include "harness/suite/suite_file.hpp"

namespace squall::harness::cli {

/// The file of a suite: a path, or a name such as smoke for scripts/suites/smoke.toml. A relative
/// path that does not exist is looked for in scripts/, too, with a note. Throws UsageError.
[[nodiscard]] std::string find_suite_file(const std::string& name);

/// All of it. Throws UsageError.
[[nodiscard]] std::string read_suite_text(const std::string& path);

/// Of every system that there is. Programs of the user's are looked for from the file's directory.
[[nodiscard]] suite::Vocabulary suite_vocabulary(const std::string& suite_file);

}  // namespace squall::harness::cli
