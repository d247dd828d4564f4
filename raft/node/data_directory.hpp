// The directory of one node's log and snapshots, held exclusively for as long as the process lives:
// two nodes writing one log would destroy it.
#pragma once

#include <string>

namespace squall::raft::node {

class DataDirectory {
  public:
    /// Creates it if needed. Throws std::runtime_error, in words, when another process holds it,
    /// std::system_error when it cannot be made.
    explicit DataDirectory(const std::string& path);
    ~DataDirectory();
    DataDirectory(const DataDirectory&) = delete;
    DataDirectory& operator=(const DataDirectory&) = delete;

  private:
    int descriptor_ = -1;
};

}  // namespace squall::raft::node
