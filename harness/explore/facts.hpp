// What a step of a node tells about it, as far as later steps of others may contradict it, and what
// is wrong when they do. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "raft/types.hpp"

namespace squall::harness::explore {

enum class FactKind : std::uint8_t {
    voted,           ///< It told `other` that it has its vote in `term`; itself: by campaigning.
    led,             ///< It leads `term`.
    committed,       ///< As leader of `term` it counted `index` as committed.
    learned,         ///< It took over that `index` is committed.
    applied,         ///< It handed out the entry `index`; `id` stands for its content.
    read_begun,      ///< The read `id` began.
    read_confirmed,  ///< The read `id` may be served at `index`.
    read_failed,     ///< The read `id` will not be served.
    restarted
};

struct Fact {
    FactKind kind{};
    raft::Term term = 0;
    raft::Index index = 0;
    raft::NodeId other = raft::no_node;
    std::uint64_t id = 0;
};

/// A fact of an earlier step that the last one contradicts.
struct Earlier {
    raft::NodeId node = raft::no_node;
    FactKind kind{};
    raft::Term term = 0;    ///< 0: any.
    raft::Index index = 0;  ///< At least; 0: any.
};

struct Violation {
    std::string property;  ///< As the checks over traces call it.
    raft::NodeId node = raft::no_node;
    raft::Term term = 0;
    raft::Index index = 0;  ///< 0: it is about no entry.
    std::string sentence;
    std::optional<Earlier> earlier;
};

}  // namespace squall::harness::explore
