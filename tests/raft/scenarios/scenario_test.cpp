// Every .txt file of this folder is a test. SQUALL_REWRITE=1 in the environment writes what
// happened into the files instead of comparing: read the difference before you keep it.
#include "tests/raft/scenarios/scenario.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "raft/zoo/zoo.hpp"

namespace squall::raft::test {
namespace {

const std::filesystem::path folder = SQUALL_SCENARIOS;

std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".txt" && entry.path().stem() != "CMakeLists") {
            found.push_back(entry.path().stem().string());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, HappensAsWritten) {
    const std::filesystem::path path = folder / (GetParam() + ".txt");
    const Script script = parse_script(path.string(), read_file(path));
    const bool needs_zoo =
        std::any_of(script.blocks.begin(), script.blocks.end(), [](const auto& b) {
            return b.head.find(" bug=") != std::string::npos;
        });
    if (needs_zoo && !zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }

    const std::vector<std::string> outputs = play(script);

    // Rewriting must not make the unthinkable expected.
    for (const std::string& output : outputs) {
        EXPECT_TRUE(needs_zoo || output.find("VIOLATION") == std::string::npos) << output;
    }

    if (std::getenv("SQUALL_REWRITE") != nullptr) {
        std::ofstream(path, std::ios::binary) << render_script(script, outputs);
        return;
    }
    for (std::size_t i = 0; i < script.blocks.size(); ++i) {
        EXPECT_EQ(outputs[i], script.blocks[i].expected)
            << script.where(script.blocks[i].line) << ": " << script.blocks[i].lines.front()
            << "\n(SQUALL_REWRITE=1 writes what happened into the file)";
    }
}

INSTANTIATE_TEST_SUITE_P(Rules, Scenario, testing::ValuesIn(names()), [](const auto& scenario) {
    return scenario.param;
});

}  // namespace
}  // namespace squall::raft::test
