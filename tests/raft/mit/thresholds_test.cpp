// The labs' demands and thresholds are not idle: each of these clusters has something wrong with
// it, a bug of the zoo or a setting that nobody should choose, and a scenario says what.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/raft/mit/kv_scenario.hpp"
#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Sabotage {
    std::string_view name;
    std::string_view scenario;
    std::string_view expected;  ///< In what the scenario says.
    void (*spoil)(LabOptions&) = nullptr;
    std::string_view bug;  ///< Of the zoo; empty: a setting.
    std::uint64_t seeds = 20;
};

std::ostream& operator<<(std::ostream& out, const Sabotage& sabotage) {
    return out << sabotage.name;
}

void patient(LabOptions& options) {
    options.core.election_timeout_min = seconds(6);
    options.core.election_timeout_max = seconds(7);
}

void nervous(LabOptions& options) {
    options.core.heartbeat_interval = milliseconds(400);
    options.core.election_timeout_min = milliseconds(50);
    options.core.election_timeout_max = milliseconds(100);
}

void chatty(LabOptions& options) {
    options.core.heartbeat_interval = milliseconds(10);
}

void a_little_chatty(LabOptions& options) {
    options.core.heartbeat_interval = milliseconds(30);
}

void hoarding(LabOptions& options) {
    options.core.compaction_margin = 100;
}

void lazy(LabOptions& options) {
    options.snapshot_every = 100;
}

constexpr std::array sabotages{
    Sabotage{"NobodyStandsForElection", "initial_election", "nobody leads", patient},
    Sabotage{"LeadersComeAndGo", "initial_election", "the term changed", nervous},
    Sabotage{"TooManyHeartbeats", "count", "RPCs of the initial election", chatty},
    Sabotage{"SomeHeartbeatsTooMany", "count", "RPCs of an idle second", a_little_chatty},
    Sabotage{"ALogThatIsKept", "snapshot_basic", "bytes of the largest log", hoarding},
    Sabotage{"SnapshotsTooSeldom", "snapshot_basic", "bytes of the largest log", lazy},
    Sabotage{"NoBacktracking", "backup", "no agreement", nullptr, "backtrack-livelock"},
    Sabotage{"NoSnapshotIsSent", "snapshot_install", "no agreement", nullptr, "purged-stuck"},
    Sabotage{"AnyLogWins", "figure_8", "applied", nullptr, "no-uptodate"},
    Sabotage{"LongLogsWin", "figure_8", "applied", nullptr, "uptodate-len-only"},
    Sabotage{"TwoLeadersInATerm", "many_election", "two leaders", nullptr, "local-quorum"},
    Sabotage{
        "HeartbeatsCommitAnything", "figure_8_unreliable", "applied", nullptr, "heartbeat-no-prev"},
    Sabotage{"ARestartSkipsAnEntry", "snapshot_install_crash", "", nullptr, "off-by-one-apply"},
    Sabotage{"AnAppendTwice", "kv_unreliable", "instead of", nullptr, "no-dedup"},
    Sabotage{"RepeatsAreForgotten", "kv_snapshot_unreliable_recover", "", nullptr, "no-sessions"},
    Sabotage{"OldReads",
             "kv_persist_partition_unreliable_linearizable",
             "get op #",
             nullptr,
             "stale-read"},
    Sabotage{"OldReadsOfALeader",
             "kv_persist_partition_unreliable_linearizable",
             "get op #",
             nullptr,
             "local-leader-read",
             200},
    Sabotage{"AnswersTooEarly",
             "kv_persist_partition_unreliable",
             "instead of",
             nullptr,
             "ack-before-commit"},
    Sabotage{"AKeyValueLogThatIsKept", "kv_snapshot_recover", "bytes of the largest log", hoarding},
    Sabotage{"ASnapshotKeepsTheOldLog", "snapshot_install_crash", "", nullptr, "wal-misaligned"},
};

TEST(Measures, FailOnlyBeyondTheThresholdAndKeepTheWorst) {
    Measures measures;
    measures.at_most("bytes", 3, 5);
    measures.at_most("bytes", 5, 5);
    measures.at_most("bytes", 4, 5);

    EXPECT_EQ(measures.all().front().value, 5);
    EXPECT_THROW(measures.at_most("bytes", 6, 5), Failed);
}

Outcome run_named(std::string_view name, const LabOptions& options) {
    return name.starts_with("kv_") ? run(find_kv_scenario(name), options)
                                   : run(find_scenario(name), options);
}

class Threshold : public testing::TestWithParam<Sabotage> {};

TEST_P(Threshold, Fires) {
    const Sabotage& sabotage = GetParam();
    LabOptions options;
    options.core.compaction_margin = 2;
    if (sabotage.spoil != nullptr) {
        sabotage.spoil(options);
    }
    if (!sabotage.bug.empty()) {
        if (!zoo::Bugs::compiled_in) {
            GTEST_SKIP() << "built without the zoo";
        }
        options.bug = zoo::find(sabotage.bug);
        ASSERT_TRUE(options.bug.has_value());
    }
    std::string said;
    for (options.seed = 1; options.seed <= sabotage.seeds; ++options.seed) {
        const Outcome outcome = run_named(sabotage.scenario, options);
        if (!outcome.failed.empty() &&
            outcome.failed.find(sabotage.expected) != std::string::npos) {
            std::cout << "seed " << options.seed << ": " << outcome.failed << "\n";
            return;
        }
        said += outcome.failed.empty() ? "" : outcome.failed + "\n";
    }
    FAIL() << "no seed made " << sabotage.scenario << " say so; it said\n" << said;
}

INSTANTIATE_TEST_SUITE_P(Mit, Threshold, testing::ValuesIn(sabotages), [](const auto& each) {
    return std::string(each.param.name);
});

}  // namespace
}  // namespace squall::raft::mit
