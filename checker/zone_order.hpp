// Block zones: decides in linear time whether eras can be put in an order that respects real time.
// Eras that are glued to each other form blocks, contiguous in every order. A block must come
// before another iff something of it had completed before something of the other was invoked; if
// no two blocks must come before each other there is an order of all (Gibbons and Korach 1997,
// Testing shared memories, for registers whose reads tell their writes; here with chains and with
// mutations of unknown outcome). Knows no values and no functions.
#pragma once

#include <vector>

#include "checker/zone_input.hpp"

namespace squall::checker {

struct ZoneOrder {
    /// Not empty: no order explains these operations, or those that they observed.
    std::vector<history::OperationId> conflict;
    /// Otherwise an order of all operations that took effect. Those that float are among them if
    /// `floats_fit`; where they do not, another order might still have room for them.
    std::vector<history::OperationId> witness;
    bool floats_fit = true;
};

[[nodiscard]] ZoneOrder order_eras(const ZoneInput& input);

}  // namespace squall::checker
