// Accepts connections on one port and hands out those whose hello fits. Others are closed: whoever
// says no hello in time or one that is not meant for this node, whoever keeps a frame incomplete or
// does not read, and, when all places are taken, who has been idle longest.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "raft/node/connection.hpp"
#include "raft/node/guest_list.hpp"
#include "raft/node/hello.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"

namespace squall::raft::node {

class Listener {
  public:
    struct Config {
        Address address;
        DiallerRole role = DiallerRole::peer;
        std::uint64_t cluster = 0;
        NodeId self = no_node;
        std::size_t max_connections = 0;
        std::size_t max_frame_bytes = 0;  ///< After the hello.
        std::chrono::milliseconds stall_timeout{0};
    };

    /// Sets the connection's callbacks; called from inside the first frame's on_frame. False: this
    /// node does not talk to who that is. The guest counts as idle until `set_busy`.
    using OnGreeted = std::function<bool(std::shared_ptr<Connection>, const Hello&, GuestId)>;

    /// Binds at once; throws std::runtime_error, in words. Accepts once `start` was called.
    Listener(boost::asio::io_context& io, Config config, Metrics& metrics);

    void start(OnGreeted on_greeted);

    /// No new connections; those that there are stay.
    void stop();

    /// Idle guests may be sent away for others.
    void set_idle(GuestId guest);
    void set_busy(GuestId guest);

    /// Where it listens, with the port that the system chose.
    [[nodiscard]] Address address() const { return bound_; }

  private:
    struct Guests;

    void accept();
    void accept_later();
    void greet(boost::asio::ip::tcp::socket socket);
    [[nodiscard]] bool make_room();
    [[nodiscard]] bool welcome(Connection& connection, GuestId guest, std::string_view payload);
    void watch_later();
    void watch();

    Config config_;
    Metrics& metrics_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    boost::asio::steady_timer watch_timer_;
    Address bound_;
    OnGreeted on_greeted_;
    /// Shared with every connection, which leaves it when it is destroyed.
    std::shared_ptr<Guests> guests_;
};

}  // namespace squall::raft::node
