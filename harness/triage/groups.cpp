#include "harness/triage/groups.hpp"

#include <algorithm>
#include <tuple>

namespace squall::harness::triage {
namespace {

using store::FailureRow;

/// The rule of three: after n runs without it, a rate above 3/n is refused with 95 % confidence.
constexpr double rule_of_three = 3;

std::uint64_t seeds_in(const NightSeeds& night, const std::set<std::string>& cells) {
    std::uint64_t seeds = 0;
    for (const std::string& cell : cells) {
        const auto found = night.seeds.find(cell);
        seeds += found == night.seeds.end() ? 0 : found->second;
    }
    return seeds;
}

/// Those that are still there first, then the cheapest, those with the fewest faults, the newest.
bool cheaper(const FailureRow& a, const FailureRow& b) {
    const auto key = [](const FailureRow& row) {
        const bool none = row.failure.faults == "none";
        const auto classes = none ? 0 : std::ranges::count(row.failure.faults, '+') + 1;
        return std::tuple(!row.kept, row.failure.cost_s, classes, -row.id);
    };
    return key(a) < key(b);
}

class Grouping {
  public:
    explicit Grouping(const std::vector<NightSeeds>& nights) : nights_(nights) {
        for (std::size_t i = 0; i < nights.size(); ++i) {
            position_[nights[i].suite] = i;
        }
    }

    [[nodiscard]] bool concerns(const FailureRow& row) const {
        return position_.contains(row.suite);
    }

    [[nodiscard]] Group make(const std::vector<const FailureRow*>& rows) const {
        const FailureRow& best = **std::ranges::min_element(
            rows, [](const FailureRow* a, const FailureRow* b) { return cheaper(*a, *b); });
        Group group;
        group.signature = best.failure.signature;
        group.check = best.failure.check;
        group.reason = best.failure.reason;
        group.faults = best.failure.faults;
        group.command = best.failure.command;
        group.directory = best.directory;
        group.cost_s = best.failure.cost_s;
        group.failures_total = rows.size();
        group.first_seen = rows.front()->at;
        std::vector<std::size_t> seen(nights_.size(), 0);
        for (const FailureRow* row : rows) {
            ++seen[position_.at(row->suite)];
            group.cells.insert(row->cell);
            group.first_seen = std::min(group.first_seen, row->at);
            group.last_seen = std::max(group.last_seen, row->at);
        }
        group.failures = seen.back();
        group.seeds = seeds_in(nights_.back(), group.cells);
        set_rate_and_state(group, seen);
        return group;
    }

  private:
    void set_rate_and_state(Group& group, const std::vector<std::size_t>& seen) const {
        const auto first = std::ranges::find_if(seen, [](std::size_t n) { return n > 0; });
        std::size_t last = seen.size() - 1;
        while (seen[last] == 0) {
            --last;
        }
        const std::uint64_t seeds = seeds_in(nights_[last], group.cells);
        group.rate = seeds == 0 ? 0 : static_cast<double>(seen[last]) / static_cast<double>(seeds);
        if (last + 1 < seen.size()) {
            const bool enough = static_cast<double>(group.seeds) * group.rate >= rule_of_three;
            group.state = enough ? GroupState::fixed : GroupState::absent;
        } else if (first + 1 == seen.end()) {
            group.state = GroupState::fresh;
        } else {
            const bool always = std::ranges::none_of(
                first, seen.end(), [](std::size_t failures) { return failures == 0; });
            group.state = always ? GroupState::known : GroupState::flaky;
        }
    }

    const std::vector<NightSeeds>& nights_;
    std::map<store::RowId, std::size_t> position_;
};

}  // namespace

const char* to_string(GroupState state) {
    switch (state) {
        case GroupState::fresh:
            return "new";
        case GroupState::known:
            return "known";
        case GroupState::flaky:
            return "flaky";
        case GroupState::absent:
            return "absent";
        case GroupState::fixed:
            return "fixed";
    }
    return "";
}

std::vector<Group> group_failures(const std::vector<FailureRow>& failures,
                                  const std::vector<NightSeeds>& nights) {
    const Grouping grouping(nights);
    std::map<std::string, std::vector<const FailureRow*>> by_signature;
    for (const FailureRow& row : failures) {
        if (grouping.concerns(row)) {
            by_signature[row.failure.signature].push_back(&row);
        }
    }
    std::vector<Group> groups;
    for (const auto& [signature, rows] : by_signature) {
        groups.push_back(grouping.make(rows));
    }
    std::ranges::stable_sort(groups, [](const Group& a, const Group& b) {
        const auto key = [](const Group& group) {
            return std::tuple(
                group.failures == 0, group.state, -static_cast<double>(group.failures));
        };
        return key(a) < key(b);
    });
    return groups;
}

}  // namespace squall::harness::triage
