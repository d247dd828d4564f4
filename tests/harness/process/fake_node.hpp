// The client side of a node, without a node: reads requests, and answers, keeps silent or hangs up
// as the test says. Uses the server's own codec, so that the harness's is tested against it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "harness/process/addresses.hpp"
#include "raft/frame.hpp"
#include "raft/server/client_protocol.hpp"

namespace squall::harness::process::test {

class FakeNode {
  public:
    using Request = raft::server::ClientRequest;
    using Response = raft::server::ClientResponse;

    /// What to do with a request: nothing = keep silent.
    using Behaviour = std::function<std::optional<Response>(const Request&)>;

    FakeNode(boost::asio::io_context& io, const Endpoint& endpoint)
        : acceptor_(io, {boost::asio::ip::make_address(endpoint.host), endpoint.port}) {
        accept();
    }

    Behaviour behaviour;
    bool hangs_up = false;  ///< Closes the connection on which a request comes.
    std::vector<Request> requests;
    std::size_t accepted = 0;
    std::size_t closed_by_client = 0;

  private:
    struct Connection {
        boost::asio::ip::tcp::socket socket;
        raft::FrameReader reader{std::size_t{2} << 20U};
        bool greeted = false;
        std::string chunk = std::string(4096, '\0');
    };

    void accept() {
        acceptor_.async_accept(
            [this](const boost::system::error_code& error, boost::asio::ip::tcp::socket socket) {
                if (!error) {
                    ++accepted;
                    read(std::make_shared<Connection>(Connection{std::move(socket)}));
                    accept();
                }
            });
    }

    void read(const std::shared_ptr<Connection>& connection) {
        connection->socket.async_read_some(
            boost::asio::buffer(connection->chunk),
            [this, connection](const boost::system::error_code& error, std::size_t count) {
                if (error) {
                    closed_by_client +=
                        connection->socket.is_open() ? std::size_t{1} : std::size_t{0};
                    return;
                }
                connection->reader.feed(std::string_view(connection->chunk).substr(0, count));
                while (const auto payload = connection->reader.next()) {
                    take(*connection, *payload);
                }
                if (connection->socket.is_open()) {
                    read(connection);
                }
            });
    }

    void take(Connection& connection, std::string_view payload) {
        if (!connection.greeted) {
            connection.greeted = true;
            return;
        }
        const auto request = raft::server::decode_request(payload);
        requests.push_back(request.value());
        if (hangs_up) {
            connection.socket.close();
            return;
        }
        const auto response = behaviour ? behaviour(*request) : std::nullopt;
        if (response && connection.socket.is_open()) {
            std::string bytes;
            raft::append_frame(bytes, raft::server::encode(*response));
            boost::asio::write(connection.socket, boost::asio::buffer(bytes));
        }
    }

    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace squall::harness::process::test
