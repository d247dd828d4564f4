// What each node of a diagram was: a band for each role, down where it was down.
#include <algorithm>
#include <optional>

#include "harness/report/sequence_layout.hpp"

namespace squall::harness::report {
namespace {

int y_at(const SequenceRows& rows, Time at, int bottom) {
    const auto found =
        std::ranges::lower_bound(rows, at, {}, [](const auto& each) { return each.first; });
    return found == rows.end() ? bottom : found->second;
}

/// What ended a life that was last heard of then: a fault, or the node itself.
std::optional<Time> ended(const Story& story, NodeId node, Time heard, Time until) {
    for (const Happening& each : story.details) {
        const bool killed = each.text.starts_with("fault begins: ") &&
                            (each.text.find("kill") != std::string::npos ||
                             each.text.find("power off") != std::string::npos) &&
                            std::ranges::find(each.others, node) != each.others.end();
        if (each.at >= heard && each.at < until &&
            (killed || (each.kind == "exit" && each.node == node))) {
            return each.at;
        }
    }
    return std::nullopt;
}

/// Every role of a node, and when it began; a last life that was ended is followed by "down".
std::vector<ClusterPast::RoleSince> roles_of(NodeId node,
                                             const ClusterPast& past,
                                             const Story& story) {
    std::vector<ClusterPast::RoleSince> roles = past.roles(node);
    for (std::size_t i = 0; i + 1 < roles.size(); ++i) {
        if (roles[i].role == "down") {
            roles[i].at = ended(story, node, roles[i].at, roles[i + 1].at).value_or(roles[i].at);
        }
    }
    const auto last =
        roles.empty() ? std::nullopt : ended(story, node, past.heard(node), Time::max());
    if (last) {
        roles.push_back({*last, "down", roles.back().term, 0});
    }
    return roles;
}

}  // namespace

std::vector<SequenceBand> role_bands(const MessageSequence& sequence,
                                     const SequenceRows& rows,
                                     const ClusterPast& past,
                                     const Story& story) {
    std::vector<SequenceBand> bands;
    if (rows.empty()) {
        return bands;
    }
    const Time first = rows.front().first;
    for (std::size_t lane = 0; lane < sequence.lanes.size(); ++lane) {
        const auto roles = roles_of(sequence.lanes[lane].node, past, story);
        for (std::size_t i = 0; i < roles.size(); ++i) {
            const bool last = i + 1 == roles.size();
            if (!last && roles[i + 1].at <= first) {
                continue;
            }
            const int from =
                roles[i].at <= first ? sequence_top : y_at(rows, roles[i].at, sequence.height);
            const int to = last ? sequence.height : y_at(rows, roles[i + 1].at, sequence.height);
            if (to > from) {
                bands.push_back({lane, from, to, roles[i].role, roles[i].term});
            }
        }
    }
    return bands;
}

}  // namespace squall::harness::report
