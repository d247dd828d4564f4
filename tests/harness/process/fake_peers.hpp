// A sender and a receiver on the two ends of one proxied link, in the place of two nodes. Frames
// carry their payload as text; checksums are left 0, since the proxy does not look at them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "harness/process/addresses.hpp"

namespace squall::harness::process::test {

[[nodiscard]] std::string frame(std::string_view payload);

/// Listens where a node would and keeps the payloads that come, of all connections together.
class FakeReceiver {
  public:
    FakeReceiver(boost::asio::io_context& io, const Endpoint& endpoint);

    [[nodiscard]] const std::vector<std::string>& payloads() const { return payloads_; }

    [[nodiscard]] std::size_t accepted() const { return sockets_.size(); }

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// Stops or resumes reading, as a paused node would.
    void set_reading(bool reading);

    /// Closes every connection.
    void hang_up();

  private:
    struct Connection {
        explicit Connection(boost::asio::ip::tcp::socket s) : socket(std::move(s)) {}

        boost::asio::ip::tcp::socket socket;
        std::string chunk = std::string(65536, '\0');
        std::string received;
    };

    void accept();
    void read(const std::shared_ptr<Connection>& connection);
    void take(Connection& connection);

    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<Connection>> sockets_;
    std::vector<std::string> payloads_;
    std::size_t bytes_ = 0;
    bool reading_ = true;
};

/// Dials and sends; notices when the connection is closed.
class FakeSender {
  public:
    FakeSender(boost::asio::io_context& io, const Endpoint& endpoint);

    /// Blocks while the kernel's buffers are full: send little.
    void send(std::string_view bytes);

    /// Sends as much as the kernel takes. Returns how much that was.
    std::size_t send_some(std::string_view bytes);

    [[nodiscard]] bool closed() const { return closed_; }

    void close();

  private:
    void watch();

    boost::asio::ip::tcp::socket socket_;
    char unwanted_ = 0;
    bool closed_ = false;
};

}  // namespace squall::harness::process::test
