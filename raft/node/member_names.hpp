// The names by which Maelstrom knows the nodes of a cluster, and their ids. The same names give the
// same ids in every node and every life: n1 to nN are 1 to N, others count in sorted order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "raft/types.hpp"

namespace squall::raft::node {

class MemberNames {
  public:
    /// Or what is wrong with them.
    [[nodiscard]] static std::variant<MemberNames, std::string> make(const std::string& self,
                                                                     std::vector<std::string> all);

    [[nodiscard]] NodeId self() const { return self_; }

    [[nodiscard]] NodeId size() const { return static_cast<NodeId>(names_.size()); }

    /// `id` is one of 1 to size().
    [[nodiscard]] const std::string& name_of(NodeId id) const { return names_.at(id - 1); }

    /// no_node: nobody has that name.
    [[nodiscard]] NodeId id_of(std::string_view name) const;

  private:
    std::vector<std::string> names_;  ///< By id, from 1.
    NodeId self_ = no_node;
};

}  // namespace squall::raft::node
