#include "harness/triage/trace_view.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace squall::harness::triage {
namespace {

using checker::TraceAppend;
using checker::TraceApply;
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
    return role_until(node, time_of(at));
}

RoleAt TraceView::role_until(NodeId node, std::int64_t raw_time_ns) const {
    RoleAt found;
    for (const TraceRecord& record : records_) {
        if (record.node != node || record.raw_time_ns > raw_time_ns) {
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

bool TraceView::deposed(NodeId node, history::Time at) const {
    const std::uint64_t own = role(node, at).term;
    return std::ranges::any_of(records_, [&](const TraceRecord& record) {
        const auto* role = std::get_if<TraceRole>(&record.body);
        return role != nullptr && record.node != node && role->role == "leader" &&
               role->term > own && record.raw_time_ns <= time_of(at);
    });
}

std::optional<std::string> TraceView::trouble(NodeId node, std::uint64_t margin) const {
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
    if (agreed + margin < other.snapshot ||
        (other.snapshot > 0 && agreed == other.snapshot && margin == 0)) {
        return "whose log is behind the snapshot";
    }
    if (agreed < both) {
        return "whose log conflicts";
    }
    const RoleAt own_role = role_until(node, INT64_MAX);
    if (own_role.role == "follower") {
        return own_role.term == term ? "that follows" : "that follows in another term";
    }
    return own_role.term == term ? "that campaigns in the term of the leader"
                                 : "that campaigns in another term";
}

std::optional<bool> TraceView::diverged_behind_a_snapshot() const {
    struct Applied {
        std::uint64_t hash = 0;
        std::set<NodeId> nodes;
        bool differs = false;
    };

    std::map<std::uint64_t, Applied> by_index;
    std::map<NodeId, std::uint64_t> first_snapshot;
    for (const TraceRecord& record : records_) {
        if (const auto* apply = std::get_if<TraceApply>(&record.body)) {
            for (std::size_t i = 0; i < apply->hashes.size(); ++i) {
                const auto [entry, first] =
                    by_index.try_emplace(apply->first + i, Applied{apply->hashes[i], {}, false});
                entry->second.differs |= !first && entry->second.hash != apply->hashes[i];
                entry->second.nodes.insert(record.node);
            }
        }
        std::uint64_t begun_from = 0;
        if (const auto* init = std::get_if<TraceInit>(&record.body)) {
            begun_from = init->snapshot_index;
        } else if (const auto* snapshot = std::get_if<TraceSnapshot>(&record.body)) {
            begun_from = snapshot->installed ? snapshot->index : 0;
        }
        if (begun_from > 0) {
            first_snapshot.try_emplace(record.node, begun_from);
        }
    }
    const auto split =
        std::ranges::find_if(by_index, [](const auto& entry) { return entry.second.differs; });
    if (split == by_index.end()) {
        return std::nullopt;
    }
    return std::ranges::any_of(split->second.nodes, [&](NodeId node) {
        const auto found = first_snapshot.find(node);
        return found != first_snapshot.end() && found->second < split->first;
    });
}

}  // namespace squall::harness::triage
