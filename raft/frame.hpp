// Frames on a stream: u32 payload length, u32 CRC-32C of the payload, payload (docs/protocol.md).
// No I/O: bytes go in as they arrive, whole payloads come out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace squall::raft {

inline constexpr std::size_t frame_header_bytes = 8;

void append_frame(std::string& out, std::string_view payload);

/// Never holds more than one frame of the largest size plus what it was fed last, and little when
/// all of it was handed out. After an error
/// the stream has no more frames: where the next one starts is not known.
class FrameReader {
  public:
    enum class Error : std::uint8_t { none, too_long, bad_checksum };

    explicit FrameReader(std::size_t max_payload) : max_payload_(max_payload) {}

    /// From the next frame on.
    void set_max_payload(std::size_t max_payload) { max_payload_ = max_payload; }

    /// Call `next` until it yields nothing before feeding more.
    void feed(std::string_view chunk);

    /// The next whole payload; the view lives until the next call of `feed`.
    [[nodiscard]] std::optional<std::string_view> next();

    [[nodiscard]] Error error() const { return error_; }

    /// Fed and not yet handed out: the beginning of a frame.
    [[nodiscard]] std::size_t waiting_bytes() const { return buffer_.size() - consumed_; }

  private:
    std::size_t max_payload_;
    std::string buffer_;
    std::size_t consumed_ = 0;
    Error error_ = Error::none;
};

}  // namespace squall::raft
