// What tests of shrinking plan, and what they ask of every plan that comes out.
#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "harness/plan.hpp"
#include "harness/shrink/fault_edits.hpp"

namespace squall::harness::shrink {

inline nemesis::PlannedFault fault(nemesis::FaultId id,
                                   Time at,
                                   Duration length,
                                   nemesis::Action action) {
    nemesis::PlannedFault planned;
    planned.id = id;
    planned.name = "kill";
    planned.at = at;
    planned.duration = length;
    planned.detail = words_of(action);
    planned.action = std::move(action);
    return planned;
}

/// A plan that plan.json could not hold would be lost.
inline void expect_readable(const Plan& plan) {
    const std::string text = to_json(plan);

    EXPECT_EQ(to_json(plan_from_json(text, "plan.json")), text);
}

}  // namespace squall::harness::shrink
