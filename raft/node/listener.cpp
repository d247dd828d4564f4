#include "raft/node/listener.hpp"

#include <stdexcept>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace squall::raft::node {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Pause after a failed accept, such as for want of file descriptors.
constexpr auto accept_retry = std::chrono::milliseconds(50);

}  // namespace

Listener::Listener(boost::asio::io_context& io, Config config, Metrics& metrics)
    : config_(std::move(config)), metrics_(metrics), acceptor_(io), retry_(io) {
    const tcp::endpoint endpoint(boost::asio::ip::make_address(config_.address.host),
                                 config_.address.port);
    try {
        acceptor_.open(endpoint.protocol());
        // A restarted node must get its address back although old connections linger in TIME_WAIT.
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(endpoint);
        acceptor_.listen();
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {} ({}): {}; choose another address or port",
                        to_string(config_.address),
                        config_.role == DiallerRole::peer ? "--listen-peer" : "--listen-client",
                        error.code().message()));
    }
    bound_ = {config_.address.host, acceptor_.local_endpoint().port()};
}

void Listener::start(OnGreeted on_greeted) {
    on_greeted_ = std::move(on_greeted);
    accept();
}

void Listener::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
}

void Listener::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
        if (!acceptor_.is_open()) {
            return;
        }
        if (error) {
            accept_later();
            return;
        }
        greet(std::move(socket));
        accept();
    });
}

void Listener::accept_later() {
    retry_.expires_after(accept_retry);
    retry_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) {
            accept();
        }
    });
}

void Listener::greet(tcp::socket socket) {
    if (static_cast<std::size_t>(tickets_.use_count()) > config_.max_connections) {
        metrics_.connections_refused.add();
        return;
    }
    metrics_.connections.add();
    auto connection =
        std::make_shared<Connection>(std::move(socket), config_.max_frame_bytes, metrics_);
    connection->hold(tickets_);
    auto timer = std::make_shared<boost::asio::steady_timer>(acceptor_.get_executor());
    timer->expires_after(hello_timeout);
    timer->async_wait([this, timer, silent = std::weak_ptr(connection)](const error_code& error) {
        const auto strong = silent.lock();
        if (!error && strong) {
            metrics_.connections_refused.add();
            strong->close();
        }
    });
    connection->on_frame([this, timer, raw = connection.get()](std::string_view payload) {
        timer->cancel();
        const auto hello = decode_hello(payload);
        if (!hello || !fits(*hello, config_.role, config_.cluster, config_.self)) {
            return false;
        }
        on_greeted_(raw->shared_from_this(), *hello);
        return true;
    });
    connection->start();
}

}  // namespace squall::raft::node
