#include "raft/node/peer_link.hpp"

#include <algorithm>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "raft/limits.hpp"

namespace squall::raft::node {

using boost::system::error_code;

PeerLink::PeerLink(boost::asio::io_context& io, Address peer, std::string hello, Metrics& metrics)
    : peer_(boost::asio::ip::make_address(peer.host), peer.port),
      hello_(std::move(hello)),
      metrics_(metrics),
      socket_(io),
      timer_(io) {}

void PeerLink::start() {
    dial();
}

void PeerLink::dial() {
    socket_.async_connect(peer_, [this](const error_code& error) {
        timer_.cancel();
        if (error) {
            pause();
        } else {
            connected();
        }
    });
    timer_.expires_after(dial_timeout);
    timer_.async_wait([this](const error_code& cancelled) {
        if (!cancelled && connection_ == nullptr) {
            error_code ignored;
            socket_.close(ignored);
        }
    });
}

void PeerLink::pause() {
    error_code ignored;
    socket_.close(ignored);
    timer_.expires_after(pause_);
    pause_ = std::min<std::chrono::milliseconds>(2 * pause_, max_pause);
    timer_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) {
            dial();
        }
    });
}

void PeerLink::connected() {
    metrics_.dials.add();
    connected_at_ = std::chrono::steady_clock::now();
    // Where the kernel lacks it, only recovery after a cut of packets is slower.
    const int timeout_ms = static_cast<int>(unacknowledged_timeout.count());
    ::setsockopt(
        socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
    connection_ =
        std::make_shared<Connection>(std::move(socket_), limits::hello_frame_bytes, metrics_);
    connection_->on_frame([this](std::string_view) {
        metrics_.frames_malformed.add();
        return false;
    });
    connection_->on_close([this] {
        connection_ = nullptr;
        // What lets a connection come about only to cut it must not be dialled without pause.
        if (std::chrono::steady_clock::now() - connected_at_ > max_pause) {
            pause_ = min_pause;
        }
        pause();
    });
    // Reading is how the end of the connection is noticed without having to send.
    connection_->start();
    connection_->queue(hello_);
    connection_->flush();
}

void PeerLink::queue(std::string_view message) {
    if (connection_ == nullptr || connection_->closed() ||
        connection_->unsent_bytes() + message.size() > limits::peer_unsent_bytes) {
        metrics_.messages_dropped.add();
        return;
    }
    metrics_.messages_sent.add();
    connection_->queue(message);
}

void PeerLink::flush() {
    if (connection_ != nullptr) {
        connection_->flush();
    }
}

std::size_t PeerLink::unsent_bytes() const {
    return connection_ == nullptr ? 0 : connection_->unsent_bytes();
}

}  // namespace squall::raft::node
