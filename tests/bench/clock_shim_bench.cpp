// What the clock shim costs and how exact it is, with and without it side by side: a read of the
// clock, waits at several rates, the time until a new rate reaches a thread that sleeps.
//
//   clock_shim_bench [rounds=5]
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sstream>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "tests/harness/process/clock_shim/shimmed.hpp"

namespace {

using squall::harness::process::ClockControl;
using squall::harness::process::test::Shimmed;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

nanoseconds raw_now() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

std::vector<std::string> probe(const std::string& what, milliseconds time = {}) {
    return {CLOCK_PROBE, what, std::to_string(time.count())};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure_reads(int rounds) {
    std::vector<double> plain;
    std::vector<double> undisturbed;
    std::vector<double> bent;
    for (int i = 0; i < rounds; ++i) {
        plain.push_back(std::stod(Shimmed(probe("bench"), {}).line()));
        ClockControl clock;
        undisturbed.push_back(std::stod(Shimmed(clock, probe("bench")).line()));
        clock.set({.rate = 2});
        bent.push_back(std::stod(Shimmed(clock, probe("bench")).line()));
    }
    const double base = median(plain);
    fmt::print("a read of the clock, median of {}: {:.1f} ns without the shim\n", rounds, base);
    for (const auto& [name, values] :
         {std::pair("no rule", undisturbed), std::pair("rate 2", bent)}) {
        fmt::print("  under it, {}: {:.1f} ns, {:+.1f} ns, x {:.2f}\n",
                   name,
                   median(values),
                   median(values) - base,
                   median(values) / base);
    }
}

/// How much longer than commanded, in percent.
double excess(const std::string& how, double rate, milliseconds time) {
    ClockControl clock;
    clock.set({.rate = rate});
    Shimmed program(clock, probe(how, time));
    program.line();
    std::istringstream line(program.line());
    double took_ns = 0;
    line >> took_ns;
    return (took_ns * 1e-6 * rate / static_cast<double>(time.count()) - 1) * 100;
}

void measure_waits(int rounds) {
    fmt::print("waits, longer than commanded by (median and worst of {}):\n", rounds);
    for (const double rate : {0.5, 2.0, 5.0}) {
        const milliseconds time(static_cast<int>(1000 * rate));
        for (const char* how : {"sleep_for", "cv_steady", "cv_system", "epoll", "timerfd"}) {
            std::vector<double> values;
            for (int i = 0; i < rounds; ++i) {
                values.push_back(excess(how, rate, time));
            }
            fmt::print("  rate {:3}, {:9} of {} ms: {:+.3f} %, {:+.3f} %\n",
                       rate,
                       how,
                       time.count(),
                       median(values),
                       *std::max_element(values.begin(), values.end()));
        }
    }
}

void measure_reach(int rounds) {
    std::vector<double> values;
    for (int i = 0; i < rounds * 4; ++i) {
        ClockControl clock;
        clock.set({.rate = 0});
        Shimmed program(clock, probe("sleep_for", milliseconds(1000)));
        program.line();
        (void)program.says_something_within(milliseconds(50 + 7 * i));
        const nanoseconds changed = raw_now();
        clock.set({.rate = 1e6});
        std::istringstream line(program.line());
        nanoseconds::rep took = 0;
        nanoseconds::rep ended = 0;
        line >> took >> ended;
        values.push_back(static_cast<double>(ended - changed.count()) * 1e-6);
    }
    fmt::print("a new rate reaches a sleeping thread after {:.1f} ms, {:.1f} ms at worst of {}\n",
               median(values),
               *std::max_element(values.begin(), values.end()),
               values.size());
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    measure_reads(rounds);
    measure_waits(rounds);
    measure_reach(rounds);
    return 0;
}
