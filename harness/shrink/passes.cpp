#include "harness/shrink/passes.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "harness/shrink/config_edits.hpp"
#include "harness/shrink/ddmin.hpp"
#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/plan_edits.hpp"

namespace squall::harness::shrink {
namespace {

using std::chrono::milliseconds;

/// A run ends this much after the start of what is last in it, so that it does start.
constexpr Duration after_last = std::chrono::microseconds(100);
/// Gaps below this are as good as none.
constexpr Duration short_gap = milliseconds(1);
constexpr Duration gap_worth_halving = milliseconds(20);
constexpr Duration run_worth_halving = milliseconds(10);
/// With more things than that in a plan their gaps are not looked at one by one.
constexpr std::size_t gaps_max = 100;

class Trials final : public Pass {
  public:
    Trials(std::vector<Trial> all, Repeat repeat, bool until_first)
        : all_(std::move(all)), repeat_(repeat), until_first_(until_first) {}

    [[nodiscard]] std::optional<Plan> next(const Plan& best) override {
        while (position_ < all_.size()) {
            if (auto candidate = all_[position_](best)) {
                return candidate;
            }
            ++position_;
        }
        return std::nullopt;
    }

    void verdict(bool fails) override {
        if (fails && until_first_) {
            position_ = all_.size();
        } else if (!fails || repeat_ == Repeat::no) {
            ++position_;
        }
    }

  private:
    std::vector<Trial> all_;
    Repeat repeat_;
    bool until_first_;
    std::size_t position_ = 0;
};

/// Delta debugging over groups of entries of one plan.
class Groups final : public Pass {
  public:
    using Keep = Plan (*)(const Plan&, std::span<const std::size_t>);

    Groups(Plan plan, std::vector<std::vector<std::size_t>> groups, Keep keep)
        : plan_(std::move(plan)), groups_(std::move(groups)), keep_(keep), ddmin_(groups_.size()) {}

    [[nodiscard]] std::optional<Plan> next(const Plan& /*best*/) override {
        const auto kept = ddmin_.next();
        if (!kept) {
            return std::nullopt;
        }
        std::vector<std::size_t> entries;
        for (const std::size_t group : *kept) {
            entries.insert(entries.end(), groups_[group].begin(), groups_[group].end());
        }
        std::ranges::sort(entries);
        return keep_(plan_, entries);
    }

    void verdict(bool fails) override { ddmin_.verdict(fails); }

  private:
    Plan plan_;
    std::vector<std::vector<std::size_t>> groups_;
    Keep keep_;
    Ddmin ddmin_;
};

class SimplerFaults final : public Pass {
  public:
    [[nodiscard]] std::optional<Plan> next(const Plan& best) override {
        for (; fault_ < best.faults.size(); ++fault_, change_ = 0) {
            const auto changes = simpler(best.faults[fault_]);
            if (change_ < changes.size()) {
                Plan candidate = best;
                candidate.faults[fault_] = changes[change_];
                return candidate;
            }
        }
        return std::nullopt;
    }

    void verdict(bool fails) override {
        // What comes after a change that worked has moved into its place, or is it once more.
        change_ += fails ? 0 : 1;
    }

