// Programs of others under clock faults. Each test asks the running program for its time right
// after a jump: what it answers must show the jump, however long the answer takes.
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/process/addresses.hpp"
#include "shimmed.hpp"
#include "tests/harness/process/support.hpp"

namespace squall::harness::process::test {

namespace {

using std::chrono::hours;

constexpr auto day = std::chrono::duration_cast<std::chrono::nanoseconds>(hours(24));

bool runs(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// Asks for the Date that the server writes into its answers; 0: no answer. By bash, since no
/// library for HTTP is at hand.
std::time_t date_of(const Endpoint& server) {
    const std::string script = fmt::format(
        "exec 2>/dev/null; exec 3<>/dev/tcp/{}/{} || exit; printf 'GET /version "
        "HTTP/1.0\\r\\n\\r\\n' >&3;"
        " timeout 10 cat <&3",
        server.host,
        server.port);
    Shimmed client({"bash", "-c", script}, {});
    for (std::string line = client.line(); !line.empty(); line = client.line()) {
        std::tm date{};
        if (line.starts_with("Date: ") &&
            ::strptime(line.c_str(), "Date: %a, %d %b %Y %H:%M:%S GMT", &date) != nullptr) {
            return ::timegm(&date);
        }
    }
    return 0;
}

}  // namespace

TEST(ClockFaults, ARunningPythonSeesAJumpAtOnce) {
    if (!runs("python3 -c pass")) {
        GTEST_SKIP() << "python3 is not installed";
    }
    ClockControl clock;
    Shimmed python(
        clock, {"python3", "-uc", "import sys, time\nfor _ in sys.stdin: print(int(time.time()))"});
    const long before = std::stol(python.answer(""));

    clock.set({.realtime_jump = day});

    EXPECT_NEAR(std::stod(python.answer("")), static_cast<double>(before) + 86'400, 60);
}

// Go asks the vDSO and not the C library.
TEST(ClockFaults, ARunningEtcdSeesAJumpAtOnce) {
    const char* found = std::getenv("SQUALL_ETCD");
    const std::string program = found != nullptr ? found : ETCD;
    if (!std::filesystem::exists(program)) {
        GTEST_SKIP() << program << " is not there: scripts/test fetches it where it can";
    }
    if (const auto problem = clock_problem(program, CLOCK_SHIM)) {
        GTEST_SKIP() << *problem;
    }
    const TemporaryDirectory directory;
    const Subnet subnet(1);
    const std::string client_url = "http://" + to_string(subnet.client(1));
    const std::string peer_url = "http://" + to_string(subnet.peer(1));
    ClockControl clock;
    const Shimmed etcd(clock,
                       {program,
                        "--data-dir=" + (directory / "data"),
                        "--listen-client-urls=" + client_url,
                        "--advertise-client-urls=" + client_url,
                        "--listen-peer-urls=" + peer_url,
                        "--initial-advertise-peer-urls=" + peer_url,
                        "--initial-cluster=default=" + peer_url,
                        "--logger=zap",
                        "--log-outputs=" + (directory / "log")});
    const auto deadline = std::chrono::steady_clock::now() + hang_bound;
    std::time_t before = 0;
    while (before == 0 && std::chrono::steady_clock::now() < deadline) {
        before = date_of(subnet.client(1));
    }
    std::ifstream log(directory / "log");
    ASSERT_NE(before, 0) << std::string(std::istreambuf_iterator<char>(log), {});

    clock.set({.realtime_jump = day});

    const std::time_t after = date_of(subnet.client(1));
    EXPECT_NEAR(static_cast<double>(after - before), 86'400, 60);
    EXPECT_GE(clock.reading().changes, 1U);
}

}  // namespace squall::harness::process::test
