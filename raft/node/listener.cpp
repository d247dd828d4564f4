#include "raft/node/listener.hpp"

#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace squall::raft::node {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Pause after a failed accept, such as for want of file descriptors.
constexpr auto accept_retry = std::chrono::milliseconds(50);

}  // namespace

struct Listener::Guests {
    struct Guest {
        std::weak_ptr<Connection> connection;
        bool greeted = false;
    };

    explicit Guests(std::size_t places) : list(places) {}

    void leave(GuestId guest) {
        list.leave(guest);
        connections.erase(guest);
    }

    GuestList list;
    std::map<GuestId, Guest> connections;
};

Listener::Listener(boost::asio::io_context& io, Config config, Metrics& metrics)
    : config_(std::move(config)),
      metrics_(metrics),
      acceptor_(io),
      retry_(io),
      watch_timer_(io),
      guests_(std::make_shared<Guests>(config_.max_connections)) {
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
    watch_later();
}

void Listener::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
}

void Listener::set_idle(GuestId guest) {
    guests_->list.set_idle(guest);
}

void Listener::set_busy(GuestId guest) {
    guests_->list.set_busy(guest);
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
    if (!make_room()) {
        metrics_.connections_refused.add();
        return;
    }
    metrics_.connections.add();
    auto connection =
        std::make_shared<Connection>(std::move(socket), limits::hello_frame_bytes, metrics_);
    const GuestId guest = guests_->list.enter();
    guests_->connections[guest] = {connection, false};
    connection->hold(std::shared_ptr<const void>(
        nullptr, [guests = guests_, guest](const void*) { guests->leave(guest); }));
    connection->on_frame([this, guest, raw = connection.get()](std::string_view payload) {
        return welcome(*raw, guest, payload);
    });
    connection->start();
}

bool Listener::make_room() {
    if (!guests_->list.full()) {
        return true;
    }
    const std::optional<GuestId> guest = guests_->list.longest_idle();
    if (!guest) {
        return false;
    }
    const auto connection = guests_->connections.at(*guest).connection.lock();
    guests_->leave(*guest);
    if (connection) {
        metrics_.connections_evicted.add();
        connection->close();
    }
    return true;
}

bool Listener::welcome(Connection& connection, GuestId guest, std::string_view payload) {
    const auto hello = decode_hello(payload);
    const bool welcome = hello && fits(*hello, config_.role, config_.cluster, config_.self) &&
                         on_greeted_(connection.shared_from_this(), *hello, guest);
    if (!welcome) {
        metrics_.hellos_refused.add();
        return false;
    }
    connection.limit_frames(config_.max_frame_bytes);
    const auto found = guests_->connections.find(guest);
    if (found != guests_->connections.end()) {
        found->second.greeted = true;
    }
    return true;
}

void Listener::watch_later() {
    watch_timer_.expires_after(config_.stall_timeout / StallWatch::rounds);
    watch_timer_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) {
            watch();
            watch_later();
        }
    });
}

void Listener::watch() {
    std::vector<std::shared_ptr<Connection>> stalled;
    for (const auto& [id, guest] : guests_->connections) {
        const auto connection = guest.connection.lock();
        if (!connection || connection->closed()) {
            continue;
        }
        switch (connection->watch(!guest.greeted)) {
            case StallWatch::Verdict::fine:
                continue;
            case StallWatch::Verdict::slow_sender:
                metrics_.stalled_senders.add();
                break;
            case StallWatch::Verdict::slow_reader:
                metrics_.stalled_readers.add();
                break;
        }
        stalled.push_back(connection);
    }
    for (const auto& connection : stalled) {
        connection->close();
    }
}

}  // namespace squall::raft::node
