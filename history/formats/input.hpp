// Where the bytes of a history come from: a stream whose beginning can be looked at, and one that
// inflates gzip on the way.
#pragma once

#include <array>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>

struct z_stream_s;

namespace squall::history::formats {

/// Hands out what `source` holds; its first block is there at once.
class BlockBuffer : public std::streambuf {
  public:
    explicit BlockBuffer(std::streambuf& source);

    /// The first block; valid until more is read.
    [[nodiscard]] std::string_view beginning() const { return {block_.data(), first_}; }

  protected:
    int_type underflow() override;

  private:
    std::streambuf& source_;
    std::string block_;
    std::size_t first_ = 0;
};

[[nodiscard]] bool is_gzip(std::string_view beginning);

/// Ends early where the data is damaged; `problem` then says so.
class GzipBuffer : public std::streambuf {
  public:
    explicit GzipBuffer(std::streambuf& source);
    ~GzipBuffer() override;
    GzipBuffer(const GzipBuffer&) = delete;
    GzipBuffer& operator=(const GzipBuffer&) = delete;

    [[nodiscard]] const std::string& problem() const { return problem_; }

  protected:
    int_type underflow() override;

  private:
    bool refill();
    std::size_t inflate_block();

    std::streambuf& source_;
    std::unique_ptr<z_stream_s> stream_;
    std::string compressed_;
    std::string plain_;
    bool between_members_ = true;
    std::string problem_;
};

}  // namespace squall::history::formats
