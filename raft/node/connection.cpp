#include "raft/node/connection.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace squall::raft::node {

using boost::system::error_code;

Connection::Connection(boost::asio::ip::tcp::socket socket,
                       std::size_t max_frame_bytes,
                       Metrics& metrics)
    : socket_(std::move(socket)), reader_(max_frame_bytes), metrics_(metrics) {
    error_code ignored;
    // Frames are collected here; waiting in the kernel for more would only add latency.
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

void Connection::start() {
    read();
}

void Connection::read() {
    if (closed_ || paused_ || reading_) {
        return;
    }
    reading_ = true;
    socket_.async_read_some(boost::asio::buffer(chunk_),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                                self->reading_ = false;
                                if (error) {
                                    self->close();
                                    return;
                                }
                                self->hand_out(size);
                                self->read();
                            });
}

void Connection::hand_out(std::size_t size) {
    reader_.feed({chunk_.data(), size});
    while (!closed_) {
        const auto payload = reader_.next();
        if (!payload) {
            break;
        }
        if (next_on_frame_) {
            on_frame_ = std::exchange(next_on_frame_, nullptr);
        }
        if (!on_frame_(*payload)) {
            metrics_.frames_rejected.add();
            close();
        }
    }
    if (reader_.error() != FrameReader::Error::none) {
        metrics_.frames_rejected.add();
        close();
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
    boost::asio::async_write(socket_,
                             boost::asio::buffer(sending_),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                                 if (error) {
                                     self->close();
                                     return;
                                 }
                                 self->sending_.clear();
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
