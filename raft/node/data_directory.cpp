#include "raft/node/data_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace squall::raft::node {

DataDirectory::DataDirectory(const std::string& path) {
    std::filesystem::create_directories(path);
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor_ < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot open " + path);
    }
    // The kernel lets go of it when the process ends, however it ends.
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        ::close(descriptor_);
        if (error == EWOULDBLOCK) {
            throw std::runtime_error(
                fmt::format("the data directory {} is in use by another raft-node; "
                            "stop that one or choose another --data",
                            path));
        }
        throw std::system_error(error, std::generic_category(), "cannot lock " + path);
    }
}

DataDirectory::~DataDirectory() {
    ::close(descriptor_);
}

}  // namespace squall::raft::node
