#include "harness/report/cluster_past.hpp"

#include <algorithm>
#include <variant>

#include "harness/overloaded.hpp"

namespace squall::harness::report {
namespace {

/// The last of a list sorted by `at` that is not after the moment; null: none.
template <typename Entry>
const Entry* latest(const std::vector<Entry>& list, Time at) {
    const auto after = std::ranges::upper_bound(list, at, {}, &Entry::at);
    return after == list.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

ClusterPast::ClusterPast(std::span<const checker::TraceRecord> traces,
                         Time origin,
                         std::span<const NodeMessage> messages)
    : messages_(messages) {
    for (const checker::TraceRecord& record : traces) {
        const Time at = Time(record.raw_time_ns) - origin;
        add(record, at);
        heard_[record.node] = at;
    }
    std::ranges::stable_sort(leaders_, {}, &Led::since);
    std::ranges::stable_sort(commits_, {}, &Committed::since);
    // Of commits only what was news.
    std::vector<Committed> news;
    for (const Committed& commit : commits_) {
        if (news.empty() || commit.index > news.back().index) {
            news.push_back(commit);
        }
    }
    commits_ = std::move(news);
}

void ClusterPast::add(const checker::TraceRecord& record, Time at) {
    const NodeId node = record.node;
    std::vector<RoleSince>& roles = roles_[node];
    std::visit(
        Overloaded{[&](const checker::TraceInit& init) {
                       if (!roles.empty()) {
                           roles.push_back({heard_[node], "down", roles.back().term, 0});
                       }
                       roles.push_back({at, "follower", init.term, 0});
                       applied_[node].push_back({at, init.snapshot_index});
                       if (init.vote != 0) {
                           votes_[{init.vote, init.term}].try_emplace(node, at);
                       }
                   },
                   [&](const checker::TraceHardState& state) {
                       if (state.vote != 0) {
                           votes_[{state.vote, state.term}].try_emplace(node, at);
                       }
                   },
                   [&](const checker::TraceRole& role) {
                       if (role.role == "leader" &&
                           (roles.empty() || roles.back().role != "leader" ||
                            roles.back().term != role.term)) {
                           leaders_.push_back({role.term, node, at});
                       }
                       roles.push_back({at, role.role, role.term, role.leader});
                   },
                   [&](const checker::TraceCommit& commit) {
                       commits_.push_back({commit.index, node, at});
                   },
                   [&](const checker::TraceApply& apply) {
                       for (std::size_t i = 0; i < apply.terms.size(); ++i) {
                           applied_terms_[apply.first + i].insert(apply.terms[i]);
                       }
                       if (!apply.terms.empty()) {
                           applied_[node].push_back({at, apply.first + apply.terms.size() - 1});
                       }
                   },
                   [&](const checker::TraceSnapshot& snapshot) {
                       if (snapshot.installed) {
                           applied_[node].push_back({at, snapshot.index});
                       }
                   },
                   [](const auto&) {}},
        record.body);
}

const ClusterPast::RoleSince* ClusterPast::role_at(NodeId node, Time at) const {
    return latest(roles(node), at);
}

Time ClusterPast::heard(NodeId node) const {
    const auto found = heard_.find(node);
    return found == heard_.end() ? Time{} : found->second;
}

const std::vector<ClusterPast::RoleSince>& ClusterPast::roles(NodeId node) const {
    static const std::vector<RoleSince> none;
    const auto found = roles_.find(node);
    return found == roles_.end() ? none : found->second;
}

std::optional<ClusterPast::Led> ClusterPast::latest_leader(Time at) const {
    std::optional<Led> best;
    for (const Led& led : leaders_) {
        if (led.since <= at && (!best || led.term > best->term)) {
            best = led;
        }
    }
    return best;
}

bool ClusterPast::won(NodeId node, std::uint64_t term) const {
    return std::ranges::any_of(
        leaders_, [&](const Led& led) { return led.node == node && led.term == term; });
}

NodeId ClusterPast::leader_of(std::uint64_t term) const {
    const auto found = std::ranges::find(leaders_, term, &Led::term);
    return found == leaders_.end() ? 0 : found->node;
}

std::uint64_t ClusterPast::applied(NodeId node, Time at) const {
    const auto found = applied_.find(node);
    const Reached* reached = found == applied_.end() ? nullptr : latest(found->second, at);
    return reached == nullptr ? 0 : reached->index;
}

std::optional<ClusterPast::Committed> ClusterPast::committed(Time at) const {
    const auto after = std::ranges::upper_bound(commits_, at, {}, &Committed::since);
    return after == commits_.begin() ? std::nullopt : std::optional(*std::prev(after));
}

std::optional<ClusterPast::Committed> ClusterPast::commit_of(std::uint64_t index) const {
    const auto found = std::ranges::lower_bound(commits_, index, {}, &Committed::index);
    return found == commits_.end() ? std::nullopt : std::optional(*found);
}

std::set<std::uint64_t> ClusterPast::applied_terms(std::uint64_t index) const {
    const auto found = applied_terms_.find(index);
    return found == applied_terms_.end() ? std::set<std::uint64_t>{} : found->second;
}

std::set<NodeId> ClusterPast::votes(NodeId node, std::uint64_t term, Time until) const {
    std::set<NodeId> voters;
    for (const NodeMessage& message : messages_) {
        if (message.received > until) {
            continue;
        }
        if (message.to == node && message.term == term && message.name == "vote_reply" &&
            message.agreed && !message.pre_vote && message.fate == Fate::arrived) {
            voters.insert(message.from);
        }
    }
    const auto traced = votes_.find({node, term});
    if (traced != votes_.end()) {
        for (const auto& [voter, at] : traced->second) {
            if (at <= until && (voter == node || voters.empty() || !votes_are_exact())) {
                voters.insert(voter);
            }
        }
    }
    return voters;
}

std::set<NodeId> ClusterPast::nodes() const {
    std::set<NodeId> all;
    for (const auto& [node, roles] : roles_) {
        all.insert(node);
    }
    return all;
}

}  // namespace squall::harness::report
