// One client connection to one node: sends requests, hands over the messages that come back, and
// tells when it is gone. Goes straight to the node, never through a link proxy. Does not know what
// requests mean.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/process/addresses.hpp"
#include "harness/systems/system.hpp"

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

class ClientConnection {
  public:
    struct Events {
        std::function<void(const systems::FromNode&)> received;
        /// Once, at the end. `refused`: it was never established, so nothing was sent.
        std::function<void(bool refused)> closed;
    };

    virtual ~ClientConnection() = default;

    /// Bytes sent before the connection is established wait for it.
    virtual void send(const std::string& bytes) = 0;

    /// No event comes afterwards.
    virtual void close() = 0;
};

/// Dials. Returns at once; events come from the io_context, never from within a call.
[[nodiscard]] std::shared_ptr<ClientConnection> open_connection(boost::asio::io_context& io,
                                                                const systems::SocketSystem& system,
                                                                history::NodeId node,
                                                                const Endpoint& endpoint,
                                                                ClientConnection::Events events);

}  // namespace squall::harness::process
