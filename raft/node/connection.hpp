// Frames over one TCP connection, on the network thread: reads and hands out payloads, collects
// payloads and sends what has collected in one write. Says nothing about what the payloads mean.
// An idle connection holds no buffers, so that many of them cost little.
//
// Shared ownership, since every pending socket operation must keep the connection alive; callbacks
// therefore must not own it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "raft/frame.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/stall_watch.hpp"

namespace squall::raft::node {

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    /// False: the payload made no sense, close. Counts that itself; must not close by itself.
    using OnFrame = std::function<bool(std::string_view payload)>;
    /// Once, however the connection ended; never from inside another call of this class.
    using OnClose = std::function<void()>;

    Connection(boost::asio::ip::tcp::socket socket, std::size_t max_frame_bytes, Metrics& metrics);

    /// From the next frame on; also from inside the present handler.
    void on_frame(OnFrame handler) { next_on_frame_ = std::move(handler); }

    /// Likewise.
    void limit_frames(std::size_t max_frame_bytes) { reader_.set_max_payload(max_frame_bytes); }

    void on_close(OnClose handler) { on_close_ = std::move(handler); }

    /// Called whenever the kernel has taken what was flushed.
    void on_sent(std::function<void()> handler) { on_sent_ = std::move(handler); }

    /// Called after each read, when all whole frames have been handed out.
    void on_read(std::function<void()> handler) { on_read_ = std::move(handler); }

    /// Lives as long as the connection: a place in some limit.
    void hold(std::shared_ptr<const void> ticket) { ticket_ = std::move(ticket); }

    /// Begins to read. Once.
    void start();

    /// Appends a frame to what is sent next. Call `flush` after the last one.
    void queue(std::string_view payload);
    void flush();

    /// Payload bytes queued and not yet taken by the kernel.
    [[nodiscard]] std::size_t unsent_bytes() const { return waiting_.size() + sending_.size(); }

    /// Of a frame that is not complete.
    [[nodiscard]] std::size_t unread_bytes() const { return reader_.waiting_bytes(); }

    /// While paused nothing more is read, so that the sender has to wait. What a read brought in
    /// before is still handed out.
    void pause() { paused_ = true; }

    void resume();

    /// At even intervals. `awaiting`: the other side owes a frame even if it has not begun one.
    [[nodiscard]] StallWatch::Verdict watch(bool awaiting);

    /// Idempotent. What is queued is lost.
    void close();

    [[nodiscard]] bool closed() const { return closed_; }

  private:
    void read();
    void receive();
    void hand_out(std::string_view chunk);
    void count_error();

    boost::asio::ip::tcp::socket socket_;
    FrameReader reader_;
    StallWatch watch_;
    Metrics& metrics_;
    OnFrame on_frame_;
    OnFrame next_on_frame_;
    OnClose on_close_;
    std::function<void()> on_sent_;
    std::function<void()> on_read_;
    std::shared_ptr<const void> ticket_;
    std::string waiting_;
    std::string sending_;
    std::size_t taken_ = 0;  ///< Of sending_.
    bool reading_ = false;
    bool paused_ = false;
    bool closed_ = false;
};

}  // namespace squall::raft::node
