#include "harness/report/fault_coverage.hpp"

#include <algorithm>
#include <variant>

#include "harness/report/cluster_past.hpp"
#include "harness/report/fault_rows.hpp"

namespace squall::harness::report {
namespace {

constexpr Time starting = std::chrono::milliseconds(500);
constexpr Time snapshotting = std::chrono::milliseconds(100);
constexpr Time replicating = std::chrono::milliseconds(50);

constexpr const char* roles[] = {"leader", "follower", "candidate"};
constexpr const char* phases[] = {"idle", "replicating", "snapshotting", "electing"};

/// Moments of one kind on one node, by time.
using Moments = std::map<NodeId, std::vector<Time>>;

bool any(const Moments& moments, NodeId node, Time from, Time to) {
    const auto found = moments.find(node);
    if (found == moments.end()) {
        return false;
    }
    const auto first = std::ranges::lower_bound(found->second, from);
    return first != found->second.end() && *first <= to;
}

class Phases {
  public:
    Phases(const Material& material, Time origin) : past_(material.traces, origin, {}) {
        for (const checker::TraceRecord& record : material.traces) {
            const Time at = Time(record.raw_time_ns) - origin;
            if (std::holds_alternative<checker::TraceInit>(record.body)) {
                starts_[record.node].push_back(at);
            } else if (std::holds_alternative<checker::TraceSnapshot>(record.body)) {
                snapshots_[record.node].push_back(at);
            } else if (std::holds_alternative<checker::TraceAppend>(record.body)) {
                appends_[record.node].push_back(at);
            }
        }
        for (Moments* moments : {&starts_, &snapshots_, &appends_}) {
            for (auto& [node, times] : *moments) {
                std::ranges::sort(times);
            }
        }
    }

    [[nodiscard]] std::string of(NodeId node, Time at) const {
        if (!past_.nodes().contains(node)) {
            return "unknown";
        }
        if (any(starts_, node, at - starting, at)) {
            return "starting";
        }
        if (electing(at)) {
            return "electing";
        }
        if (any(snapshots_, node, at - snapshotting, at + snapshotting)) {
            return "snapshotting";
        }
        return any(appends_, node, at - replicating, at) ? "replicating" : "idle";
    }

  private:
    [[nodiscard]] bool electing(Time at) const {
        bool led = false;
        for (const NodeId node : past_.nodes()) {
            const auto* role = past_.role_at(node, at);
            if (role != nullptr && (role->role == "candidate" || role->role == "pre_candidate")) {
                return true;
            }
            led = led || (role != nullptr && role->role == "leader");
        }
        return !led;
    }

    ClusterPast past_;
    Moments starts_;
    Moments snapshots_;
    Moments appends_;
};

}  // namespace

FaultCoverage fault_coverage(const Material& material, history::Time origin) {
    const Phases phases_of(material, origin);
    FaultCoverage coverage;
    for (const char* role : roles) {
        for (const char* phase : phases) {
            coverage.columns.emplace_back(role, phase);
        }
    }
    for (const FaultRow& fault : fault_rows(material.events)) {
        if (fault.skipped) {
            continue;
        }
        for (const history::FaultTarget& target : fault.targets) {
            const RoleAndPhase cell{target.role == "pre_candidate" ? "candidate" : target.role,
                                    phases_of.of(target.node, fault.begin)};
            ++coverage.cells[fault.name][cell];
            if (std::ranges::find(coverage.columns, cell) == coverage.columns.end()) {
                coverage.columns.push_back(cell);
            }
        }
    }
    const auto rank = [](const RoleAndPhase& column) {
        const auto* role = std::ranges::find(roles, column.first);
        const auto* phase = std::ranges::find(phases, column.second);
        return std::tuple(role, column.first, phase, column.second);
    };
    std::ranges::sort(coverage.columns, {}, rank);
    return coverage;
}

}  // namespace squall::harness::report
