#include "raft/quorum.hpp"

#include "raft/assert.hpp"

namespace squall::raft {

Configuration::Configuration(std::vector<NodeId> voters, zoo::Bugs bugs)
    : voters_(std::move(voters)), bugs_(bugs) {
    std::sort(voters_.begin(), voters_.end());
    voters_.erase(std::unique(voters_.begin(), voters_.end()), voters_.end());
    ASSERT(voters_.size() <= max_voters);
}

bool Configuration::contains(NodeId node) const {
    return std::binary_search(voters_.begin(), voters_.end(), node);
}

bool Configuration::has_quorum(const std::vector<NodeId>& granted) const {
    return quorum_value([&granted](NodeId voter) {
        return std::find(granted.begin(), granted.end(), voter) != granted.end();
    });
}

}  // namespace squall::raft
