#include "raft/node/line_reader.hpp"

#include <utility>

#include "raft/limits.hpp"

namespace squall::raft::node {

void LineReader::feed(std::string_view chunk) {
    buffer_.erase(0, consumed_);
    searched_ -= consumed_;
    consumed_ = 0;
    if (buffer_.empty() && buffer_.capacity() > limits::kept_buffer_bytes) {
        buffer_.shrink_to_fit();
    }
    buffer_ += chunk;
}

std::optional<std::string_view> LineReader::next() {
    while (true) {
        const std::size_t end = buffer_.find('\n', searched_);
        if (end == std::string::npos) {
            searched_ = buffer_.size();
            if (waiting_bytes() > max_line_) {
                too_long_ += std::exchange(skipping_, true) ? 0U : 1U;
            }
            if (skipping_) {
                consumed_ = searched_;
            }
            return std::nullopt;
        }
        const std::string_view line = std::string_view(buffer_).substr(consumed_, end - consumed_);
        consumed_ = searched_ = end + 1;
        if (std::exchange(skipping_, false)) {
            continue;
        }
        if (line.size() <= max_line_) {
            return line;
        }
        ++too_long_;
    }
}

}  // namespace squall::raft::node
