// What the checker must be able to do: makes histories as they are described in the project's notes
// on peers, judges each in a process of its own, so that its peak memory is its own, and prints a
// table. Usage: squall-bench-checker [FIRST-WORDS-OF-A-ROW]
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "checker/linearizability.hpp"
#include "tests/bench/etcd_logs.hpp"
#include "tests/checker/support/simulated_history.hpp"

namespace {

using squall::checker::CheckOptions;
using squall::checker::EngineChoice;
using squall::checker::Model;
using squall::checker::testing::Simulated;
using squall::checker::testing::SimulatedShape;

struct Row {
    const char* name;
    const char* must;
    SimulatedShape shape;
    const char* model;
    CheckOptions options;
    bool stale = false;
};

std::vector<Row> rows() {
    constexpr std::size_t million = 1'000'000;
    const SimulatedShape unique{.seed = 1, .operations = million, .clients = 50, .crash = 0.05};
    const auto searched = [](std::size_t clients) {
        return SimulatedShape{.seed = 1, .operations = 1000, .clients = clients};
    };
    const auto repeated = [](std::size_t clients) {
        SimulatedShape shape{.seed = 1, .operations = 10'000, .clients = clients, .crash = 0.01};
        shape.values = 5;
        return shape;
    };
    const auto object = [](Simulated kind, std::size_t operations, std::size_t keys, double crash) {
        return SimulatedShape{.object = kind,
                              .seed = 1,
                              .operations = operations,
                              .clients = 50,
                              .keys = keys,
                              .crash = crash};
    };
    CheckOptions search;
    search.engine = EngineChoice::search;
    CheckOptions two;
    two.threads = 2;
    return {
        {"cas unique 1 key 1M C=50 5% crashed", "< 1.0 s, < 200 MB", unique, "cas-register", {}},
        {"cas unique 1 key 1M C=50 5% crashed, stale read",
         "< 1.0 s, < 200 MB",
         unique,
         "cas-register",
         {},
         true},
        {"cas unique 1k C=20, search", "< 100 ms", searched(20), "cas-register", search},
        {"cas unique 1k C=50, search", "bounded, < 1 GB", searched(50), "cas-register", search},
        {"cas 0..4 10k C=5 1% crashed", "< 110 ms", repeated(5), "cas-register", {}},
        {"cas 0..4 10k C=20 1% crashed", "bounded, < 1 GB", repeated(20), "cas-register", {}},
        {"kv 100 keys 1M C=50",
         "< 3 s, < 500 MB",
         object(Simulated::text, million, 100, 0),
         "kv",
         two},
        {"kv 100 keys 1M C=50, stale read",
         "< 3 s, < 500 MB",
         object(Simulated::text, million, 100, 0),
         "kv",
         two,
         true},
        {"kv 10 keys 100k C=50 1% crashed",
         "< 5 s",
         object(Simulated::text, million / 10, 10, 0.01),
         "kv",
         two},
        {"append lists 100 keys 1M C=50 1% crashed",
         "< 3 s, < 1 GB",
         object(Simulated::list, million, 100, 0.01),
         "append-list",
         two},
    };
}

/// Peak memory of this process so far.
double peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Of all threads.
double cpu_milliseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto milliseconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}

void judge(const Row& row) {
    auto history = squall::checker::testing::simulate(row.shape);
    if (row.stale && !squall::checker::testing::make_stale(history)) {
        std::printf("%-50s has no place for a stale read\n", row.name);
        return;
    }
    const Model& model = *squall::checker::find_model(row.model);
    const double made = peak_megabytes();
    const double cpu_before = cpu_milliseconds();
    const auto begin = std::chrono::steady_clock::now();
    const auto result = squall::checker::check_linearizable(history, model, row.options);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("%-50s %9.1f ms (CPU %7.1f) %5.0f MB (history %4.0f) %-8s %-20s %s\n",
                row.name,
                took.count(),
                cpu_milliseconds() - cpu_before,
                peak_megabytes(),
                made,
                to_string(result.verdict),
                row.must,
                squall::checker::engines_line(result).c_str());
}

/// All of them together.
void judge_etcd_logs() {
    const auto histories = squall::checker::testing::read_etcd_logs(SQUALL_ETCD_LOGS);
    std::array<int, 3> verdicts{};
    const double cpu_before = cpu_milliseconds();
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& history : histories) {
        const auto result = squall::checker::check_linearizable(
            history, *squall::checker::find_model("cas-register"), CheckOptions{});
        ++verdicts.at(static_cast<std::size_t>(result.verdict));
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("%-50s %9.1f ms (CPU %7.1f) %5.0f MB %d valid, %d unknown, %d invalid; < 100 ms\n",
                fmt::format("{} recorded logs of etcd", histories.size()).c_str(),
                took.count(),
                cpu_milliseconds() - cpu_before,
                peak_megabytes(),
                verdicts[0],
                verdicts[1],
                verdicts[2]);
}

/// In a process of its own.
template <typename Work>
void apart(const char* name, const Work& work) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        work();
        std::fflush(stdout);
        std::_Exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        std::printf("%-50s ended abnormally\n", name);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view wanted = argc > 1 ? argv[1] : "";
    for (const Row& row : rows()) {
        if (std::string_view(row.name).starts_with(wanted)) {
            apart(row.name, [&] { judge(row); });
        }
    }
    if (std::string_view("recorded logs of etcd").starts_with(wanted)) {
        apart("recorded logs of etcd", judge_etcd_logs);
    }
    return 0;
}
