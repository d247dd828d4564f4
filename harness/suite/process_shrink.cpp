#include "harness/suite/process_shrink.hpp"

namespace squall::harness::suite {

double shrinking_needs_s(const FailureOnProcesses& failure, double shrink_s) {
    return shrink_s + static_cast<double>(process_confirm_runs) * failure.run_s;
}

std::string why_not_shrunk(const FailureOnProcesses& failure, double shrink_s, double left_s) {
    if (shrink_s <= 0) {
        return "the suite has no process_shrink";
    }
    if (failure.suite_ends) {
        return "the suite ended with it";
    }
    if (failure.group_was_had) {
        return "another of its kind was taken";
    }
    if (left_s < shrinking_needs_s(failure, shrink_s)) {
        return "the budget was nearly spent";
    }
    return "";
}

}  // namespace squall::harness::suite
