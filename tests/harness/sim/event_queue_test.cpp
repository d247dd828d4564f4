#include "harness/sim/event_queue.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::harness::sim {
namespace {

RC_GTEST_PROP(EventQueue, YieldsByTimeThenByInsertion, (std::vector<std::uint8_t> times)) {
    EventQueue<std::pair<std::uint8_t, std::size_t>> queue;
    std::vector<std::pair<std::uint8_t, std::size_t>> expected;
    for (std::size_t i = 0; i < times.size(); ++i) {
        queue.push(history::Time(times[i]), {times[i], i});
        expected.emplace_back(times[i], i);
    }
    std::sort(expected.begin(), expected.end());

    std::vector<std::pair<std::uint8_t, std::size_t>> popped;
    while (!queue.empty()) {
        popped.push_back(queue.pop());
    }

    RC_ASSERT(popped == expected);
}

TEST(EventQueue, AnEventMayPutInMoreForTheSameInstant) {
    EventQueue<int> queue;
    queue.push(history::Time(5), 1);
    queue.push(history::Time(5), 2);

    const int first = queue.pop();
    queue.push(history::Time(5), 3);
    const int second = queue.pop();
    const int third = queue.pop();

    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 2);
    EXPECT_EQ(third, 3);
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace squall::harness::sim
