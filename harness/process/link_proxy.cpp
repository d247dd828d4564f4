#include "harness/process/link_proxy.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "history/random.hpp"

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

constexpr std::size_t frame_header_bytes = 8;
constexpr std::size_t frame_bytes_max = (std::size_t{16} << 20U) + frame_header_bytes;
constexpr std::size_t read_bytes = std::size_t{64} << 10U;
/// A node that dials ever again without closing loses its oldest connection.
constexpr std::size_t connections_max = 16;

tcp::endpoint to_asio(const Endpoint& endpoint) {
    return {asio::ip::make_address(endpoint.host), endpoint.port};
}

/// The first frame of `bytes`, header included; nothing when it is not complete yet.
std::string_view first_frame(std::string_view bytes) {
    if (bytes.size() < frame_header_bytes) {
        return {};
    }
    std::size_t length = frame_header_bytes;
    for (std::size_t i = 0; i < 4; ++i) {
        length += static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    // A length that no node may send is cut short here and closes the connection later.
    return length <= bytes.size() || length > frame_bytes_max ? bytes.substr(0, length)
                                                              : std::string_view();
}

}  // namespace

/// One directed link: its listener, rule, counters and open connections.
class LinkProxy::Lane : public std::enable_shared_from_this<Lane> {
  public:
    Lane(asio::io_context& io, const Route& route, std::uint64_t seed)
        : state{.link = route.link, .stream = history::Stream(seed, "links")},
          target_(to_asio(route.target)),
          io_(io),
          acceptor_(io) {
        try {
            const tcp::endpoint endpoint = to_asio(route.listen);
            acceptor_.open(endpoint.protocol());
            acceptor_.set_option(tcp::acceptor::reuse_address(true));
            acceptor_.bind(endpoint);
            acceptor_.listen();
        } catch (const boost::system::system_error& error) {
            throw Failure(fmt::format(
                "cannot listen on {} for a link: {}", to_string(route.listen), error.what()));
        }
    }

    void accept();
    void stop();
    void set_rule(const nemesis::LinkRule& rule);
    void forget(const Connection* connection);

    LinkState state;

  private:
    tcp::endpoint target_;
    asio::io_context& io_;
    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<Connection>> connections_;  ///< Oldest first.
};

/// One connection of the sender, joined to one with the receiver.
class LinkProxy::Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(asio::io_context& io, tcp::socket from, std::shared_ptr<Lane> lane)
        : lane_(std::move(lane)),
          from_(std::move(from)),
          to_(io),
          timer_(io),
          queue_(lane_->state) {}

    void start(const tcp::endpoint& target) {
        to_.async_connect(target, [self = shared_from_this()](const error_code& error) {
            if (error) {
                self->close();
                return;
            }
            error_code ignored;
            self->from_.set_option(tcp::no_delay(true), ignored);
            self->to_.set_option(tcp::no_delay(true), ignored);
            self->watch_receiver();
            self->read();
        });
    }

    void close() {
        if (closed_) {
            return;
        }
        closed_ = true;
        error_code ignored;
        from_.close(ignored);
        to_.close(ignored);
        timer_.cancel();
        lane_->forget(this);
    }

    void cut() {
        queue_.cut();
        pump();
    }

  private:
    void read() {
        if (reading_ || closed_ || sender_closed_) {
            return;
        }
        reading_ = true;
        if (received_.size() < received_bytes_ + read_bytes) {
            received_.resize(received_bytes_ + read_bytes);
        }
        from_.async_read_some(
            asio::buffer(received_.data() + received_bytes_, read_bytes),
            [self = shared_from_this()](const error_code& error, std::size_t count) {
                self->reading_ = false;
                self->received_bytes_ += count;
                if (error) {
                    self->sender_closed_ = true;
                } else {
                    self->take_frames();
                }
                self->pump();
            });
    }

    void take_frames() {
        const Clock::time_point now = Clock::now();
        queue_.advance(now);
        std::string_view rest(received_.data(), received_bytes_);
        for (auto frame = first_frame(rest); !frame.empty(); frame = first_frame(rest)) {
            if (frame.size() > frame_bytes_max) {
                close();
                return;
            }
            queue_.arrive(frame, now);
            rest.remove_prefix(frame.size());
        }
        std::memmove(received_.data(), rest.data(), rest.size());
        received_bytes_ = rest.size();
    }

    /// Moves everything on that can move. Called after every change.
    void pump() {
        if (closed_) {
            return;
        }
        queue_.advance(Clock::now());
        write();
        if (sender_closed_ && queue_.empty() && !writing_now_) {
            close();
            return;
        }
        // What is due but does not fit moves on with the write that is under way.
        if (const auto due = queue_.next_due(); due && *due > Clock::now()) {
            wake_at(*due);
        }
        if (!queue_.full()) {
            read();
        }
    }

    void wake_at(Clock::time_point due) {
        timer_.expires_at(due);
        timer_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error) {
                self->pump();
            }
        });
    }

    void write() {
        if (writing_now_) {
            return;
        }
        writing_ = queue_.take();
        if (writing_.empty()) {
            return;
        }
        writing_now_ = true;
        asio::async_write(to_,
                          asio::buffer(writing_),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              self->writing_now_ = false;
                              if (error) {
                                  self->close();
                                  return;
                              }
                              self->pump();
                          });
    }

    /// The receiver sends nothing; reading tells when it goes away.
    void watch_receiver() {
        to_.async_read_some(asio::buffer(unwanted_),
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                                if (error) {
                                    self->close();
                                    return;
                                }
                                self->watch_receiver();
                            });
    }

    const std::shared_ptr<Lane> lane_;
    tcp::socket from_;
    tcp::socket to_;
    asio::steady_timer timer_;
    bool reading_ = false;
    bool writing_now_ = false;
    bool sender_closed_ = false;
    bool closed_ = false;
    LinkQueue queue_;
    std::string received_;            ///< Read into; keeps its size.
    std::size_t received_bytes_ = 0;  ///< Not yet a whole frame.
    std::string writing_;
    std::array<char, 512> unwanted_{};
};

