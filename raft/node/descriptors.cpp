#include "raft/node/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

#include "raft/limits.hpp"

namespace squall::raft::node {

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

std::size_t affordable_clients(std::size_t wanted, std::size_t descriptors, std::size_t peers) {
    const std::size_t reserved = limits::spare_descriptors + limits::peer_connections + 2 * peers;
    return std::min(wanted, descriptors - std::min(descriptors, reserved));
}

}  // namespace squall::raft::node
