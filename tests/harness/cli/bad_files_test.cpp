// Files that are not what they should be: the message names file, line or field, nothing hangs and
// nothing is written.
#include <unistd.h>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

const std::string header = "{\"squall_history\":1}\n";

std::string event(int index, const std::string& rest) {
    return "{\"index\":" + std::to_string(index) + ",\"time\":" + std::to_string(index) + "," +
           rest + "}\n";
}

const std::string invoke = R"("type":"invoke","client":1,"f":"write","key":"k","value":1)";
const std::string ok = R"("type":"ok","client":1)";

class BadFiles : public Command {
  protected:
    /// What must not be opened or has no end. The FIFO has no writer.
    void expect_only_regular_files(const std::string& command) {
        fs::create_directory(directory_ + "/directory");
        ASSERT_EQ(::mkfifo((directory_ + "/fifo").c_str(), 0600), 0);

        expect_usage_error(squall(command + " directory"), "directory");
        expect_usage_error(squall(command + " fifo"), "fifo", "not a regular file");
        expect_usage_error(squall(command + " /dev/zero"), "/dev/zero", "not a regular file");
        expect_usage_error(squall(command + " nowhere"), "nowhere", "no such file");
    }

    void expect_bad_history(const std::string& content, const std::string& place) {
        write("bad.jsonl", content);
        expect_usage_error(squall("check bad.jsonl"), "bad.jsonl:" + place);
    }

    void expect_bad_plan(const std::string& content, const std::string& field) {
        write("bad.json", content);
        for (const char* command : {"sim", "run"}) {
            expect_usage_error(squall(std::string(command) + " --plan bad.json --out made"),
                               "bad.json: " + field);
            EXPECT_FALSE(fs::exists(directory_ + "/made"));
        }
    }

    /// All but the braces and the version.
    void expect_bad_field(const std::string& fields, const std::string& field) {
        expect_bad_plan("{\"squall_plan\": 1, " + fields + "}", field);
    }
};

TEST_F(BadFiles, HistoriesAreRegularFiles) {
    expect_only_regular_files("check");
}

TEST_F(BadFiles, HistoryNamesFileLineAndField) {
    expect_bad_history("", "1: empty");
    expect_bad_history(std::string("\x7f"
                                   "ELF\0\1\2\3\n",
                                   9),
                       "1: not JSON");
    expect_bad_history(header + event(0, invoke) + "{\"index\":1,\n", "3: not JSON");
    expect_bad_history(header + "{\"index\":0,\"time\":\"noon\",\"type\":\"note\"}\n", "2: time");
    expect_bad_history(header + event(0, invoke) + event(2, ok), "3: index: expected 1");
    expect_bad_history(header + event(0, "\"type\":\"note\",\"text\":\"\xc3\x28\""),
                       "2: not UTF-8");
    expect_bad_history(
        header + "{\"index\":0,\"time\":5,\"type\":\"note\",\"text\":\"\"}\n" + event(1, invoke),
        "3: time");
    expect_bad_history(header + "{\"index\":0,\"time\":-5,\"type\":\"note\",\"text\":\"\"}\n",
                       "2: time");
}

TEST_F(BadFiles, HistoryMustBeOneThatClientsCanMake) {
    expect_bad_history(header + event(0, invoke) + event(1, invoke), "3: client: client 1 has two");
    expect_bad_history(header + event(0, ok), "2: client: client 1 completes");
    expect_bad_history(
        header + event(0, invoke) + event(1, R"("type":"info","client":1)") + event(2, invoke),
        "4: client: client 1 acts again");
}

