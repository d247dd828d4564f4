#include "harness/cli/suite_clock.hpp"

#include <ctime>

#include "harness/cli/suite_owner.hpp"
#include "harness/suite/schedule.hpp"

namespace squall::harness::cli {

SuiteClock::SuiteClock(const store::SuiteRow& suite, const suite::Budget& budget)
    : before_ms_(suite.elapsed_ms), started_(suite.started), budget_(budget) {}

std::int64_t SuiteClock::elapsed_ms() const {
    return before_ms_ +
           static_cast<std::int64_t>(history::to_seconds(Steady::now() - begun_) * 1000);
}

double SuiteClock::left_s() const {
    if (!budget_.until_minute) {
        return budget_.seconds - static_cast<double>(elapsed_ms()) / 1000;
    }
    const auto started = std::time_t{started_ / 1000};
    std::tm local{};
    ::localtime_r(&started, &local);
    const int second = (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec;
    const double whole = suite::seconds_until(*budget_.until_minute, second);
    return whole - static_cast<double>(unix_ms() - started_) / 1000;
}

}  // namespace squall::harness::cli
