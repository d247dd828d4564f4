// Breadth first through the states: whoever is found violating something is reached by a shortest
// way. Exact: every state is kept as it is, in a few dozen bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/interner.hpp"
#include "harness/explore/model.hpp"

namespace squall::harness::explore {

/// Where the search ends although the space does not. 0: no limit.
struct Limits {
    std::uint64_t depth = 0;
    std::uint64_t states = 0;
    std::uint64_t bytes = 0;
};

enum class Stop : std::uint8_t {
    none,       ///< It goes on.
    exhausted,  ///< There is no state left to look at.
    violation,
    depth,
    states,
    memory
};

struct Progress {
    std::uint64_t states = 0;
    std::uint64_t expanded = 0;
    std::uint64_t transitions = 0;
    std::uint64_t depth = 0;  ///< Of the deepest state.
    std::uint64_t bytes = 0;
};

class Search {
  public:
    Search(Model& model, const Limits& limits, const State& start);

    /// Looks at up to so many further states.
    Stop advance(std::uint64_t states);

    [[nodiscard]] Stop stopped() const { return stop_; }

    [[nodiscard]] Progress progress() const;

    /// Packed; numbered from 0 in the order in which they were found.
    [[nodiscard]] std::string_view state(std::uint32_t id) const { return states_[id]; }

    /// From the start to the state before the violation: what each packed canonical state is.
    /// Only when stopped by a violation.
    [[nodiscard]] std::vector<std::string> way() const;

  private:
    void expand(std::uint32_t id);

    Model& model_;
    Limits limits_;
    Interner states_;
    std::vector<std::uint32_t> parents_;
    std::uint32_t next_ = 0;       ///< To be looked at.
    std::uint32_t layer_end_ = 0;  ///< First state of the next depth.
    std::uint64_t depth_ = 0;      ///< Of next_.
    std::uint64_t transitions_ = 0;
    Stop stop_ = Stop::none;
    // Used again for every state.
    State state_;
    State successor_;
    std::vector<Action> actions_;
    std::string packed_;
};

}  // namespace squall::harness::explore
