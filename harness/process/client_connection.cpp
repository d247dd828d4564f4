#include "harness/process/client_connection.hpp"

#include <cstring>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t read_bytes = 4096;

class Connection : public ClientConnection, public std::enable_shared_from_this<Connection> {
  public:
    Connection(asio::io_context& io, const systems::SocketSystem& system, Events events)
        : system_(system), events_(std::move(events)), socket_(io) {}

    void start(history::NodeId node, const Endpoint& endpoint) {
        outgoing_ = system_.greeting(node);
        socket_.async_connect({asio::ip::make_address(endpoint.host), endpoint.port},
                              [self = shared_from_this()](const error_code& error) {
                                  if (error) {
                                      self->fail(true);
                                      return;
                                  }
                                  self->established_ = true;
                                  error_code ignored;
                                  self->socket_.set_option(tcp::no_delay(true), ignored);
                                  self->write();
                                  self->read();
                              });
    }

    void send(const std::string& bytes) override {
        outgoing_ += bytes;
        if (established_) {
            write();
        }
    }

    void close() override {
        closed_ = true;
        error_code ignored;
        socket_.close(ignored);
    }

  private:
    void fail(bool refused) {
        if (!closed_) {
            close();
            events_.closed(refused);
        }
    }

    void write() {
        if (writing_now_ || outgoing_.empty() || closed_) {
            return;
        }
        writing_now_ = true;
        writing_.clear();
        writing_.swap(outgoing_);
        asio::async_write(socket_,
                          asio::buffer(writing_),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              self->writing_now_ = false;
                              if (error) {
                                  self->fail(false);
                                  return;
                              }
                              self->write();
                          });
    }

    void read() {
        if (received_.size() < received_bytes_ + read_bytes) {
            received_.resize(received_bytes_ + read_bytes);
        }
        socket_.async_read_some(
            asio::buffer(received_.data() + received_bytes_, received_.size() - received_bytes_),
            [self = shared_from_this()](const error_code& error, std::size_t count) {
                self->received_bytes_ += count;
                if (error || !self->take_messages()) {
                    self->fail(false);
                } else if (!self->closed_) {
                    self->read();
                }
            });
    }

    /// False when the node talks nonsense.
    bool take_messages() {
        std::string_view rest(received_.data(), received_bytes_);
        while (!closed_) {
            const systems::Decoded decoded = system_.decode(rest);
            if (decoded.malformed) {
                return false;
            }
            if (!decoded.message) {
                break;
            }
            rest.remove_prefix(decoded.consumed);
            events_.received(*decoded.message);
        }
        std::memmove(received_.data(), rest.data(), rest.size());
        received_bytes_ = rest.size();
        return true;
    }

    const systems::SocketSystem& system_;
    Events events_;
    tcp::socket socket_;
    bool established_ = false;
    bool writing_now_ = false;
    bool closed_ = false;
    std::string outgoing_;
    std::string writing_;
    std::string received_;
    std::size_t received_bytes_ = 0;
};

}  // namespace

std::shared_ptr<ClientConnection> open_connection(asio::io_context& io,
                                                  const systems::SocketSystem& system,
                                                  history::NodeId node,
                                                  const Endpoint& endpoint,
                                                  ClientConnection::Events events) {
    auto connection = std::make_shared<Connection>(io, system, std::move(events));
    connection->start(node, endpoint);
    return connection;
}

}  // namespace squall::harness::process
