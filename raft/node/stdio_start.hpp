// The beginning of a node on standard input and output: who it is, it learns from the first `init`
// message. Until that came there is nothing to run, so this waits, on the calling thread.
#pragma once

#include <cstdint>
#include <optional>

#include "raft/node/line_reader.hpp"
#include "raft/node/maelstrom_messages.hpp"
#include "raft/node/member_names.hpp"
#include "raft/node/options.hpp"

namespace squall::raft::node {

struct StdioStart {
    MemberNames names;
    maelstrom::Asker asker;       ///< To be answered once the node is ready.
    LineReader input;             ///< Holds what came behind it.
    std::uint64_t ignored = 0;    ///< Lines before it.
    bool temporary_data = false;  ///< The data directory was made for this life only.
};

/// Blocks. Answers unusable inits. Nothing: the input ended before there was a usable one. Ends the
/// process when the input cannot be read.
[[nodiscard]] std::optional<StdioStart> await_init();

/// Makes `options` those of the node that `start` names, and settles its directories: what the
/// command line says, or the environment, or a temporary one. Throws std::runtime_error, in words.
void become(StdioStart& start, Options& options);

}  // namespace squall::raft::node
