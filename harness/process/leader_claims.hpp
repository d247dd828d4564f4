// What nodes say on their standard error about leading, as traces (docs/trace-format.md): one file
// for each life of a node, with one `role` event for its begin and one for each claim. From there
// on the timeline and the check of election safety are those of any traced Raft.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "checker/trace.hpp"

namespace squall::harness::process {

class LeaderClaims {
  public:
    /// `directory` exists and holds the node's traces.
    LeaderClaims(history::NodeId node, std::string directory);

    /// A new life has begun, as a follower. Throws Failure when that cannot be written.
    void begin_life();

    /// Throws Failure when it cannot be written.
    void add(std::uint64_t term);

  private:
    void write(std::string_view role, std::uint64_t term, history::NodeId leader);

    history::NodeId node_;
    std::string directory_;
    std::uint64_t incarnation_ = 0;
    std::uint64_t sequence_ = 0;
    std::ofstream file_;
};

}  // namespace squall::harness::process
