#include "raft/node/member_names.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "raft/quorum.hpp"

namespace squall::raft::node {

std::variant<MemberNames, std::string> MemberNames::make(const std::string& self,
                                                         std::vector<std::string> all) {
    if (all.size() > Configuration::max_voters) {
        return fmt::format("node_ids: {} nodes, at most {} can be voters",
                           all.size(),
                           std::size_t{Configuration::max_voters});
    }
    std::sort(all.begin(), all.end());
    if (std::adjacent_find(all.begin(), all.end()) != all.end()) {
        return std::string("node_ids: a name stands there twice");
    }
    std::vector<std::string> numbered;
    for (std::size_t id = 1; id <= all.size(); ++id) {
        numbered.push_back(fmt::format("n{}", id));
    }
    // n10 comes before n2 in sorted order.
    MemberNames names;
    names.names_ = std::is_permutation(all.begin(), all.end(), numbered.begin())
                       ? std::move(numbered)
                       : std::move(all);
    names.self_ = names.id_of(self);
    if (names.self_ == no_node) {
        return std::string("node_id is not among node_ids");
    }
    return names;
}

NodeId MemberNames::id_of(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? no_node : static_cast<NodeId>(found - names_.begin() + 1);
}

}  // namespace squall::raft::node
