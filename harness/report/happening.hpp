// One thing that happened in a run, as its story tells it: a sentence, and where it belongs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/event.hpp"

namespace squall::harness::report {

/// How much a reader needs it to understand what went wrong.
enum class Weight : std::uint8_t {
    detail,    ///< Only in drawings, beside what it belongs to.
    ordinary,  ///< What nodes and clients do all day.
    telling,   ///< Elections, restarts, faults, what was overwritten.
    decisive,  ///< What the violation is made of.
};

/// Which record of a node's trace tells of it.
struct TracePlace {
    history::NodeId node = 0;
    std::uint64_t incarnation = 0;
    std::uint64_t sequence = 0;
    friend bool operator==(const TracePlace&, const TracePlace&) = default;
};

struct Happening {
    history::Time at{};  ///< Of the run.
    Weight weight = Weight::ordinary;
    /// election, vote, log, commit, snapshot, restart, exit, request, answer, fault, violation.
    std::string kind;
    history::NodeId node = 0;             ///< Whose lane it belongs to; 0: no node's.
    history::ClientId client = -1;        ///< Of requests and answers.
    std::uint64_t term = 0;               ///< 0: none.
    std::uint64_t index = 0;              ///< In the log; 0: none.
    std::string text;                     ///< "n2 wins term 4 with the vote of n3".
    std::string mark;                     ///< The same for a drawing, where the node is known.
    std::vector<history::NodeId> others;  ///< Nodes that had a part in it.
    std::optional<TracePlace> place;
    std::optional<std::uint64_t> event;  ///< Index in the history.
};

}  // namespace squall::harness::report
