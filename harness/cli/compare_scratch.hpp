// Where a comparison works: the cache of finished builds, and a directory of its own for sources
// and objects, gone when the comparison ends. One that was killed leaves its directory behind; the
// next comparison removes it.
#pragma once

#include <string>

namespace squall::harness::cli {

/// $SQUALL_COMPARE_CACHE, or squall/compare in the user's cache directory.
[[nodiscard]] std::string compare_cache_directory();

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
