// The connection on which this node sends to one peer: dialled again whenever it breaks, after a
// short pause. Nothing comes back on it; answers arrive on the connection that the peer dialled.
//
// Invariant: what was queued for a connection never travels on a later one.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "raft/node/connection.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"

namespace squall::raft::node {

class PeerLink {
  public:
    /// Pause before dialling again: doubles from the one to the other while connections do not
    /// last. Short, since a healed cut is noticed no sooner.
    static constexpr auto min_pause = std::chrono::milliseconds(20);
    static constexpr auto max_pause = std::chrono::milliseconds(200);
    /// A dial or a connection that is not acknowledged for so long is given up. The kernel's own
    /// retries back off to minutes, during which a healed network would look dead.
    static constexpr auto dial_timeout = std::chrono::milliseconds(500);
    static constexpr auto unacknowledged_timeout = std::chrono::milliseconds(1500);

    /// `hello` goes first on every connection.
    PeerLink(boost::asio::io_context& io, Address peer, std::string hello, Metrics& metrics);

    void start();

    /// Drops the message when there is no connection or too much waits for it.
    void queue(std::string_view message);
    void flush();

    [[nodiscard]] std::size_t unsent_bytes() const;

  private:
    void dial();
    void pause();
    void connected();

    boost::asio::ip::tcp::endpoint peer_;
    std::string hello_;
    Metrics& metrics_;
    boost::asio::ip::tcp::socket socket_;  ///< While dialling.
    boost::asio::steady_timer timer_;
    std::shared_ptr<Connection> connection_;  ///< Null: not connected.
    std::chrono::steady_clock::time_point connected_at_;
    std::chrono::milliseconds pause_ = min_pause;
};

}  // namespace squall::raft::node
