#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/active_faults.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;

std::vector<PlannedFault> schedule(std::uint64_t seed, std::uint32_t nodes) {
    ScheduleParameters parameters;
    parameters.seed = seed;
    parameters.nodes = nodes;
    parameters.length = std::chrono::seconds(120);
    parameters.interval = std::chrono::seconds(2);
    parameters.election_timeout = milliseconds(600);
    return find_fault_class("disk")->schedule(parameters);
}

std::optional<Fault> resolve(const std::string& shape, std::uint64_t draw) {
    PlannedFault planned;
    planned.name = "disk";
    planned.shape = shape;
    planned.draw = draw;
    return find_fault_class("disk")->resolve(planned, {{1, 2, 3, 4, 5}, 4, {}});
}

TEST(DiskFaults, BitsFlipOnAMinorityAtMost) {
    for (const std::uint32_t nodes : {1U, 2U, 3U, 4U, 5U, 7U}) {
        std::set<std::size_t> budgets;
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            std::set<NodeId> rotting;
            for (const PlannedFault& planned : schedule(seed, nodes)) {
                if (planned.shape == "bit-flip") {
                    rotting.insert(planned.nodes.begin(), planned.nodes.end());
                }
            }
            budgets.insert(rotting.size());
        }
        EXPECT_LE(*budgets.rbegin(), (nodes - 1) / 2) << nodes;
        EXPECT_EQ(*budgets.begin(), 0U) << nodes;
        EXPECT_EQ(budgets.size() > 1, nodes >= 3) << nodes;
    }
}

TEST(DiskFaults, EachShapeHarmsInItsOwnWay) {
    for (std::uint64_t draw = 0; draw < 50; ++draw) {
        const auto rule = [&](const char* shape) {
            return std::get<DiskFault>(resolve(shape, draw)->action).rules.begin()->second;
        };

        EXPECT_GE(rule("slow").sync_delay, milliseconds(5));
        EXPECT_EQ(rule("stuck"), DiskRule{.stuck = true});
        EXPECT_GT(rule("sync-error").sync_error, 0);
        EXPECT_GT(rule("write-error").write_error, 0);
        EXPECT_EQ(rule("full"), DiskRule{.full = true});
        EXPECT_EQ(std::get<PowerFault>(resolve("power-loss", draw)->action).bit_flips, 0U);
        EXPECT_EQ(std::get<PowerFault>(resolve("bit-flip", draw)->action).bit_flips, 1U);
        EXPECT_EQ(resolve("bit-flip", draw)->targets.size(), 1U);
    }
}

TEST(DiskFaults, CombineAndEnd) {
    ActiveFaults faults;
    const DiskRule slow{.sync_delay = milliseconds(3), .sync_error = 0.5};
    const DiskRule bad{.sync_delay = milliseconds(4), .stuck = true, .sync_error = 0.5};
    faults.begin(1, Fault{"disk", "", {1}, DiskFault{{{1, slow}}}});
    faults.begin(2, Fault{"disk", "", {1}, DiskFault{{{1, bad}, {2, bad}}}});

    EXPECT_EQ(faults.disk(1),
              (DiskRule{.sync_delay = milliseconds(7), .stuck = true, .sync_error = 0.75}));
    EXPECT_EQ(faults.disk(2), bad);
    faults.end(2);
    EXPECT_EQ(faults.disk(1), slow);
    EXPECT_EQ(faults.disk(2), DiskRule{});
}

TEST(DiskFaults, WithoutPowerANodeIsDown) {
    ActiveFaults faults;
    faults.begin(1, Fault{"disk", "", {2}, PowerFault{{2}, 0}});

    EXPECT_TRUE(faults.down(2));
    EXPECT_FALSE(faults.down(1));
    faults.end(1);
    EXPECT_FALSE(faults.down(2));
}

}  // namespace
}  // namespace squall::nemesis
