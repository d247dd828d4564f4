// etcd's own files against our core. They are not part of this repository: without the folder the
// tests skip. applicability.txt says how far each one applies.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/raft/scenarios/etcd/comparison.hpp"

namespace squall::raft::test::etcd {
namespace {

const std::filesystem::path folder = SQUALL_ETCD_FILES;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Script script_of(const std::string& file) {
    return parse_script(file, read_file(folder / file));
}

/// A line of the table.
struct Row {
    std::string applies;   ///< "wholly", "no", "before", "but".
    std::size_t line = 0;  ///< Of "before" and "but".
    std::string reason;
};

std::map<std::string, Row> table() {
    std::map<std::string, Row> rows;
    std::istringstream lines(read_file(SQUALL_ETCD_TABLE));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string file;
        std::string bar;
        Row row;
        if (line.starts_with('#') || !(words >> file >> bar >> row.applies)) {
            continue;
        }
        if (row.applies == "before" || row.applies == "but") {
            words >> row.line;
        }
        words >> bar >> std::ws;
        std::getline(words, row.reason);
        rows[file] = row;
    }
    return rows;
}

std::vector<std::string> files_of(const std::set<std::string>& applies) {
    std::vector<std::string> files;
    for (const auto& [file, row] : table()) {
        if (applies.contains(row.applies)) {
            files.push_back(file);
        }
    }
    return files;
}

/// What keeps a test from running here; empty when nothing does.
std::string obstacle() {
    if (!std::filesystem::is_directory(folder)) {
        return "no files of etcd/raft in " + folder.string();
    }
    return zoo::Bugs::compiled_in ? "" : "built without the zoo, which etcd's options need";
}

class EtcdFile : public testing::TestWithParam<std::string> {};

TEST_P(EtcdFile, AgreesAsFarAsTheTableSays) {
    if (const std::string why = obstacle(); !why.empty()) {
        GTEST_SKIP() << why;
    }
    const Row row = table().at(GetParam());

    const Played played = play_etcd(script_of(GetParam()));
    std::map<std::size_t, std::string> differences = played.differences();

    // What the table excuses must be there: it is wrong otherwise.
    if (row.applies == "no") {
        EXPECT_TRUE(played.compared.empty());
        EXPECT_EQ(played.lacking, row.reason);
        return;
    }
    if (row.applies == "before" && played.stopped_at != 0) {
        EXPECT_EQ(played.stopped_at, row.line);
        EXPECT_EQ(played.lacking, row.reason);
    } else {
        EXPECT_EQ(played.stopped_at, 0U) << played.lacking;
        const auto excused = differences.find(row.line);
        EXPECT_EQ(excused != differences.end(), row.line != 0) << "line " << row.line;
        differences.erase(excused,
                          row.applies == "before" || excused == differences.end()
                              ? differences.end()
                              : std::next(excused));
    }
    for (const auto& [line, what] : differences) {
        ADD_FAILURE() << GetParam() << ":" << line << ": " << what;
    }
}

TEST_P(EtcdFile, EveryLineThatTellsSomethingCounts) {
    if (const std::string why = obstacle(); !why.empty()) {
        GTEST_SKIP() << why;
    }
    const Played played = play_etcd(script_of(GetParam()));
    for (Compared compared : played.compared) {
        if (!compared.difference().empty()) {
            continue;
        }
        std::size_t demanded = 0;
        for (const auto& [key, events] : compared.demands()) {
            demanded += events.size();
        }
        std::size_t noticed = 0;
        for (std::string& output : compared.expected) {
            const std::string whole = output;
            for (std::size_t begin = 0; begin < whole.size();) {
                const std::size_t end = whole.find('\n', begin) + 1;
                output = whole.substr(0, begin) + whole.substr(end);
                noticed += compared.difference().empty() ? 0U : 1U;
                begin = end;
            }
            output = whole;
        }
        EXPECT_GE(noticed, demanded) << GetParam() << ":" << compared.line;
    }
}

INSTANTIATE_TEST_SUITE_P(Files,
                         EtcdFile,
                         testing::ValuesIn(files_of({"wholly", "no", "before", "but"})),
                         [](const auto& file) {
                             return file.param.substr(0, file.param.find('.'));
                         });

TEST(EtcdTable, NamesEveryFile) {
    if (const std::string why = obstacle(); !why.empty()) {
        GTEST_SKIP() << why;
    }
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        there.insert(entry.path().filename().string());
    }
    std::set<std::string> named;
    for (const auto& [file, row] : table()) {
        named.insert(file);
        EXPECT_EQ(row.applies == "wholly", row.reason.empty()) << file << " wants a reason";
    }
    EXPECT_EQ(named, there);
}

/// Whether playing `file` with this bug in every node tells something else than etcd's.
bool notices(const std::string& file, std::string_view slug) {
    zoo::Bugs bugs;
    bugs.enable(zoo::find(slug).value());
    bugs.switch_assertions_off();
    try {
        return !play_etcd(script_of(file), bugs).differences().empty();
    } catch (const ScriptError&) {
        return true;  // It does not come to rest, or a proposal finds no leader.
    }
}

TEST(EtcdFiles, NoticeBugs) {
    if (const std::string why = obstacle(); !why.empty()) {
        GTEST_SKIP() << why;
    }

    EXPECT_TRUE(notices("campaign.txt", "no-noop"));
    EXPECT_TRUE(notices("campaign.txt", "off-by-one-apply"));
    EXPECT_TRUE(notices("checkquorum.txt", "no-checkquorum"));
    EXPECT_TRUE(notices("checkquorum.txt", "leader-grants-stays"));
    EXPECT_TRUE(notices("prevote.txt", "no-prevote"));
    EXPECT_TRUE(notices("prevote.txt", "no-uptodate"));
    EXPECT_TRUE(notices("prevote.txt", "uptodate-term-only"));
    EXPECT_TRUE(notices("prevote.txt", "candidate-ignores-same-term-ae"));
    EXPECT_TRUE(notices("probe_and_replicate.txt", "uptodate-len-only"));
    EXPECT_TRUE(notices("probe_and_replicate.txt", "heartbeat-no-prev"));
    EXPECT_TRUE(notices("probe_and_replicate.txt", "backtrack-livelock"));
    EXPECT_TRUE(notices("probe_and_replicate.txt", "local-quorum"));
    EXPECT_TRUE(notices("snapshot_succeed_via_app_resp.txt", "purged-stuck"));
    EXPECT_FALSE(notices("campaign.txt", "stale-read")) << "nobody reads";
}

}  // namespace
}  // namespace squall::raft::test::etcd
