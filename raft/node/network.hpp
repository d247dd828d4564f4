// How a node reaches its peers and clients: over sockets (socket_network) or over standard input
// and output (stdio_network). Lives on the network thread; what arrives goes to the inbox.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>

#include "raft/node/inbox.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"
#include "raft/node/outbox.hpp"
#include "raft/node/status.hpp"

namespace squall::raft::node {

class Network {
  public:
    /// What a network works with; all of it outlives the network.
    struct Parts {
        boost::asio::io_context& io;
        const Options& options;
        Inbox& inbox;
        const StatusBoard& board;
        Metrics& metrics;
        std::function<std::string()> status;  ///< The JSON of a status reply.
        /// Stops the node; what is said goes into the log.
        std::function<void(const std::string& why)> stop;
    };

    Network() = default;
    virtual ~Network() = default;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// The node has recovered and its threads run: from now on it takes part.
    virtual void start() = 0;

    virtual void carry(Outgoing outgoing) = 0;

    /// Takes no more requests; peers are heard and what was taken is answered still.
    virtual void stop_taking() = 0;

    /// Every request that was taken has been answered, and the answers are out.
    [[nodiscard]] virtual bool idle() const = 0;

    /// Queued for clients and not yet taken by the kernel. May be read from any thread.
    [[nodiscard]] virtual const std::atomic<std::size_t>& unsent_bytes() const = 0;

    /// For the status.
    [[nodiscard]] virtual std::map<std::string, std::uint64_t> gauges() const = 0;
};

}  // namespace squall::raft::node
