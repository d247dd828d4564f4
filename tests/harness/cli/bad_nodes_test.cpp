// Programs that are no good nodes, from the first moment to the last: what the run is worth then,
// and what it says.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "storm.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

class BadNodes : public Storm {
  protected:
    /// Its exit code.
    [[nodiscard]] int run_with(const std::string& program,
                               const std::vector<std::string>& more = {"--time-limit", "1"}) {
        std::vector<std::string> arguments = {
            "run", "--nodes", "3", "--node-binary", program, "--out", run_};
        if (std::find(more.begin(), more.end(), "--faults") == more.end()) {
            arguments.insert(arguments.end(), {"--faults", "none"});
        }
        arguments.insert(arguments.end(), more.begin(), more.end());
        const int code = exit_code(start(arguments), &usage_);
        EXPECT_TRUE(running().empty()) << to_string(running());
        return code;
    }

    void expect_said(const std::string& words) const {
        EXPECT_NE(log().find(words), std::string::npos) << "not said: " << words << "\n" << log();
    }

    rusage usage_{};
};

TEST_F(BadNodes, MissingProgramIsVoid) {
    EXPECT_EQ(run_with(directory_ + "/missing"), 3);
    expect_said("/missing: No such file or directory; build it or name another");
}

TEST_F(BadNodes, ProgramThatMayNotBeExecutedIsVoid) {
    std::ofstream(directory_ + "/file") << "text";

    EXPECT_EQ(run_with(directory_ + "/file"), 3);
    expect_said("/file: Permission denied; build it or name another");
}

TEST_F(BadNodes, DirectoryAsAProgramIsVoid) {
    EXPECT_EQ(run_with(directory_), 3);
    expect_said("is not a file");
}

TEST_F(BadNodes, FileThatIsNoProgramIsVoid) {
    std::ofstream(directory_ + "/file") << "text";
    fs::permissions(directory_ + "/file", fs::perms::owner_all);

    EXPECT_EQ(run_with(directory_ + "/file"), 3);
    expect_said("cannot start " + directory_ + "/file");
}

TEST_F(BadNodes, DyingAtStartIsVoidWithTheLastWords) {
    EXPECT_EQ(run_with(node_script("echo no licence >&2; exit 7")), 3);
    expect_said("ended at the start with exit code 7");
    expect_said("no licence");
}

TEST_F(BadNodes, AddressThatSomebodyTookIsVoidAndNamed) {
    // Another program gets the address between our choice and the node's start.
    const std::string script = node_script(R"sh(
        case "$2" in 2)
            python3 -c "
import socket, sys, time
host, port = sys.argv[1].split(':')
taken = socket.socket()
taken.bind((host, int(port)))
taken.listen()
open('$TMPDIR/taken', 'w')
time.sleep(60)" "$8" &
            until [ -e "$TMPDIR/taken" ]; do sleep 0.05; done;;
        esac
        exec "$node" "$@")sh");

    EXPECT_EQ(run_with(script), 3);
    expect_said("ended at the start with exit code 1");
    expect_said("in use");
}

TEST_F(BadNodes, FloodOfOutputIsBoundedAndSaid) {
    const std::string script = node_script(
        "case \"$2\" in 2) yes flooding the log of this node >&2 & ;; esac\n"
        "exec \"$node\" \"$@\"");
    std::uintmax_t largest = 0;

    const pid_t squall = start({"run",
                                "--nodes",
                                "3",
                                "--faults",
                                "none",
                                "--time-limit",
                                "3",
                                "--node-binary",
                                script,
                                "--out",
                                run_});
    while (waitid(P_PID, static_cast<id_t>(squall), nullptr, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           !running().empty()) {
        std::error_code error;
        const auto size = fs::file_size(run_ + "/nodes/2/log", error);
        largest = error ? largest : std::max(largest, size);
        if (largest > std::uintmax_t{4} << 30U) {
            kill(squall, SIGKILL);
        }
        usleep(20'000);
    }
    const int code = exit_code(squall, &usage_);

    EXPECT_TRUE(code == 0 || code == 2) << log();
    expect_said("n2 wrote more than 64 MiB to its log");
    EXPECT_NE(content_of(run_ + "/results.json").find("n2 wrote more than"), std::string::npos);
    EXPECT_LT(largest, std::uintmax_t{2} << 30U);
    EXPECT_LT(fs::file_size(run_ + "/nodes/2/log"), std::uintmax_t{65} << 20U);
    EXPECT_LT(usage_.ru_maxrss, 1 << 20U);  // KiB.
    EXPECT_TRUE(running().empty()) << to_string(running());
}

TEST_F(BadNodes, FlippedBitInTheLogIsAFindingWithTheNodesReason) {
    // The first node that comes back to a log with records behind the flipped bytes finds them. The
    // segment has its full size from the start, so the zeros do not count.
    const std::string script = node_script(R"sh(
        log="$TMPDIR/../run/nodes/$2/data/wal-0000000000000001"
        if [ -e "$log" ] && [ "$(tr -d '\0' <"$log" | wc -c)" -gt 1000 ] &&
            mkdir "$TMPDIR/flipped"; then
            printf flip | dd of="$log" bs=1 seek=300 conv=notrunc
        fi
        exec "$node" "$@")sh");

    EXPECT_EQ(run_with(script,
                       {"--faults",
                        "kill",
                        "--interval",
                        "0.5",
                        "--time-limit",
                        "4",
                        "--snapshot-interval",
                        "100000"}),
              1);
    expect_said("ended by itself: exit code 3");
    expect_said("damaged record");
}

TEST_F(BadNodes, CrashDuringTeardownIsAFinding) {
    const std::string script =
        node_script("\"$node\" \"$@\" & trap 'echo lost in shutdown >&2; exit 5' TERM; wait");

    EXPECT_EQ(run_with(script), 1);
    expect_said("ended by itself: exit code 5 during teardown");
    expect_said("lost in shutdown");
}

TEST_F(BadNodes, DeathBySignalDuringTeardownIsAFinding) {
    const std::string script = node_script("\"$node\" \"$@\" & trap 'kill -SEGV $$' TERM; wait");

    EXPECT_EQ(run_with(script), 1);
    expect_said("ended by itself: signal 11 (Segmentation fault) during teardown");
}

TEST_F(BadNodes, DeafnessToSigtermIsSaidAndNoFinding) {
    const std::string script =
        node_script("\"$node\" \"$@\" & trap : TERM; while :; do sleep 0.1; done");

    EXPECT_EQ(run_with(script), 0);
    expect_said("n1 did not end within 1 s of SIGTERM and was killed");
}

TEST_F(BadNodes, WrapperAroundTheNodeIsKilledAndPausedWithIt) {
    const std::string script = node_script("\"$node\" \"$@\" & wait");

    EXPECT_EQ(run_with(script, {"--faults", "kill,pause", "--interval", "1", "--time-limit", "5"}),
              0)
        << log();
}

}  // namespace
}  // namespace squall::harness::cli
