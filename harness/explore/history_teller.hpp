// Who tells a fact, and what can be seen of the cluster then. Internal to History.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/explore/history.hpp"

namespace squall::harness::explore {

/// 0: no such entry.
[[nodiscard]] inline raft::Term term_at(const std::vector<raft::Term>& log, raft::Index index) {
    return index >= 1 && index <= log.size() ? log[index - 1] : 0;
}

struct History::Teller {
    raft::NodeId node = raft::no_node;
    const Locals& locals;
    std::span<const ImageId> nodes;

    [[nodiscard]] const Summary& summary() const { return locals.summary(nodes[node - 1]); }

    [[nodiscard]] const std::vector<raft::Term>& log() const { return locals.log(summary().log); }

    [[nodiscard]] std::size_t holders(raft::Index index, raft::Term term) const {
        return static_cast<std::size_t>(
            std::count_if(nodes.begin(), nodes.end(), [&](ImageId image) {
                return term_at(locals.log(locals.summary(image).disk_log), index) == term;
            }));
    }

    [[nodiscard]] std::optional<Violation> broken(const char* property,
                                                  raft::Term term,
                                                  raft::Index index,
                                                  const std::string& what,
                                                  std::optional<Earlier> earlier) const {
        return Violation{property, node, term, index, fmt::format("n{} {}", node, what), earlier};
    }
};

}  // namespace squall::harness::explore