  private:
    std::size_t fault_ = 0;
    std::size_t change_ = 0;
};

std::vector<std::vector<std::size_t>> groups_of(const std::vector<PlannedOperation>& operations,
                                                Together together) {
    std::map<std::string, std::vector<std::size_t>> groups;
    std::vector<std::vector<std::size_t>> in_order;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        switch (together) {
            case Together::key:
                groups[operations[i].request.key].push_back(i);
                break;
            case Together::client:
                groups[std::to_string(operations[i].slot)].push_back(i);
                break;
            case Together::one:
                in_order.push_back({i});
                break;
        }
    }
    for (auto& [unused, group] : groups) {
        in_order.push_back(std::move(group));
    }
    return in_order;
}

/// The length that leaves all starts in the run.
Time last_start(const Plan& plan) {
    Time last{};
    for (const nemesis::PlannedFault& fault : plan.faults) {
        last = std::max(last, fault.at);
    }
    if (plan.operations && !plan.operations->empty()) {
        last = std::max(last, plan.operations->back().at);
    }
    return last;
}

std::optional<Plan> shortened(const Plan& plan, Time limit) {
    return limit < plan.time_limit && limit > Time{} ? std::optional(cut_at(plan, limit))
                                                     : std::nullopt;
}

std::optional<Plan> unconditional(const Plan& plan, std::size_t position) {
    if (position >= plan.operations->size()) {
        return std::nullopt;
    }
    const workloads::Request& request = (*plan.operations)[position].request;
    const auto* arguments = request.value.as_list();
    if (!workloads::is_conditional(request.function) || arguments == nullptr ||
        arguments->empty()) {
        return std::nullopt;
    }
    Plan simpler = plan;
    (*simpler.operations)[position].request = {
        "write", request.key, arguments->back(), request.object};
    return simpler;
}

}  // namespace

std::unique_ptr<Pass> trials(std::vector<Trial> all, Repeat repeat) {
    return std::make_unique<Trials>(std::move(all), repeat, false);
}

std::unique_ptr<Pass> first_that_works(std::vector<Trial> all) {
    return std::make_unique<Trials>(std::move(all), Repeat::no, true);
}

std::unique_ptr<Pass> fewer_faults(const Plan& plan) {
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
        groups.push_back({i});
    }
    return std::make_unique<Groups>(plan, std::move(groups), with_faults);
}

std::unique_ptr<Pass> fewer_operations(const Plan& plan, Together together) {
    return plan.operations ? std::make_unique<Groups>(
                                 plan, groups_of(*plan.operations, together), with_operations)
                           : trials({}, Repeat::no);
}

std::unique_ptr<Pass> fewer_nodes(const Plan& plan) {
    std::vector<Trial> all;
    for (NodeId node = plan.nodes; node >= 1; --node) {
        all.emplace_back([node](const Plan& best) { return without_node(best, node); });
    }
    return trials(std::move(all), Repeat::no);
}

std::unique_ptr<Pass> shorter_run() {
    std::vector<Trial> all;
    all.emplace_back([](const Plan& best) {
        return best.operations ? shortened(best, last_start(best) + after_last) : std::nullopt;
    });
    for (const int kept : {8, 12, 14}) {
        all.emplace_back([kept](const Plan& best) {
            return best.time_limit >= run_worth_halving
                       ? shortened(best, best.time_limit / 16 * kept)
                       : std::nullopt;
        });
    }
    return trials(std::move(all), Repeat::yes);
}

std::unique_ptr<Pass> shorter_gaps(const Plan& plan) {
    std::vector<Trial> all;
    const std::size_t gaps = moments(plan).size();
    for (std::size_t i = 0; i < gaps && gaps <= gaps_max; ++i) {
        all.emplace_back([i](const Plan& best) { return with_gap(best, i, short_gap); });
        all.emplace_back([i](const Plan& best) -> std::optional<Plan> {
            const std::vector<Time> times = moments(best);
            if (i + 1 >= times.size() || times[i + 1] - times[i] < gap_worth_halving) {
                return std::nullopt;
            }
            return with_gap(best, i, (times[i + 1] - times[i]) / 2);
        });
    }
    return trials(std::move(all), Repeat::yes);
}

std::unique_ptr<Pass> simpler_faults() {
    return std::make_unique<SimplerFaults>();
}

std::unique_ptr<Pass> simpler_configuration() {
    std::vector<Trial> all = usual_configuration();
    for (Edit& edit : less_room()) {
        all.push_back(std::move(edit));
    }
    return trials(std::move(all), Repeat::no);
}

std::unique_ptr<Pass> simpler_operations(const Plan& plan) {
    std::vector<Trial> all{tidied};
    for (std::size_t i = 0; plan.operations && i < plan.operations->size(); ++i) {
        all.emplace_back([i](const Plan& best) { return unconditional(best, i); });
    }
    return trials(std::move(all), Repeat::no);
}

}  // namespace squall::harness::shrink
