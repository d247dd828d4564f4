#include "harness/shrink/observed_run.hpp"

#include <algorithm>
#include <map>

namespace squall::harness::shrink {
namespace {

using checker::Check;
using history::Event;
using history::EventType;

bool is_invalid(const Check& check) {
    return check.verdict == checker::Verdict::invalid;
}

/// Which slot each logical client has: the first ones one each, and whoever follows on a client in
/// doubt its slot. Clients are numbered as they come into being.
class Slots {
  public:
    explicit Slots(std::uint32_t count) : count_(count), next_client_(count) {}

    [[nodiscard]] std::uint32_t of(history::ClientId client) const {
        const auto number = static_cast<std::uint64_t>(client);
        const auto found = successors_.find(number);
        return found == successors_.end() ? static_cast<std::uint32_t>(number % count_)
                                          : found->second;
    }

    void retire(history::ClientId client) { successors_[next_client_++] = of(client); }

  private:
    std::uint32_t count_;
    std::uint64_t next_client_;
    std::map<std::uint64_t, std::uint32_t> successors_;
};

}  // namespace

std::string failing_check(const Results& results) {
    const auto found = std::ranges::find_if(results.checks, is_invalid);
    return found == results.checks.end() ? std::string() : found->name;
}

bool fails(const Results& results, const std::string& check) {
    return std::ranges::any_of(
        results.checks, [&](const Check& each) { return is_invalid(each) && each.name == check; });
}

std::optional<Time> violation_time(const Results& results,
                                   const std::string& check,
                                   std::span<const Event> events) {
    std::optional<Time> latest;
    for (const Check& each : results.checks) {
        if (!is_invalid(each) || each.name != check) {
            continue;
        }
        for (const std::uint64_t index : each.evidence) {
            if (index < events.size()) {
                latest = std::max(latest.value_or(Time{}), events[index].time);
            }
        }
        return latest;
    }
    return latest;
}

std::vector<PlannedOperation> operations_of(std::span<const Event> events, const Plan& plan) {
    std::vector<PlannedOperation> operations;
    Slots taken(std::max<std::uint32_t>(plan.concurrency, 1));
    const auto* workload = workloads::find_workload(plan.workload);
    const auto object = workload == nullptr ? workloads::Object::value : workload->object();
    for (const Event& event : events) {
        if (event.final_read || event.client < 0) {
            continue;
        }
        if (event.type == EventType::invoke) {
            operations.push_back({.slot = taken.of(event.client),
                                  .node = event.node,
                                  .at = event.time,
                                  .request = {event.function, event.key, event.value, object}});
        } else if (event.type == EventType::info || event.error == "session-expired") {
            taken.retire(event.client);
        }
    }
    return operations;
}

}  // namespace squall::harness::shrink
