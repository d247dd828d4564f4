// Who hears whom: the shapes of partitions as sets of cut links. Pure functions of lists of nodes;
// chance enters only through the order in which the caller lists them.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "nemesis/fault.hpp"

namespace squall::nemesis {

using Nodes = std::vector<NodeId>;

/// The directed links that are cut (Jepsen's word).
using Grudge = std::set<Link>;

/// A permutation that depends on `draw` and the nodes alone.
[[nodiscard]] Nodes shuffled(Nodes nodes, std::uint64_t draw);

/// Those of `nodes` that are not among `without`, in order.
[[nodiscard]] Nodes others(const Nodes& nodes, const Nodes& without);

/// Nobody hears anyone outside its own component.
[[nodiscard]] Grudge complete_grudge(std::span<const Nodes> components);

/// Nothing gets from `from` to `to`; the other direction works.
[[nodiscard]] Grudge one_way(const Nodes& from, const Nodes& to);

/// Every node hears a majority (itself included) and no two nodes hear the same one. Links are cut
/// in both directions or not at all. `order` goes round the ring. Nothing below three nodes.
[[nodiscard]] Grudge majorities_ring(const Nodes& order);

/// Two halves that only the first node of the second half connects. Nothing below three nodes.
[[nodiscard]] Grudge bridge(const Nodes& order);

/// Group sizes in a cluster of `nodes`: always at least one node.
[[nodiscard]] std::size_t majority_of(std::size_t nodes);
[[nodiscard]] std::size_t minority_of(std::size_t nodes);        ///< The largest one.
[[nodiscard]] std::size_t minority_third_of(std::size_t nodes);  ///< Fewer than a third.

}  // namespace squall::nemesis
