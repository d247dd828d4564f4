#include "fake_peers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace squall::harness::process::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

tcp::endpoint to_asio(const Endpoint& endpoint) {
    return {asio::ip::make_address(endpoint.host), endpoint.port};
}

std::size_t length_in(std::string_view header) {
    std::size_t length = 0;
    for (std::size_t i = 4; i > 0; --i) {
        length = (length << 8U) | static_cast<unsigned char>(header[i - 1]);
    }
    return length;
}

}  // namespace

std::string frame(std::string_view payload) {
    std::string bytes;
    for (unsigned i = 0; i < 4; ++i) {
        bytes.push_back(static_cast<char>((payload.size() >> (8 * i)) & 0xFFU));
    }
    bytes.append(4, '\0');
    bytes.append(payload);
    return bytes;
}

FakeReceiver::FakeReceiver(asio::io_context& io, const Endpoint& endpoint)
    : acceptor_(io, to_asio(endpoint)) {
    accept();
}

void FakeReceiver::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
        if (!error) {
            sockets_.push_back(std::make_shared<Connection>(std::move(socket)));
            read(sockets_.back());
            accept();
        }
    });
}

void FakeReceiver::read(const std::shared_ptr<Connection>& connection) {
    if (!reading_) {
        return;
    }
    connection->socket.async_read_some(
        asio::buffer(connection->chunk),
        [this, connection](const error_code& error, std::size_t count) {
            bytes_ += count;
            connection->received.append(connection->chunk, 0, count);
            take(*connection);
            if (!error) {
                read(connection);
            }
        });
}

void FakeReceiver::take(Connection& connection) {
    std::string& bytes = connection.received;
    while (bytes.size() >= 8 && bytes.size() >= 8 + length_in(bytes)) {
        const std::size_t length = length_in(bytes);
        payloads_.push_back(bytes.substr(8, length));
        bytes.erase(0, 8 + length);
    }
}

void FakeReceiver::set_reading(bool reading) {
    reading_ = reading;
    if (reading_) {
        for (const auto& connection : sockets_) {
            read(connection);
        }
    }
}

void FakeReceiver::hang_up() {
    for (const auto& connection : sockets_) {
        connection->socket.close();
    }
}

FakeSender::FakeSender(asio::io_context& io, const Endpoint& endpoint) : socket_(io) {
    socket_.connect(to_asio(endpoint));
    watch();
}

void FakeSender::watch() {
    socket_.async_read_some(asio::buffer(&unwanted_, 1),
                            [this](const error_code& error, std::size_t) {
                                if (error) {
                                    closed_ = true;
                                } else {
                                    watch();
                                }
                            });
}

void FakeSender::send(std::string_view bytes) {
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
}

std::size_t FakeSender::send_some(std::string_view bytes) {
    socket_.non_blocking(true);
    error_code error;
    return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
}

void FakeSender::close() {
    socket_.close();
}

}  // namespace squall::harness::process::test
