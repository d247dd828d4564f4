#include <algorithm>
#include <array>

#include "harness/systems/maelstrom.hpp"
#include "harness/systems/raft_node.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::systems {

std::span<const System* const> systems() {
    static const std::array<const System*, 2> all = {&raft_node(), &maelstrom()};
    return all;
}

const System* find_system(std::string_view name) {
    const auto all = systems();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const System* system) { return system->name() == name; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace squall::harness::systems
