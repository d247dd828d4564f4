// Which nodes a fault on nodes (kill, pause) hits, and how targets are put into words. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nemesis/fault.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {

/// The nodes of the cluster that are not down.
[[nodiscard]] Nodes live_nodes(const ClusterView& view);

/// The entry's explicit nodes, or the group that its shape names (one, minority-third, minority,
/// majority, all, leader), drawn among the live nodes; any one of them when the leader is not known
/// or is down. Ascending; empty when there are none or the shape is not one of these.
[[nodiscard]] Nodes choose_targets(const PlannedFault& planned, const ClusterView& view);

/// "n1 n2 n3".
[[nodiscard]] std::string to_text(const Nodes& nodes);

}  // namespace squall::nemesis
