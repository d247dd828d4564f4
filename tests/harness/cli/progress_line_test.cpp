#include "harness/cli/progress_line.hpp"

#include <gtest/gtest.h>

namespace squall::harness::cli {
namespace {

TEST(ProgressLine, NamesPhaseCountsLeaderFaultsAndTimeLeft) {
    Progress progress;
    progress.phase = "main";
    progress.invoked = 1234;
    progress.ok = 1200;
    progress.info = 4;
    progress.leader = 3;
    progress.active_faults = {"pause n1", "cut {n2} | {n1 n3}"};
    progress.remaining = std::chrono::seconds(17);

    const std::string text = progress_text(std::chrono::seconds(13), progress, 95);

    for (const char* word : {"13.0 s",
                             "main",
                             "1234 ops",
                             "95/s",
                             "ok 1200",
                             "info 4",
                             "leader n3",
                             "17 s left",
                             "pause n1; cut {n2} | {n1 n3}"}) {
        EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
    }
}

TEST(ProgressLine, UnknownLeaderIsAQuestionMark) {
    EXPECT_NE(progress_text({}, {}, 0).find("leader ?"), std::string::npos);
}

}  // namespace
}  // namespace squall::harness::cli
