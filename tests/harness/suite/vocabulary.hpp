// The names that suites of tests may use.
#pragma once

#include <string>
#include <vector>

#include "harness/failure.hpp"
#include "harness/suite/cells.hpp"
#include "harness/suite/suite_file.hpp"

namespace squall::harness::suite {

inline Vocabulary words() {
    return {.systems = {{.name = "raft-node",
                         .workloads = {"register", "append"},
                         .has_simulation = true,
                         .bugs = {"stale-read"},
                         .simulated_faults = {"partition", "kill", "disk"},
                         .process_faults = {"partition", "kill"},
                         .link_faults = {"partition"}},
                        {.name = "maelstrom",
                         .workloads = {"lin-kv"},
                         .needs_program = true,
                         .bugs = {},
                         .simulated_faults = {},
                         .process_faults = {"partition", "kill"},
                         .link_faults = {"partition"}}}};
}

/// The message of the UsageError; "" when there is none.
inline std::string refusal(const std::string& text) {
    try {
        static_cast<void>(expand(read_suite(text, "s.toml", words()), "s.toml", words()));
        return "";
    } catch (const UsageError& error) {
        return error.what();
    }
}

inline std::vector<std::string> names(const std::string& text) {
    std::vector<std::string> found;
    for (const Cell& cell : expand(read_suite(text, "s.toml", words()), "s.toml", words()).cells) {
        found.push_back(cell.name);
    }
    return found;
}

inline const std::string head = "[suite]\nname = \"night\"\nbudget = \"10m\"\n";

}  // namespace squall::harness::suite
