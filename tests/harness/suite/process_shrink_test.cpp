// Which failures on processes a suite has the time to shrink, and what is said of the others.
#include "harness/suite/process_shrink.hpp"

#include <gtest/gtest.h>

namespace squall::harness::suite {
namespace {

TEST(ProcessShrink, IsForTheFirstOfAKindWhileThereIsTime) {
    const FailureOnProcesses failure{.run_s = 20};

    EXPECT_EQ(shrinking_needs_s(failure, 60), 120);
    EXPECT_EQ(why_not_shrunk(failure, 60, 120), "");
    EXPECT_EQ(why_not_shrunk(failure, 60, 119), "the budget was nearly spent");
    EXPECT_EQ(why_not_shrunk(failure, 0, 1000), "the suite has no process_shrink");
    EXPECT_EQ(why_not_shrunk({.run_s = 20, .group_was_had = true}, 60, 1000),
              "another of its kind was taken");
    EXPECT_EQ(why_not_shrunk({.run_s = 20, .suite_ends = true}, 60, 1000),
              "the suite ended with it");
}

}  // namespace
}  // namespace squall::harness::suite
