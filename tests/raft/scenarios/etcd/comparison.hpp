// Plays one of etcd's files to its end, or to the first command that our core has no feature for,
// and compares block by block.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tests/raft/scenarios/etcd/driver.hpp"
#include "tests/raft/scenarios/script.hpp"

namespace squall::raft::test::etcd {

/// Blocks that are compared as one (usually one), with all that the comparison depends on.
struct Compared {
    std::size_t line = 0;  ///< Of the last command.
    std::vector<Command> commands;
    std::vector<std::string> expected;  ///< Output, for each command.
    Skeleton observed;
    std::vector<Excused> excused;
    Novelty expected_news;  ///< As they were before.
    Novelty observed_news;

    /// What etcd's output tells that is news and has to be matched.
    [[nodiscard]] Skeleton demands() const;

    /// Empty, or the first difference in words.
    [[nodiscard]] std::string difference() const;
};

struct Played {
    std::size_t stopped_at = 0;  ///< Line of the first command that cannot be expressed; 0: none.
    std::string lacking;         ///< What that is about.
    std::vector<Compared> compared;

    /// By line of the command.
    [[nodiscard]] std::map<std::size_t, std::string> differences() const;
};

/// `bugs` are switched on in every node. Throws ScriptError.
[[nodiscard]] Played play_etcd(const Script& script, zoo::Bugs bugs = {});

}  // namespace squall::raft::test::etcd
