// Frames over one TCP connection, on the network thread: reads and hands out payloads, collects
// payloads and sends what has collected in one write. Says nothing about what the payloads mean.
//
// Shared ownership, since every pending socket operation must keep the connection alive; callbacks
// therefore must not own it.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "raft/frame.hpp"
#include "raft/node/metrics.hpp"

namespace squall::raft::node {

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    /// False: the payload made no sense, reject it and close. Must not close by itself.
    using OnFrame = std::function<bool(std::string_view payload)>;
    /// Once, however the connection ended; never from inside another call of this class.
    using OnClose = std::function<void()>;

    Connection(boost::asio::ip::tcp::socket socket, std::size_t max_frame_bytes, Metrics& metrics);

    /// From the next frame on; also from inside the present handler.
    void on_frame(OnFrame handler) { next_on_frame_ = std::move(handler); }

    void on_close(OnClose handler) { on_close_ = std::move(handler); }

    /// Called whenever the kernel has taken what was flushed.
    void on_sent(std::function<void()> handler) { on_sent_ = std::move(handler); }

    /// Lives as long as the connection: a place in some limit.
    void hold(std::shared_ptr<const void> ticket) { ticket_ = std::move(ticket); }

    /// Begins to read. Once.
    void start();

    /// Appends a frame to what is sent next. Call `flush` after the last one.
    void queue(std::string_view payload);
    void flush();

    /// Payload bytes queued and not yet taken by the kernel.
    [[nodiscard]] std::size_t unsent_bytes() const { return waiting_.size() + sending_.size(); }

    /// While paused nothing more is read, so that the sender has to wait. What a read brought in
    /// before is still handed out.
    void pause() { paused_ = true; }

    void resume();

    /// Idempotent. What is queued is lost.
    void close();

    [[nodiscard]] bool closed() const { return closed_; }

  private:
    void read();
    void hand_out(std::size_t size);

    boost::asio::ip::tcp::socket socket_;
    FrameReader reader_;
    Metrics& metrics_;
    OnFrame on_frame_;
    OnFrame next_on_frame_;
    OnClose on_close_;
    std::function<void()> on_sent_;
    std::shared_ptr<const void> ticket_;
    std::array<char, std::size_t{32} << 10U> chunk_{};
    std::string waiting_;
    std::string sending_;
    bool reading_ = false;
    bool paused_ = false;
    bool closed_ = false;
};

}  // namespace squall::raft::node
