#include "harness/suite/retention.hpp"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::harness::suite {
namespace {

store::KeptRun run(store::RowId id, std::uint64_t bytes, std::vector<std::string> signatures) {
    return {.attempt = id,
            .directory = {},
            .verdict = {},
            .signatures = std::move(signatures),
            .at = id,
            .bytes = bytes};
}

std::vector<store::RowId> deleted(const std::vector<store::KeptRun>& runs, std::uint64_t most) {
    std::vector<store::RowId> ids;
    for (const store::KeptRun& each : to_delete(runs, most)) {
        ids.push_back(each.attempt);
    }
    return ids;
}

TEST(Retention, NothingGoesWithinTheBudget) {
    EXPECT_TRUE(deleted({run(1, 10, {}), run(2, 10, {"s"})}, 20).empty());
}

TEST(Retention, RunsWithoutFailuresGoFirstOldestFirst) {
    const std::vector<store::KeptRun> runs = {
        run(1, 10, {"s"}), run(2, 10, {}), run(3, 10, {}), run(4, 10, {"s"})};

    EXPECT_EQ(deleted(runs, 30), std::vector<store::RowId>{2});
    EXPECT_EQ(deleted(runs, 20), (std::vector<store::RowId>{2, 3}));
    EXPECT_EQ(deleted(runs, 19), (std::vector<store::RowId>{2, 3, 1}));
}

TEST(Retention, TheOnlyRunOfAFailureStays) {
    EXPECT_EQ(deleted({run(1, 10, {"a"}), run(2, 10, {"b"}), run(3, 10, {"b"})}, 0),
              std::vector<store::RowId>{2});
}

RC_GTEST_PROP(Retention, EverySignatureKeepsARunAndTheBudgetHoldsIfItCan, ()) {
    std::vector<store::KeptRun> runs;
    const auto count = *rc::gen::inRange<store::RowId>(0, 30);
    for (store::RowId i = 0; i < count; ++i) {
        std::vector<std::string> signatures;
        for (const char* each : {"a", "b", "c"}) {
            if (*rc::gen::inRange(0, 4) == 0) {
                signatures.emplace_back(each);
            }
        }
        runs.push_back(run(i, *rc::gen::inRange<std::uint64_t>(1, 100), signatures));
    }
    const auto most = *rc::gen::inRange<std::uint64_t>(0, 1500);
    std::set<store::RowId> gone;
    for (const store::RowId id : deleted(runs, most)) {
        RC_ASSERT(gone.insert(id).second);
    }
    std::set<std::string> before;
    std::set<std::string> after;
    std::uint64_t held = 0;
    bool more_could_go = false;
    for (const store::KeptRun& each : runs) {
        before.insert(each.signatures.begin(), each.signatures.end());
        if (!gone.contains(each.attempt)) {
            after.insert(each.signatures.begin(), each.signatures.end());
            held += each.bytes;
            more_could_go = more_could_go || each.signatures.empty();
        }
    }
    RC_ASSERT(before == after);
    RC_ASSERT(held <= most || !more_could_go);
}

}  // namespace
}  // namespace squall::harness::suite
