#include "raft/storage/posix_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace squall::raft::storage {

namespace {

constexpr mode_t file_mode = 0644;
constexpr mode_t directory_mode = 0755;

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
    throw DiskError(what + " " + path + ": " + std::generic_category().message(error));
}

/// Repeats a call that a signal interrupted.
template <typename Call>
auto retry(const Call& call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

class PosixFile final : public File {
  public:
    PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

    ~PosixFile() override { ::close(fd_); }

    void write(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = retry([&] {
                return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            });
            if (written <= 0) {
                fail("write", path_, written == 0 ? EIO : errno);
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
    }

    std::string read(std::uint64_t offset, std::size_t size) override {
        std::string bytes;
        const std::uint64_t all = this->size();
        if (offset >= all) {
            return bytes;
        }
        bytes.resize(std::min<std::uint64_t>(size, all - offset));
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t got = retry([&] {
                return ::pread(fd_,
                               bytes.data() + done,
                               bytes.size() - done,
                               static_cast<off_t>(offset + done));
            });
            if (got < 0) {
                fail("read", path_, errno);
            }
            if (got == 0) {
                break;
            }
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }

    void allocate(std::uint64_t size) override {
        const auto length = static_cast<off_t>(size);
        if (retry([&] { return ::fallocate(fd_, 0, 0, length); }) == 0) {
            return;
        }
        // Some file systems cannot reserve; then the size alone has to do. (posix_fallocate would
        // write to every block.)
        if (errno != EOPNOTSUPP && errno != ENOSYS) {
            fail("allocate", path_, errno);
        }
        if (size > this->size() && retry([&] { return ::ftruncate(fd_, length); }) != 0) {
            fail("allocate", path_, errno);
        }
    }

    std::uint64_t size() override {
        struct stat status {};

        if (::fstat(fd_, &status) != 0) {
            fail("stat", path_, errno);
        }
        return static_cast<std::uint64_t>(status.st_size);
    }

    void sync_data() override {
        if (retry([&] { return ::fdatasync(fd_); }) != 0) {
            fail("fdatasync", path_, errno);
        }
    }

  private:
    int fd_;
    std::string path_;
};

void sync_parent(const std::string& directory) {
    const std::string parent =
        std::filesystem::absolute(directory).lexically_normal().parent_path().string();
    const int fd =
        retry([&] { return ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (fd < 0) {
        fail("open", parent, errno);
    }
    const int error = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    if (error != 0) {
        fail("fsync", parent, error);
    }
}

}  // namespace

PosixDisk::PosixDisk(const std::string& directory) : directory_(directory) {
    if (::mkdir(directory.c_str(), directory_mode) == 0) {
        sync_parent(directory);
    } else if (errno != EEXIST) {
        fail("mkdir", directory, errno);
    }
    directory_fd_ =
        retry([&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (directory_fd_ < 0) {
        fail("open", directory, errno);
    }
    lock_fd_ = retry(
        [&] { return ::openat(directory_fd_, "lock", O_RDWR | O_CREAT | O_CLOEXEC, file_mode); });
    const bool locked =
        lock_fd_ >= 0 && retry([&] { return ::flock(lock_fd_, LOCK_EX | LOCK_NB); }) == 0;
    if (!locked) {
        const int error = errno;
        ::close(lock_fd_);
        ::close(directory_fd_);
        if (error == EWOULDBLOCK) {
            throw DiskError(directory + ": another process uses this directory");
        }
        fail("lock", path("lock"), error);
    }
}

PosixDisk::~PosixDisk() {
    ::close(lock_fd_);
    ::close(directory_fd_);
}

std::string PosixDisk::path(const std::string& name) const {
    return directory_ + "/" + name;
}

std::unique_ptr<File> PosixDisk::open(const std::string& name, bool create) {
    const int flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0);
    const int fd = retry([&] { return ::openat(directory_fd_, name.c_str(), flags, file_mode); });
    if (fd < 0) {
        fail("open", path(name), errno);
    }
    return std::make_unique<PosixFile>(fd, path(name));
}

void PosixDisk::rename(const std::string& from, const std::string& to) {
    if (::renameat(directory_fd_, from.c_str(), directory_fd_, to.c_str()) != 0) {
        fail("rename", path(from), errno);
    }
}

void PosixDisk::remove(const std::string& name) {
    if (::unlinkat(directory_fd_, name.c_str(), 0) != 0) {
        fail("remove", path(name), errno);
    }
}

std::vector<std::string> PosixDisk::list() {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(directory_, error), end; !error && at != end;
         at.increment(error)) {
        names.push_back(at->path().filename().string());
    }
    if (error) {
        fail("list", directory_, error.value());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void PosixDisk::sync_directory() {
    if (retry([&] { return ::fsync(directory_fd_); }) != 0) {
        fail("fsync", directory_, errno);
    }
}

}  // namespace squall::raft::storage
