// Time that passed, for what is shown to people and for budgets.
#pragma once

#include <chrono>

#include "history/event.hpp"

namespace squall::harness::cli {

[[nodiscard]] inline double seconds_since(std::chrono::steady_clock::time_point begun) {
    return history::to_seconds(std::chrono::steady_clock::now() - begun);
}

}  // namespace squall::harness::cli
