#include "harness/triage/trace_view.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace squall::harness::triage {
namespace {

using checker::TraceAppend;
using checker::TraceCommit;
using checker::TraceHardState;
using checker::TraceInit;
using checker::TraceRecord;
using checker::TraceRole;
using checker::TraceSnapshot;

/// A log of more is not looked at: what is left after shrinking is short.
constexpr std::uint64_t log_max = 1'000'000;

}  // namespace

TraceView::TraceView(std::span<const TraceRecord> records,
                     std::uint32_t nodes,
                     std::int64_t origin_ns)
    : records_(records), nodes_(nodes), origin_ns_(origin_ns) {}

bool TraceView::committed(std::uint64_t index, history::Time at) const {
    return std::ranges::any_of(records_, [&](const TraceRecord& record) {
        const auto* commit = std::get_if<TraceCommit>(&record.body);
        return commit != nullptr && commit->index >= index && record.raw_time_ns <= time_of(at);
    });
}

RoleAt TraceView::role(NodeId node, history::Time at) const {
    RoleAt found;
    for (const TraceRecord& record : records_) {
        if (record.node != node || record.raw_time_ns > time_of(at)) {
            continue;
        }
        if (const auto* init = std::get_if<TraceInit>(&record.body)) {
            found = {.role = "follower", .term = init->term};
        } else if (const auto* role = std::get_if<TraceRole>(&record.body)) {
            found = {.role = role->role, .term = role->term};
        } else if (const auto* commit = std::get_if<TraceCommit>(&record.body)) {
            found.unconfirmed = found.unconfirmed && commit->match.empty();
        }
    }
    return found;
}

bool TraceView::led_without_majority() const {
    std::set<std::pair<std::uint64_t, NodeId>> led;
    std::map<std::pair<std::uint64_t, NodeId>, std::set<NodeId>> votes;
    for (const TraceRecord& record : records_) {
        if (const auto* role = std::get_if<TraceRole>(&record.body); role != nullptr) {
            if (role->role == "leader") {
                led.emplace(role->term, record.node);
            }
        } else if (const auto* state = std::get_if<TraceHardState>(&record.body)) {
            if (state->vote != 0) {
                votes[{state->term, state->vote}].insert(record.node);
            }
        }
    }
    return std::ranges::any_of(led, [&](const auto& leader) {
        const auto found = votes.find(leader);
        return (found == votes.end() ? 0 : found->second.size()) < nodes_ / 2 + 1;
    });
}

TraceView::Log TraceView::log_of(NodeId node) const {
    Log log;
    for (const TraceRecord& record : records_) {
        if (record.node != node) {
            continue;
        }
        if (const auto* init = std::get_if<TraceInit>(&record.body)) {
            log.snapshot = init->snapshot_index;
            log.terms.resize(std::min(init->last_index, log_max), 0);
        } else if (const auto* append = std::get_if<TraceAppend>(&record.body)) {
            if (append->first > 0 && append->first + append->terms.size() <= log_max) {
                log.terms.resize(append->first - 1, 0);
                log.terms.insert(log.terms.end(), append->terms.begin(), append->terms.end());
            }
        } else if (const auto* snapshot = std::get_if<TraceSnapshot>(&record.body)) {
            log.snapshot = snapshot->index;
            if (snapshot->installed && log.terms.size() < snapshot->index) {
                log.terms.resize(std::min(snapshot->index, log_max), 0);
            }
        }
    }
    return log;
}

std::optional<std::string> TraceView::log_trouble(NodeId node, std::uint64_t margin) const {
    NodeId leader = 0;
    std::uint64_t term = 0;
    for (const TraceRecord& record : records_) {
        if (const auto* role = std::get_if<TraceRole>(&record.body)) {
            if (role->role == "leader" && role->term >= term) {
                term = role->term;
                leader = record.node;
            }
        }
    }
    if (leader == 0 || leader == node) {
        return std::nullopt;
    }
    const Log own = log_of(node);
    const Log other = log_of(leader);
    const std::size_t both = std::min(own.terms.size(), other.terms.size());
    std::size_t agreed = 0;
    while (agreed < both && (own.terms[agreed] == 0 || other.terms[agreed] == 0 ||
                             own.terms[agreed] == other.terms[agreed])) {
        ++agreed;
    }
    if (agreed + margin < other.snapshot) {
        return "is behind the snapshot";
    }
    return agreed < both ? std::optional("conflicts") : std::nullopt;
}

}  // namespace squall::harness::triage
