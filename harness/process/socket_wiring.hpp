// Nodes that listen: addresses of their own, a proxy on every link, clients on connections.
#pragma once

#include <memory>

#include "harness/process/wiring.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::process {

/// Claims addresses. References must outlive it. Throws Failure.
[[nodiscard]] std::unique_ptr<Wiring> make_socket_wiring(boost::asio::io_context& io,
                                                         const Plan& plan,
                                                         const systems::SocketSystem& system,
                                                         std::string node_binary,
                                                         Wiring::News news);

}  // namespace squall::harness::process
