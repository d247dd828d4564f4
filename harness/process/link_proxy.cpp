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
#include "harness/process/link_fate.hpp"
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
/// Beyond these the connection stops reading until some of it is gone.
constexpr std::size_t outgoing_bytes_max = std::size_t{256} << 10U;
constexpr std::size_t waiting_bytes_max = std::size_t{16} << 20U;
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
        : link(route.link),
          stream(seed, "links"),
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
    void set_rule(const nemesis::LinkRule& next);
    void forget(const Connection* connection);

    const nemesis::Link link;
    const history::Stream stream;
    nemesis::LinkRule rule;
    bool plain = true;  ///< The rule changes nothing.
    bool receiver_running = true;
    LinkCounters counters;
    std::uint64_t messages = 0;  ///< Arrived so far.

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
        : lane_(std::move(lane)), from_(std::move(from)), to_(io), timer_(io) {}

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

    /// The link was cut: what waits here is lost.
    void drop_queue() {
        const auto originals = static_cast<std::uint64_t>(
            std::count_if(waiting_.begin(), waiting_.end(), [](const auto& entry) {
                return !entry.second.copy;
            }));
        count_lost(lane_->counters.cut, originals + outgoing_messages_);
        waiting_.clear();
        waiting_bytes_ = 0;
        outgoing_.clear();
        outgoing_messages_ = 0;
        pump();
    }

  private:
    struct Message {
        std::string frame;
        std::uint64_t number = 0;  ///< In the order of arrival on this connection.
        bool copy = false;
    };

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
        deliver_due();
        std::string_view rest(received_.data(), received_bytes_);
        for (auto frame = first_frame(rest); !frame.empty(); frame = first_frame(rest)) {
            if (frame.size() > rest.size() || frame.size() > frame_bytes_max) {
                close();
                return;
            }
            take(frame);
            rest.remove_prefix(frame.size());
        }
        std::memmove(received_.data(), rest.data(), rest.size());
        received_bytes_ = rest.size();
    }

    void take(std::string_view frame) {
        if (!hello_passed_) {
            // Nothing is being written yet, so the next pump hands it to the kernel: no cut can
            // drop it from the queue.
            hello_passed_ = true;
            outgoing_.append(frame);
            return;
        }
        const std::uint64_t ordinal = lane_->messages++;
        const std::uint64_t number = next_number_++;
        const Clock::time_point now = Clock::now();
        const bool behind_others = in_order_until_ > now || something_due(now);
        if (lane_->plain && !behind_others) {
            deliver(frame, number, false);
            return;
        }
        if (lane_->rule.cut) {
            count_lost(lane_->counters.cut, 1);
            return;
        }
        const Fate fate = decide_fate(lane_->rule, lane_->stream, lane_->link, ordinal);
        if (fate.dropped) {
            count_lost(lane_->counters.dropped, 1);
            return;
        }
        Clock::time_point due = now + fate.delay;
        if (!fate.held_back) {
            due = std::max(due, in_order_until_);
            in_order_until_ = due;
        }
        if (fate.delay.count() > 0) {
            ++lane_->counters.delayed;
        }
        if (fate.copy_after) {
            ++lane_->counters.duplicated;
            wait(due + *fate.copy_after, {std::string(frame), number, true});
        }
        wait(due, {std::string(frame), number, false});
    }

    void wait(Clock::time_point due, Message message) {
        waiting_bytes_ += message.frame.size();
        waiting_.emplace(std::pair(due, next_waiting_++), std::move(message));
    }

    void deliver(std::string_view frame, std::uint64_t number, bool copy) {
        outgoing_.append(frame);
        if (copy) {
            return;
        }
        ++outgoing_messages_;
        if (number < delivered_until_) {
            ++lane_->counters.reordered;
        }
        delivered_until_ = std::max(delivered_until_, number + 1);
    }

    [[nodiscard]] bool something_due(Clock::time_point now) const {
        return !waiting_.empty() && waiting_.begin()->first.first <= now;
    }

    void deliver_due() {
        const Clock::time_point now = Clock::now();
        while (something_due(now) && outgoing_.size() < outgoing_bytes_max) {
            const Message message = std::move(waiting_.begin()->second);
            waiting_.erase(waiting_.begin());
            waiting_bytes_ -= message.frame.size();
            deliver(message.frame, message.number, message.copy);
        }
    }

    /// Moves everything on that can move. Called after every change.
    void pump() {
        if (closed_) {
            return;
        }
        deliver_due();
        write();
        const bool idle = waiting_.empty() && outgoing_.empty() && !writing_now_;
        if (sender_closed_ && idle) {
            close();
            return;
        }
        if (!waiting_.empty() && !something_due(Clock::now())) {
            wake_at(waiting_.begin()->first.first);
        }
        if (outgoing_.size() < outgoing_bytes_max && waiting_bytes_ < waiting_bytes_max) {
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
        if (writing_now_ || outgoing_.empty()) {
            return;
        }
        writing_now_ = true;
        writing_.clear();
        writing_.swap(outgoing_);
        lane_->counters.passed += std::exchange(outgoing_messages_, 0);
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

    void count_lost(std::uint64_t& counter, std::uint64_t count) const {
        counter += lane_->receiver_running ? count : 0;
    }

    const std::shared_ptr<Lane> lane_;
    tcp::socket from_;
    tcp::socket to_;
    asio::steady_timer timer_;
    bool reading_ = false;
    bool writing_now_ = false;
    bool sender_closed_ = false;
    bool closed_ = false;
    bool hello_passed_ = false;

    std::string received_;            ///< Read into; keeps its size.
    std::size_t received_bytes_ = 0;  ///< Not yet a whole frame.
    /// Messages whose time has not come, by due time, then arrival.
    std::map<std::pair<Clock::time_point, std::uint64_t>, Message> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t next_waiting_ = 0;
    Clock::time_point in_order_until_{};  ///< Due time of the last message that keeps the order.
    std::string outgoing_;                ///< Due, not yet given to the kernel.
    std::uint64_t outgoing_messages_ = 0;
    std::string writing_;
    std::uint64_t next_number_ = 0;
    std::uint64_t delivered_until_ = 0;  ///< One past the highest number delivered.
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

void LinkProxy::Lane::set_rule(const nemesis::LinkRule& next) {
    rule = next;
    plain = rule == nemesis::LinkRule{};
    if (rule.cut) {
        const auto open = connections_;  // Closing changes the list.
        for (const auto& connection : open) {
            connection->drop_queue();
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
            lane->receiver_running = running;
        }
    }
}

LinkReadings LinkProxy::readings() const {
    LinkReadings readings;
    for (const auto& [link, lane] : lanes_) {
        readings.emplace(link, lane->counters);
    }
    return readings;
}

}  // namespace squall::harness::process
