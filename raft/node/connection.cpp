#include "raft/node/connection.hpp"

#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace squall::raft::node {

using boost::system::error_code;

namespace {

/// Of one read: on the stack, so that a connection that waits owns none of it.
constexpr std::size_t chunk_bytes = limits::kib(32);

/// Empties a buffer; a large one goes back to the system.
void clear(std::string& buffer) {
    if (buffer.capacity() > limits::kept_buffer_bytes) {
        std::string().swap(buffer);
    } else {
        buffer.clear();
    }
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket,
                       std::size_t max_frame_bytes,
                       Metrics& metrics)
    : socket_(std::move(socket)), reader_(max_frame_bytes), metrics_(metrics) {
    error_code ignored;
    // Frames are collected here; waiting in the kernel for more would only add latency.
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    // Reads happen once there is something to read; they never wait.
    socket_.non_blocking(true, ignored);
}

void Connection::start() {
    read();
}

void Connection::read() {
    if (closed_ || paused_ || reading_) {
        return;
    }
    reading_ = true;
    socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                       [self = shared_from_this()](const error_code& error) {
                           self->reading_ = false;
                           if (error) {
                               self->close();
                               return;
                           }
                           self->receive();
                           self->read();
                       });
}

void Connection::receive() {
    if (closed_ || paused_) {
        return;
    }
    std::array<char, chunk_bytes> chunk;  // Not initialised: only what was read is looked at.
    error_code error;
    const std::size_t size = socket_.read_some(boost::asio::buffer(chunk), error);
    if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) {
        return;
    }
    if (error) {
        if (reader_.waiting_bytes() > 0) {
            metrics_.frames_truncated.add();
        }
        close();
        return;
    }
    hand_out({chunk.data(), size});
}

void Connection::hand_out(std::string_view chunk) {
    reader_.feed(chunk);
    while (!closed_) {
        const auto payload = reader_.next();
        if (!payload) {
            break;
        }
        watch_.received();
        if (next_on_frame_) {
            on_frame_ = std::exchange(next_on_frame_, nullptr);
        }
        if (!on_frame_(*payload)) {
            close();
        }
    }
    if (reader_.error() != FrameReader::Error::none) {
        count_error();
        close();
    }
    if (!closed_ && on_read_) {
        on_read_();
    }
}

void Connection::count_error() {
    if (reader_.error() == FrameReader::Error::too_long) {
        metrics_.frames_too_long.add();
    } else {
        metrics_.frames_bad_checksum.add();
    }
}

void Connection::queue(std::string_view payload) {
    if (!closed_) {
        append_frame(waiting_, payload);
    }
}

void Connection::flush() {
    if (closed_ || !sending_.empty() || waiting_.empty()) {
        return;
    }
    sending_.swap(waiting_);
    taken_ = 0;
    // The condition decides nothing: it is where partial progress can be seen.
    const auto progress = [self = shared_from_this()](const error_code& error, std::size_t taken) {
        self->watch_.taken(taken - std::exchange(self->taken_, taken));
        return error ? 0 : limits::mib(1);
    };
    boost::asio::async_write(socket_,
                             boost::asio::buffer(sending_),
                             progress,
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                                 if (error) {
                                     self->close();
                                     return;
                                 }
                                 clear(self->sending_);
                                 self->flush();
                                 if (self->on_sent_) {
                                     self->on_sent_();
                                 }
                             });
}

void Connection::resume() {
    paused_ = false;
    read();
}

StallWatch::Verdict Connection::watch(bool awaiting) {
    // Who is not read from cannot complete anything.
    const bool incomplete = !paused_ && (awaiting || reader_.waiting_bytes() > 0);
    return watch_.round(incomplete, unsent_bytes() > 0);
}

void Connection::close() {
    if (closed_) {
        return;
    }
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->on_close_) {
            self->on_close_();
        }
    });
}

}  // namespace squall::raft::node
