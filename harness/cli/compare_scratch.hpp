// Where a comparison works: the cache of finished builds, a build tree that comparisons use one
// after the other, and a directory of its own, gone when the comparison ends. One that was killed
// leaves its directory behind; the next comparison removes it.
#pragma once

#include <string>

namespace squall::harness::cli {

/// $SQUALL_COMPARE_CACHE, or squall/compare in the user's cache directory.
[[nodiscard]] std::string compare_cache_directory();

/// For as long as it lives, unless somebody else has it; it ends with the process at the latest.
class DirectoryLock {
  public:
    /// Makes the directory. Throws Failure when it cannot.
    explicit DirectoryLock(const std::string& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

    [[nodiscard]] bool held() const { return file_ >= 0; }

  private:
    int file_ = -1;
};

class CompareScratch {
  public:
    /// Throws Failure when the cache cannot be written.
    explicit CompareScratch(const std::string& cache);
    ~CompareScratch();
    CompareScratch(const CompareScratch&) = delete;
    CompareScratch& operator=(const CompareScratch&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    int lock_ = -1;
};

}  // namespace squall::harness::cli
