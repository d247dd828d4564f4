#include "harness/cli/budget.hpp"

#include <cstdint>
#include <cstdio>

#include "harness/failure.hpp"

namespace squall::harness::cli {

std::chrono::nanoseconds read_budget(const std::string& flag, const std::string& text) {
    double amount = 0;
    char unit = 's';
    char rest = 0;
    const int read = std::sscanf(text.c_str(), "%lf%c%c", &amount, &unit, &rest);
    const double seconds = unit == 's' ? 1 : (unit == 'm' ? 60 : (unit == 'h' ? 3600 : 0));
    constexpr double most = 7 * 24 * 3600;
    if (read < 1 || read > 2 || seconds == 0 || !(amount * seconds > 0) ||
        amount * seconds > most) {
        throw UsageError(flag + ": must be a time such as 90s, 5m or 1h, at most a week");
    }
    return std::chrono::nanoseconds(static_cast<std::int64_t>(amount * seconds * 1e9));
}

}  // namespace squall::harness::cli
