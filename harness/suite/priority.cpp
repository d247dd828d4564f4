#include "harness/suite/priority.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace squall::harness::suite {

double uncovered_share(const Cell& cell, const store::CellPast& past) {
    if (cell.like.fault_classes.empty()) {
        return past.attempts == 0 ? 1 : 0;
    }
    constexpr std::array<const char*, 2> roles = {"leader", "follower"};
    std::size_t missing = 0;
    for (const std::string& fault : cell.like.fault_classes) {
        for (const char* role : roles) {
            missing += past.covered.contains({fault, role}) ? 0U : 1U;
        }
    }
    return static_cast<double>(missing) /
           static_cast<double>(cell.like.fault_classes.size() * roles.size());
}

double deserved_weight(const Cell& cell, const store::CellPast& past, const std::string& version) {
    const double never_run = past.attempts == 0 ? 2 : 1;
    const double failures = std::min(3.0, 1 + 0.5 * static_cast<double>(past.failures_recent));
    const double new_code = past.last_version == version ? 1 : 1.5;
    return cell.weight * never_run * (1 + uncovered_share(cell, past)) * failures * new_code;
}

}  // namespace squall::harness::suite
