#include "harness/process/stdio_pipes.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/maelstrom/line_splitter.hpp"

namespace squall::harness::process {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t chunk_bytes = std::size_t{16} << 10U;
constexpr std::size_t drain_bytes_max = std::size_t{1} << 20U;  // A pipe holds 64 KiB.

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw Failure(fmt::format("cannot make a pipe for a node: {}", std::strerror(errno)));
    }
    return {ends[0], ends[1]};
}

void close_end(int& descriptor) {
    if (descriptor >= 0) {
        ::close(std::exchange(descriptor, -1));
    }
}

}  // namespace

class StdioPipes::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& io, const Limits& limits, Events events)
        : limits_(limits),
          events_(std::move(events)),
          splitter_(limits.line_bytes_max),
          to_node_(io),
          from_node_(io),
          timer_(io) {
        const Pipe input = make_pipe();
        node_input_ = input.read_end;
        to_node_.assign(input.write_end);
        const Pipe output = make_pipe();
        node_output_ = output.write_end;
        from_node_.assign(output.read_end);
        to_node_.native_non_blocking(true);
        from_node_.native_non_blocking(true);
    }

    ~Impl() {
        close_end(node_input_);
        close_end(node_output_);
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void start() {
        close_end(node_input_);
        close_end(node_output_);
        period_began_ = Clock::now();
        read();
    }

    bool write(std::string_view bytes) {
        if (waiting_.size() + writing_.size() + bytes.size() > limits_.unread_bytes_max) {
            return false;
        }
        waiting_.append(bytes);
        if (writing_.empty()) {
            write_on();
        }
        return true;
    }

    void drain() {
        std::size_t drained = 0;
        error_code error;
        while (!closed_ && drained < drain_bytes_max) {
            const std::size_t size = from_node_.read_some(asio::buffer(chunk_), error);
            if (error) {
                return;
            }
            drained += size;
            take({chunk_.data(), size});
        }
    }

    void close() {
        closed_ = true;
        error_code ignored;
        to_node_.close(ignored);
        from_node_.close(ignored);
        timer_.cancel();
    }

    int node_input_ = -1;
    int node_output_ = -1;

  private:
    void read() {
        from_node_.async_read_some(
            asio::buffer(chunk_),
            [self = shared_from_this()](const error_code& error, std::size_t size) {
                if (self->closed_) {
                    return;
                }
                if (error) {
                    self->events_.closed();
                    return;
                }
                self->take({self->chunk_.data(), size});
                self->read_on();
            });
    }

    void take(std::string_view bytes) {
        bytes_ += bytes.size();
        splitter_.feed(
            bytes,
            [this](std::string_view line) {
                ++lines_;
                if (!closed_) {
                    events_.line(line);
                }
            },
            [this](std::string_view start) {
                if (!closed_) {
                    events_.line_too_long(start);
                }
            });
    }

    /// At once, or when the period is over if it has had its share.
    void read_on() {
        if (closed_) {
            return;
        }
        const Clock::time_point now = Clock::now();
        const bool over = now - period_began_ >= limits_.period;
        const bool too_much = lines_ > limits_.lines_max || bytes_ > limits_.bytes_max;
        if (!over && !too_much) {
            read();
            return;
        }
        count_slow_period(too_much);
        if (over) {
            begin_period(now);
            read();
            return;
        }
        timer_.expires_at(period_began_ + limits_.period);
        timer_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && !self->closed_) {
                self->begin_period(Clock::now());
                self->read();
            }
        });
    }

    void begin_period(Clock::time_point now) {
        period_began_ = now;
        lines_ = 0;
        bytes_ = 0;
    }

    void count_slow_period(bool too_much) {
        slow_periods_ = too_much ? slow_periods_ + 1 : 0;
        if (slow_periods_ * limits_.period >= std::chrono::seconds(1)) {
            slow_periods_ = 0;
            events_.flood();
        }
    }

    void write_on() {
        writing_.swap(waiting_);
        asio::async_write(
            to_node_,
            asio::buffer(writing_),
            [self = shared_from_this()](const error_code& error, std::size_t /*size*/) {
                self->writing_.clear();
                // A node that has closed its input, or ended: nothing will be read any more.
                if (error || self->closed_) {
                    self->waiting_.clear();
                } else if (!self->waiting_.empty()) {
                    self->write_on();
                }
            });
    }

    const Limits limits_;
    const Events events_;
    maelstrom::LineSplitter splitter_;
    asio::posix::stream_descriptor to_node_;
    asio::posix::stream_descriptor from_node_;
    asio::steady_timer timer_;
    std::array<char, chunk_bytes> chunk_{};
    std::string writing_;
    std::string waiting_;
    Clock::time_point period_began_;
    std::size_t lines_ = 0;
    std::size_t bytes_ = 0;
    int slow_periods_ = 0;
    bool closed_ = false;
};

StdioPipes::StdioPipes(asio::io_context& io, const Limits& limits, Events events)
    : impl_(std::make_shared<Impl>(io, limits, std::move(events))) {}

StdioPipes::~StdioPipes() {
    impl_->close();
}

int StdioPipes::node_input() const {
    return impl_->node_input_;
}

int StdioPipes::node_output() const {
    return impl_->node_output_;
}

void StdioPipes::start() {
    impl_->start();
}

bool StdioPipes::write(std::string_view bytes) {
    return impl_->write(bytes);
}

void StdioPipes::drain() {
    impl_->drain();
}

}  // namespace squall::harness::process
