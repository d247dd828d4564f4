// Cuts a stream of bytes into lines. Pure. A line that is too long is skipped to its end and told
// of once, so that a stream without newlines needs no more memory than the limit.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace squall::harness::maelstrom {

class LineSplitter {
  public:
    explicit LineSplitter(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

    /// Calls `line` with each line that is complete now, without its newline, in order; empty lines
    /// are passed over. `too_long` gets the beginning of one that is.
    void feed(std::string_view bytes,
              const std::function<void(std::string_view)>& line,
              const std::function<void(std::string_view)>& too_long);

    /// Bytes of the line that is not complete yet.
    [[nodiscard]] std::size_t pending() const { return rest_.size(); }

  private:
    std::size_t line_bytes_max_;
    std::string rest_;
    bool skipping_ = false;
};

}  // namespace squall::harness::maelstrom
