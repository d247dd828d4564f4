// The patches that `squall compare` is measured with have to fit the Raft of today: one that does
// not is found here, by its name, and not after an hour of measuring.
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::compare {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> patches() {
    std::vector<fs::path> found;
    for (const auto& entry :
         fs::directory_iterator(SQUALL_SOURCE_DIR "/tests/harness/compare/patches")) {
        if (entry.path().extension() == ".patch") {
            found.push_back(entry.path());
        }
    }
    return found;
}

/// What git complains of; empty: nothing.
std::string complaint(const std::string& patch) {
    const std::string line = "cd '" SQUALL_SOURCE_DIR "' && git apply --check 2>&1 " + patch;
    FILE* pipe = ::popen(line.c_str(), "r");
    std::array<char, 4096> buffer{};
    std::string said;
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
        said += buffer.data();
    }
    return ::pclose(pipe) == 0 ? "" : said;
}

TEST(Patches, AreTenBadAndTenHarmlessOnes) {
    EXPECT_EQ(patches().size(), 20U);
}

TEST(Patches, FitTheRaftOfToday) {
    for (const fs::path& patch : patches()) {
        EXPECT_EQ(complaint("tests/harness/compare/patches/" + patch.filename().string()), "")
            << patch.filename() << ": make the change again by hand, and git diff > " << patch;
    }
}

TEST(Patches, OnesThatDoNotFitAreFound) {
    EXPECT_NE(complaint("- <<'END'\n"
                        "diff --git a/raft/election.cpp b/raft/election.cpp\n"
                        "--- a/raft/election.cpp\n+++ b/raft/election.cpp\n"
                        "@@ -1 +1 @@\n-there is no such line\n+x\nEND\n#"),
              "");
}

}  // namespace
}  // namespace squall::harness::compare
