// `squall shrink`, and what `squall sim` shrinks by itself: exit codes, files and what is said.
#include <map>
#include <vector>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class ShrinkCommand : public Command {
  protected:
    /// The number before the word in the line that begins so; -1 when there is none.
    static int number_before(const std::string& text,
                             const std::string& line,
                             const std::string& word) {
        const auto begin = text.find(line);
        const auto at = text.find(word, begin);
        if (begin == std::string::npos || at == std::string::npos) {
            return -1;
        }
        return std::atoi(text.c_str() + text.rfind(' ', at - 2));
    }
};

TEST_F(ShrinkCommand, AFailingSweepEndsWithAShrunkRunThatFailsInTheSameWay) {
    const Outcome outcome = squall("sim --bug stale-read --seeds 100 --seed 1 --out run");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("shrunk: linearizable still fails"), std::string::npos)
        << outcome.output;
    EXPECT_LE(number_before(outcome.output, "  after ", " fault"), 4) << outcome.output;
    EXPECT_LE(number_before(outcome.output, "  after ", " operation"), 10) << outcome.output;
    EXPECT_NE(outcome.output.find("scripts/squall sim --plan run/shrunk/plan.json"),
              std::string::npos);
    for (const char* name : {"plan.json",
                             "realised.json",
                             "results.json",
                             "report.html",
                             "report.md",
                             "junit.xml",
                             "history.jsonl"}) {
        EXPECT_FALSE(read(std::string("run/shrunk/") + name).empty()) << name;
    }
    const Outcome replay = squall("sim --plan run/shrunk/plan.json --no-shrink --out again");
    EXPECT_EQ(replay.code, 1) << replay.output;
    EXPECT_NE(replay.output.find("linearizable"), std::string::npos) << replay.output;
    EXPECT_EQ(read("again/history.jsonl"), read("run/shrunk/history.jsonl"));
}

TEST_F(ShrinkCommand, AKeptRunIsShrunkLater) {
    ASSERT_EQ(squall("sim --bug term-not-persisted --seed 1 --no-shrink --out run").code, 1);
    ASSERT_FALSE(fs::exists(directory_ + "/run/shrunk"));

    const Outcome outcome = squall("shrink run --budget 20s");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("durable-hard-state still fails"), std::string::npos)
        << outcome.output;
    const Outcome again = squall("shrink run/shrunk --budget 20s");
    EXPECT_EQ(again.code, 1) << again.output;
}

TEST_F(ShrinkCommand, TheRunItselfLeadsToWhatIsLeftOfIt) {
    ASSERT_EQ(squall("sim --bug stale-read --seed 1 --no-shrink --out run").code, 1);
    const std::vector<std::string> names{"results.json", "report.html", "report.md", "junit.xml"};
    std::map<std::string, std::string> before;
    for (const std::string& name : names) {
        before[name] = read("run/" + name);
        EXPECT_EQ(before[name].find("shrunk/report.html"), std::string::npos) << name;
    }
    EXPECT_NE(before["report.md"].find("scripts/squall shrink run\n"), std::string::npos);

    ASSERT_EQ(squall("shrink run").code, 1);

    std::map<std::string, std::string> after;
    for (const std::string& name : names) {
        after[name] = read("run/" + name);
        const bool is_page = name != "results.json";
        EXPECT_NE(after[name].find(is_page ? "shrunk/report.html" : "\"shrunk_to\""),
                  std::string::npos)
            << name;
        EXPECT_EQ(after[name].find("scripts/squall shrink run\n"), std::string::npos) << name;
        EXPECT_FALSE(fs::exists(directory_ + "/run/" + name + ".new")) << name;
    }
    EXPECT_NE(after["report.md"].find("Cut down: every time"), std::string::npos);
    EXPECT_NE(read("run/shrunk/report.md").find("](../report.html)"), std::string::npos);
    // As somebody leaves it who is killed after the first write: made one again by a report.
    for (const std::string& name : {names[1], names[2], names[3]}) {
        write("run/" + name, before[name]);
    }
    ASSERT_EQ(squall("report run").code, 1);
    for (const std::string& name : names) {
        EXPECT_EQ(read("run/" + name), after[name]) << name;
    }
}

TEST_F(ShrinkCommand, ALinkLeadsNowhereWhileARunIsShrunkAgain) {
    ASSERT_EQ(squall("sim --bug stale-read --seed 1 --out run").code, 1);
    ASSERT_NE(read("run/report.html").find("shrunk/report.html"), std::string::npos);

    // Ended before it found anything.
    const Outcome again = squall("shrink run --budget 0.000001s");

    EXPECT_EQ(again.code, 2) << again.output;
    for (const char* name : {"run/results.json", "run/report.html", "run/report.md"}) {
        EXPECT_EQ(read(name).find("shrunk/report.html"), std::string::npos) << name;
    }
}

TEST_F(ShrinkCommand, NothingIsLeftToShrinkInARunThatDidNotFail) {
    ASSERT_EQ(squall("sim --seed 1 --time-limit 12 --out run").code, 0);

    expect_refused(2, squall("shrink run"), "run: no check failed");
}

TEST_F(ShrinkCommand, BadInputIsRefused) {
    ASSERT_EQ(squall("sim --bug stale-read --seed 1 --no-shrink --out run").code, 1);

    expect_usage_error(squall("shrink nowhere"), "nowhere: holds no plan.json");
    expect_usage_error(squall("shrink"), "directory");
    expect_usage_error(
        squall("shrink run --check coverage"), "--check: coverage did not fail", "linearizable");
    expect_usage_error(squall("shrink run --budget soon"), "--budget: must be a time");
    expect_usage_error(squall("shrink run --budget -5m"), "--budget: must be a time");
    expect_usage_error(squall("sim --seed 1 --shrink-budget 0"), "--shrink-budget: must be");
    fs::remove(directory_ + "/run/results.json");
    expect_usage_error(squall("shrink run"), "run: holds no results.json");
    write("run/results.json", "{");
    expect_usage_error(squall("shrink run"), "run/results.json");
    fs::remove(directory_ + "/run/history.jsonl");
    write("run/plan.json", "[]");
    expect_usage_error(squall("shrink run"), "run/plan.json: document");
}

}  // namespace
}  // namespace squall::harness::cli
