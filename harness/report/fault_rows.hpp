// Faults as people read them: what the history tells in two events, begin and end, is one row. Does
// not judge whether a fault bit; that is what the check `coverage` is for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/event.hpp"

namespace squall::harness::report {

using history::Time;

struct FaultRow {
    std::uint64_t id = 0;
    std::string name;
    std::string detail;
    std::vector<history::FaultTarget> targets;
    bool skipped = false;
    Time begin{};
    std::optional<Time> end;                     ///< None: in force when the history ended.
    std::map<std::string, std::int64_t> effect;  ///< As measured; known at its end.
};

/// In the order of their beginnings.
[[nodiscard]] std::vector<FaultRow> fault_rows(std::span<const history::Event> events);

}  // namespace squall::harness::report
