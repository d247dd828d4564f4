// The new lines of a log that a node appends to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/maelstrom/line_splitter.hpp"

namespace squall::harness::process {

class LogTail {
  public:
    explicit LogTail(std::string file);

    /// Hands over what has been appended since the last call, up to 256 KiB; the rest comes the
    /// next time. A log that has become shorter is read from its new end.
    void poll(const std::function<void(std::string_view)>& line);

  private:
    std::string file_;
    std::int64_t read_ = 0;
    maelstrom::LineSplitter splitter_;
};

}  // namespace squall::harness::process
