#include "raft/frame.hpp"

#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/limits.hpp"

namespace squall::raft {

void append_frame(std::string& out, std::string_view payload) {
    put(out, static_cast<std::uint32_t>(payload.size()));
    put(out, crc32c(payload));
    out.append(payload);
}

void FrameReader::feed(std::string_view chunk) {
    if (consumed_ == buffer_.size() && buffer_.capacity() > limits::kept_buffer_bytes) {
        std::string().swap(buffer_);
    } else {
        buffer_.erase(0, consumed_);
    }
    consumed_ = 0;
    if (error_ == Error::none) {
        buffer_.append(chunk);
    }
}

std::optional<std::string_view> FrameReader::next() {
    const std::string_view rest = std::string_view(buffer_).substr(consumed_);
    if (error_ != Error::none || rest.size() < frame_header_bytes) {
        return std::nullopt;
    }
    ByteReader header(rest);
    const auto size = header.get<std::uint32_t>();
    const auto checksum = header.get<std::uint32_t>();
    if (size > max_payload_) {
        error_ = Error::too_long;
        return std::nullopt;
    }
    if (header.rest().size() < size) {
        return std::nullopt;
    }
    const std::string_view payload = header.rest().substr(0, size);
    if (crc32c(payload) != checksum) {
        error_ = Error::bad_checksum;
        return std::nullopt;
    }
    consumed_ += frame_header_bytes + size;
    return payload;
}

}  // namespace squall::raft
