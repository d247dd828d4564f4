// Accepts connections on one port and hands out those whose hello fits. Others are closed: a hello
// that does not come in time or is not meant for this node, and whatever exceeds the limit.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "raft/node/connection.hpp"
#include "raft/node/hello.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"

namespace squall::raft::node {

class Listener {
  public:
    static constexpr auto hello_timeout = std::chrono::seconds(5);

    struct Config {
        Address address;
        DiallerRole role = DiallerRole::peer;
        std::uint64_t cluster = 0;
        NodeId self = no_node;
        std::size_t max_connections = 0;
        std::size_t max_frame_bytes = 0;
    };

    /// Sets the connection's callbacks; called from inside the first frame's on_frame.
    using OnGreeted = std::function<void(std::shared_ptr<Connection>, const Hello&)>;

    /// Binds at once; throws std::runtime_error, in words. Accepts once `start` was called.
    Listener(boost::asio::io_context& io, Config config, Metrics& metrics);

    void start(OnGreeted on_greeted);

    /// No new connections; those that there are stay.
    void stop();

    /// Where it listens, with the port that the system chose.
    [[nodiscard]] Address address() const { return bound_; }

  private:
    void accept();
    void accept_later();
    void greet(boost::asio::ip::tcp::socket socket);

    Config config_;
    Metrics& metrics_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    Address bound_;
    OnGreeted on_greeted_;
    /// Every connection holds a copy: the number of copies is the number of connections.
    std::shared_ptr<const void> tickets_ = std::make_shared<int>(0);
};

}  // namespace squall::raft::node
