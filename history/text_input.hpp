// Text from outside, in bounds: which files may be read, lines of bounded length, how deep JSON
// nests, and foreign words made fit for a message. It knows nothing of what the text means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace squall::history {

/// Why the path cannot be read, and what to do; empty when it can. Only regular files can: a FIFO
/// without a writer would be waited for, and a device may have no end.
[[nodiscard]] std::string obstacle_to_reading(const std::string& path);

/// Never holds more than one line of the longest length plus a block of input.
class LineReader {
  public:
    enum class Got : std::uint8_t {
        line,
        unterminated,  ///< The last one, without a newline.
        too_long,      ///< Reading cannot go on.
        unreadable,    ///< The device failed.
        end
    };

    LineReader(std::istream& in, std::size_t longest) : in_(in), longest_(longest) {}

    Got next();

    /// What `next` got, without its newline; valid until the next call.
    [[nodiscard]] std::string_view line() const { return line_; }

    /// From 1; of the line that `next` got or failed at.
    [[nodiscard]] std::size_t number() const { return number_; }

  private:
    [[nodiscard]] bool refill();

    std::istream& in_;
    std::size_t longest_;
    std::string buffer_;
    std::size_t begin_ = 0;    ///< Of what was not handed out yet.
    std::size_t scanned_ = 0;  ///< No newline before here.
    std::string_view line_;
    std::size_t number_ = 0;
};

/// Whether brackets nest deeper than this. To be asked before parsing: what becomes of the values
/// recurses.
[[nodiscard]] bool nests_deeper(std::string_view json, std::size_t limit);

/// Where and why the text is not JSON, without its bytes, which may be anything; empty when it is.
[[nodiscard]] std::string why_not_json(std::string_view text);

/// Foreign words for a message: printable ASCII, the rest as \xNN, cut after 60 bytes.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace squall::history
