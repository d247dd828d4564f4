// Lines of a stream, of bounded length. No I/O: bytes go in as they arrive, whole lines come out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace squall::raft::node {

/// Never holds more than one line of the largest length plus what it was fed last, and little when
/// all of it was handed out. A longer line is skipped and counted.
class LineReader {
  public:
    explicit LineReader(std::size_t max_line) : max_line_(max_line) {}

    /// Call `next` until it yields nothing before feeding more.
    void feed(std::string_view chunk);

    /// The next whole line without its newline; the view lives until the next call of `feed`.
    [[nodiscard]] std::optional<std::string_view> next();

    [[nodiscard]] std::uint64_t too_long() const { return too_long_; }

    /// Fed and not yet handed out: the beginning of a line.
    [[nodiscard]] std::size_t waiting_bytes() const { return buffer_.size() - consumed_; }

  private:
    std::size_t max_line_;
    std::string buffer_;
    std::size_t consumed_ = 0;
    std::size_t searched_ = 0;  ///< No newline from consumed_ to here.
    bool skipping_ = false;     ///< What comes up to the next newline belongs to a long line.
    std::uint64_t too_long_ = 0;
};

}  // namespace squall::raft::node