void LinkProxy::Lane::accept() {
    acceptor_.async_accept([self = shared_from_this()](const error_code& error, tcp::socket from) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (error == asio::error::connection_aborted) {
            self->accept();
            return;
        }
        if (error) {
            throw Failure(fmt::format("link proxy cannot accept: {}", error.message()));
        }
        if (self->connections_.size() >= connections_max) {
            const std::shared_ptr<Connection> oldest = self->connections_.front();
            oldest->close();
        }
        self->connections_.push_back(
            std::make_shared<Connection>(self->io_, std::move(from), self));
        self->connections_.back()->start(self->target_);
        self->accept();
    });
}

void LinkProxy::Lane::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    const auto open = connections_;  // Closing changes the list.
    for (const auto& connection : open) {
        connection->close();
    }
}

void LinkProxy::Lane::set_rule(const nemesis::LinkRule& rule) {
    state.rule = rule;
    if (rule.cut) {
        const auto open = connections_;  // One that ends with its queue leaves the list.
        for (const auto& connection : open) {
            connection->cut();
        }
    }
}

void LinkProxy::Lane::forget(const Connection* connection) {
    std::erase_if(connections_, [&](const auto& open) { return open.get() == connection; });
}

LinkProxy::LinkProxy(asio::io_context& io, const std::vector<Route>& routes, std::uint64_t seed) {
    for (const Route& route : routes) {
        const auto lane = std::make_shared<Lane>(io, route, seed);
        lanes_.emplace(route.link, lane);
        lane->accept();
    }
}

LinkProxy::~LinkProxy() {
    for (const auto& [link, lane] : lanes_) {
        lane->stop();
    }
}

void LinkProxy::set_rule(nemesis::Link link, const nemesis::LinkRule& rule) {
    lanes_.at(link)->set_rule(rule);
}

void LinkProxy::set_running(history::NodeId node, bool running) {
    for (const auto& [link, lane] : lanes_) {
        if (link.to == node) {
            lane->state.receiver_running = running;
        }
    }
}

LinkReadings LinkProxy::readings() const {
    LinkReadings readings;
    for (const auto& [link, lane] : lanes_) {
        readings.emplace(link, lane->state.counters);
    }
    return readings;
}

}  // namespace squall::harness::process
