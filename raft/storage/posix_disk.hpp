// A real directory. Holds an exclusive lock on it, so that two nodes never share one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "raft/storage/disk.hpp"

namespace squall::raft::storage {

class PosixDisk final : public Disk {
  public:
    /// Creates the directory if it is missing (its parent must exist). Throws DiskError, also when
    /// another process uses it.
    explicit PosixDisk(const std::string& directory);
    ~PosixDisk() override;

    [[nodiscard]] std::unique_ptr<File> open(const std::string& name, bool create) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& name) override;
    [[nodiscard]] std::vector<std::string> list() override;
    void sync_directory() override;

  private:
    [[nodiscard]] std::string path(const std::string& name) const;

    std::string directory_;
    int directory_fd_ = -1;
    int lock_fd_ = -1;
};

}  // namespace squall::raft::storage
