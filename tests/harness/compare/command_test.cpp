// squall compare as a user runs it: what it refuses, what it says of a build that fails, and two
// real programs of which one is wrong.
#include "tests/harness/cli/command.hpp"

#include <nlohmann/json.hpp>

namespace squall::harness::cli {
namespace {

constexpr const char* calm_git =
    "git -c init.defaultBranch=main -c user.name=a -c user.email=a@b -c commit.gpgsign=false ";

class Compare : public Command {
  protected:
    Compare() { ::setenv("SQUALL_COMPARE_CACHE", (directory_ + "/cache").c_str(), 1); }

    void shell(const std::string& line) const {
        const std::string whole = "cd " + directory_ + " && ( " + line + " ) >shell.log 2>&1";
        ASSERT_EQ(std::system(whole.c_str()), 0) << line << read("shell.log");
    }

    /// A checkout that looks like this project from afar, and does not compile.
    void make_checkout() const {
        fs::create_directories(directory_ + "/raft");
        fs::create_directories(directory_ + "/harness");
        write("CMakeLists.txt",
              "cmake_minimum_required(VERSION 3.25)\nproject(x NONE)\n"
              "message(FATAL_ERROR \"this cannot be built\")\n");
        write("raft/CMakeLists.txt", "");
        write("raft/core.cpp", "void campaign() {\n    int a;\n}\n");
        write("harness/CMakeLists.txt", "# harness\n");
        write(".gitignore", "cache\nruns\nshell.log\n");
        shell(std::string(calm_git) + "init -q . && " + calm_git + "add -A && " + calm_git +
              "commit -qm one");
    }

