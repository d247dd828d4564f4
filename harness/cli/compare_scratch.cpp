#include "harness/cli/compare_scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// A lock that ends with whoever holds it. -1: somebody else holds it, or it cannot be made.
int try_lock(const fs::path& directory) {
    const int file = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return -1;
    }
    return file;
}

void remove_abandoned(const fs::path& work) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(work, ignored)) {
        const int file = try_lock(entry.path());
        if (file >= 0) {
            fs::remove_all(entry.path(), ignored);
            ::close(file);
        }
    }
}

}  // namespace

std::string compare_cache_directory() {
    // Read before any thread exists.
    if (const char* given = std::getenv("SQUALL_COMPARE_CACHE"); given != nullptr) {
        return fs::absolute(given).string();
    }
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path parent = cache != nullptr  ? fs::path(cache)
                            : home != nullptr ? fs::path(home) / ".cache"
                                              : fs::temp_directory_path();
    return (parent / "squall" / "compare").string();
}

DirectoryLock::DirectoryLock(const std::string& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        throw Failure(fmt::format("cannot make {}: {}", directory, error.message()));
    }
    file_ = try_lock(directory);
}

DirectoryLock::~DirectoryLock() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

CompareScratch::CompareScratch(const std::string& cache) {
    const fs::path work = fs::path(cache) / "work";
    std::error_code error;
    fs::create_directories(work, error);
    if (error) {
        throw Failure(
            fmt::format("cannot make {}: {}; name another place with "
                        "SQUALL_COMPARE_CACHE",
                        work.string(),
                        error.message()));
    }
    std::string pattern = (work / "XXXXXX").string();
    remove_abandoned(work);
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw Failure(fmt::format("cannot make a directory in {}: {}",
                                  work.string(),
                                  std::generic_category().message(errno)));
    }
    path_ = pattern;
    lock_ = try_lock(path_);
}

CompareScratch::~CompareScratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

}  // namespace squall::harness::cli