TEST_F(BadFiles, HugeLinesAndDeepNestingAreBounded) {
    expect_bad_history(header + std::string(std::size_t{300} << 20U, 'x'), "2: line longer than");
    expect_bad_history(std::string(std::size_t{8} << 20U, '\0'), "1: line longer than");
    const std::string deep(100'000, '[');
    expect_bad_history(header + event(0, "\"value\":" + deep), "2: JSON deeper than 32");
    expect_bad_history(deep + "\n", "1: JSON deeper than 32");
    expect_bad_plan(deep, "document: JSON deeper than 16");
    expect_bad_plan("{\"squall_plan\":" + deep, "document: JSON deeper than 16");
}

TEST_F(BadFiles, PlansAreRegularFiles) {
    expect_only_regular_files("sim --plan");
}

TEST_F(BadFiles, PlanMustBeWholeAndOfThisVersion) {
    expect_bad_plan("", "document: not JSON");
    expect_bad_plan("{\"squall_plan\": 1, \"seed\":", "document: not JSON");
    expect_bad_plan("{\"squall_plan\": 1, \"rate\": NaN}", "document: not JSON");
    expect_bad_plan("{\"squall_plan\": 1, \"bug\": \"\xff\"}", "document: not UTF-8");
    expect_bad_plan("{\"squall_plan\": 2}", "squall_plan: must be 1");
    expect_bad_plan("{\"seed\": 1}", "squall_plan: must be 1");
    expect_bad_plan("[1]", "document: must be an object");
}

TEST_F(BadFiles, PlanNamesTheField) {
    expect_bad_field("\"sead\": 1", "sead: unknown field");
    expect_bad_field("\"seed\": \"one\"", "seed: must be an integer");
    expect_bad_field("\"seed\": -1", "seed: must be an integer");
    expect_bad_field("\"seed\": 18446744073709551616", "seed: must be an integer");
    expect_bad_field("\"rate\": 1e999", "document: a number out of range");
    expect_bad_field("\"nodes\": 10", "nodes: must be an integer from 1 to 9");
    expect_bad_field("\"concurrency\": 0", "concurrency: must be an integer from 1");
    expect_bad_field("\"time_limit_ms\": -1", "time_limit_ms: must be a number");
    expect_bad_field("\"time_limit_ms\": 1e300", "time_limit_ms: must be a number");
    expect_bad_field("\"workload\": \"poker\"", "workload: raft-node has no workload \"poker\"");
    expect_bad_field("\"system\": \"zookeeper\"", "system: there is no system");
    expect_bad_field("\"bug\": \"heisenbug\"", "bug: raft-node has no bug");
    expect_bad_field("\"fault_classes\": [\"earthquake\"]", "fault_classes: there is no fault");
}

TEST_F(BadFiles, PlanNamesTheFault) {
    const auto expect = [this](const std::string& faults, const std::string& place) {
        expect_bad_field("\"faults\": [" + faults + "]", "faults" + place);
    };

    expect(R"({"id": 1, "name": "earthquake"})", "[0].name: there is no fault");
    expect(R"({"id": 1, "name": "kill", "at_ms": 9}, {"id": 2, "name": "kill", "at_ms": 8})",
           "[1].at_ms: must not come before");
    expect(R"({"id": 1, "name": "kill", "at_ms": -1})", "[0].at_ms: must be a number");
    expect(R"({"id": 1, "name": "kill", "duration_ms": 1e300})", "[0].duration_ms: must be");
    expect(R"({"id": 1, "name": "kill", "nodes": [6]})", "[0].nodes[0]: must be a node");
    expect(R"({"id": 1, "action": {"kill": [2, 0]}})", "[0].action.kill[1]: must be a node");
    expect(R"({"id": 1, "action": {"pause": [2, 2]}})", "[0].action.pause[1]: names a node");
    expect(R"({"id": 1, "action": {"links": [{"from": 1, "to": 6}]}})", "[0].action.links[0].to");
}

TEST_F(BadFiles, PlanMayNotContradictItself) {
    expect_bad_field(R"("timing": {"election_min_ms": 700})", "timing.election_max_ms");
    expect_bad_field(R"("timing": {"heartbeat_ms": 300})", "timing.election_min_ms");
    expect_bad_field("\"rate\": 1000000, \"time_limit_ms\": 86400000", "rate: for time_limit_ms");
    expect_bad_field(R"("nodes": 1, "fault_classes": ["partition"])", "fault_classes: partition");
}

class BadRun : public BadFiles {
  protected:
    /// A run that passed, without traces.
    void SetUp() override {
        ASSERT_EQ(squall("sim --seed 2 --time-limit 5 --faults none --out run").code, 0);
    }
};

TEST_F(BadRun, DirectoryIsThatOfARun) {
    fs::create_directory(directory_ + "/empty");

    for (const char* directory : {"nowhere", "empty", "run/plan.json", "/dev/null"}) {
        expect_usage_error(
            squall(std::string("report ") + directory), directory, "no plan.json", "runs/latest");
    }
}

TEST_F(BadRun, DamagedFilesAreNamed) {
    const std::string results = read("run/results.json");

    write("run/results.json", results.substr(0, results.size() / 2));
    expect_usage_error(squall("report run"), "run/results.json: not the results", "not JSON");
    write("run/results.json", "{\"squall_results\": 99}");
    expect_usage_error(squall("report run"), "run/results.json: not the results", "version");
    write("run/results.json", std::string(100'000, '['));
    expect_usage_error(squall("report run"), "run/results.json: not the results", "deeper");
    std::string absurd = results;
    absurd.replace(absurd.find("\"events\": "), 10, "\"events\": 1e308, \"was\": ");
    write("run/results.json", absurd);
    expect_usage_error(squall("report run"), "run/results.json: not the results", "out of range");
    write("run/results.json", results);
    write("run/plan.json", "{\"squall_plan\": 1, \"nodes\": 0}");
    expect_usage_error(squall("report run"), "run/plan.json: nodes");
    fs::remove(directory_ + "/run/history.jsonl");
    write("run/plan.json", "{\"squall_plan\": 1}");
    expect_usage_error(squall("report run"), "run/history.jsonl", "no such file");
    expect_usage_error(squall("check run"), "run/history.jsonl", "no such file");
}

TEST_F(BadRun, DamagedTracesAreNamedAndTheReportIsMadeWithoutThem) {
    fs::remove_all(directory_ + "/run/nodes");
    fs::create_directories(directory_ + "/run/nodes/1/trace");
    fs::create_directories(directory_ + "/run/nodes/2/trace/trace-1.jsonl");
    write("run/nodes/1/trace/trace-1.jsonl", "{\"squall_trace\":1,\"node\":1,\"inc\":1}\n[[[[\n");
    write("run/nodes/1/log", std::string(std::size_t{8} << 20U, 'x'));
    fs::remove(directory_ + "/run/report.html");

    const Outcome outcome = squall("report run");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("nodes/1/trace/trace-1.jsonl:2: not JSON"), std::string::npos)
        << outcome.output;
    EXPECT_NE(outcome.output.find("nodes/2/trace/trace-1.jsonl: is a directory"), std::string::npos)
        << outcome.output;
    EXPECT_FALSE(read("run/report.html").empty());
}

}  // namespace
}  // namespace squall::harness::cli