    void make_patch(const std::string& name, const std::string& edit) const {
        shell(edit + " && git diff > " + name + " && git checkout -q -- .");
    }
};

TEST_F(Compare, SaysWhichFlagsBelongTogether) {
    expect_usage_error(squall("compare"), "--base REV", "--base-cmd CMD");
    expect_usage_error(squall("compare --base HEAD"), "--patch");
    expect_usage_error(squall("compare --base HEAD --patch x --base-cmd y"), "either");
    expect_usage_error(squall("compare --base-cmd y"), "--patch-cmd");
    expect_usage_error(squall("compare --base-cmd y --patch-cmd y --tier sim"), "simulated");
    expect_usage_error(squall("compare --base HEAD --patch x --tier half"), "--tier");
    expect_usage_error(squall("compare --base HEAD --patch x --alpha 7"), "--alpha");
    expect_usage_error(squall("compare --base HEAD --patch x --budget soon"), "--budget");
    expect_usage_error(squall("compare --base-cmd 'a \"b' --patch-cmd a"), "--base-cmd", "quote");
    expect_usage_error(squall("compare --base-cmd ./gone --patch-cmd ./gone"), "./gone");
}

TEST_F(Compare, NeedsACheckoutOfThisProject) {
    expect_usage_error(squall("compare --base HEAD --patch HEAD"), "git checkout", "--base-cmd");
    make_checkout();
    shell("git rm -rq raft && " + std::string(calm_git) + "commit -qm two");
    expect_usage_error(squall("compare --base HEAD --patch HEAD~1"), "raft/CMakeLists.txt");
}

TEST_F(Compare, NamesRevisionsAndFilesThatThereAreNot) {
    make_checkout();
    expect_usage_error(squall("compare --base gone --patch HEAD"), "--base", "\"gone\"");
    expect_usage_error(squall("compare --base HEAD --patch gone"), "--patch", "\"gone\"", "file");
    expect_usage_error(squall("compare --base HEAD --patch gone.patch"), "no file gone.patch");
    expect_usage_error(squall("compare --base --upload-pack=x --patch HEAD"), "--base");
}

TEST_F(Compare, SaysThatAPatchDoesNotApply) {
    make_checkout();
    make_patch("a.patch", "sed -i s/int/long/ raft/core.cpp");
    shell("sed -i s/int/char/ raft/core.cpp && " + std::string(calm_git) + "commit -qam two");
    expect_usage_error(squall("compare --base HEAD --patch a.patch"),
                       "does not apply",
                       "HEAD",
                       "hunk at line 1 of raft/core.cpp");
    write("b.patch", "this is no patch\n");
    expect_usage_error(
        squall("compare --base HEAD --patch b.patch"), "b.patch", "not a patch", "git diff");
    EXPECT_FALSE(fs::exists(directory_ + "/runs") && !fs::is_empty(directory_ + "/runs"));
}

TEST_F(Compare, ABuildThatFailsIsVoidAndSaysWhy) {
    make_checkout();
    make_patch("a.patch",
               "sed -i s/int/long/ raft/core.cpp && sed -i '$a# x' harness/CMakeLists.txt");
    write("raft/core.cpp", "void campaign() { /* mine */ }\n");
    const Outcome outcome = squall("compare --base HEAD --patch a.patch --out out");

    expect_refused(3,
                   outcome,
                   "the base, HEAD, does not build",
                   "this cannot be built",
                   "harness/CMakeLists.txt",
                   "not committed",
                   "NOT part of this comparison");
    shell("test $(git worktree list | wc -l) = 1");
    EXPECT_EQ(read("raft/core.cpp"), "void campaign() { /* mine */ }\n");
    EXPECT_TRUE(fs::exists(directory_ + "/out/base-build.log"));
    EXPECT_EQ(nlohmann::json::parse(read("out/compare.json"))["exit_code"], 3);
    EXPECT_NE(read("out/junit.xml").find("does-not-build"), std::string::npos);
    EXPECT_NE(read("out/compare.md").find("this cannot be built"), std::string::npos);
    EXPECT_TRUE(fs::is_empty(directory_ + "/cache/work"));
    EXPECT_FALSE(fs::exists(directory_ + "/.git/index.lock"));
}

TEST_F(Compare, APatchThatLeavesTheRaftAloneBuildsNothingOfItsOwn) {
    make_checkout();
    make_patch("a.patch", "sed -i '$a# x' harness/CMakeLists.txt");

    const Outcome outcome = squall("compare --base HEAD --patch a.patch --out out");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("leaves raft/ as it is"), std::string::npos) << outcome.output;
    EXPECT_FALSE(fs::exists(directory_ + "/out/base-build.log"));
}

TEST_F(Compare, ConvictsAProgramThatReadsStaleValuesAndShrinksWhatFailed) {
    const Outcome outcome =
        squall("compare --base-cmd " RAFT_NODE " --patch-cmd '" RAFT_NODE
               " --bug stale-read' --budget 45s --seed 1 --shrink-budget 20s --out out");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_TRUE(outcome.output.starts_with("squall: comparing")) << outcome.output;
    const auto json = nlohmann::json::parse(read("out/compare.json"));
    EXPECT_EQ(json["verdict"], "patch introduces failures");
    EXPECT_EQ(json["failures"][0]["check"], "linearizable");
    EXPECT_NE(json["failures"][0]["replay"].get<std::string>().find("--plan out/failures/"),
              std::string::npos);
    EXPECT_TRUE(fs::exists(directory_ + "/out/" +
                           json["failures"][0]["directory"].get<std::string>() + "/report.html"));
    EXPECT_TRUE(fs::exists(directory_ + "/out/junit.xml"));
    EXPECT_NE(json["failures"][0]["shrunk"], "") << outcome.output;
    ASSERT_TRUE(json["failures"][0]["reproduced"].is_object()) << outcome.output;
    EXPECT_GT(json["failures"][0]["reproduced"]["failed"], 0);
    EXPECT_EQ(json["failures"][0]["reproduced"]["base_failed"], 0);
    EXPECT_EQ(json["failures"][0]["reproduced"]["base_runs"], 5);
    EXPECT_TRUE(
        fs::exists(directory_ + "/out/failures/1-patch-linearizable/shrunk-on-base/results.json"));
}

TEST_F(Compare, SaysWhyPairsCouldNotBeJudged) {
    const Outcome outcome =
        squall("compare --base-cmd /bin/true --patch-cmd /bin/true --budget 1s --out out");

    EXPECT_EQ(outcome.code, 2) << outcome.output;
    EXPECT_NE(outcome.output.find("could not be judged is void"), std::string::npos)
        << outcome.output;
    EXPECT_NE(outcome.output.find("--system maelstrom"), std::string::npos) << outcome.output;
    EXPECT_TRUE(fs::exists(directory_ + "/out/undecided/base/results.json")) << outcome.output;
}

TEST_F(Compare, AccusesNobodyOfTheSameProgramTwice) {
    const Outcome outcome = squall("compare --base-cmd " RAFT_NODE " --patch-cmd " RAFT_NODE
                                   " --budget 20s --seed 1 --out out");

    EXPECT_NE(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.code, 3) << outcome.output;
}

}  // namespace
}  // namespace squall::harness::cli
