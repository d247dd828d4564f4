#include "history/formats/input.hpp"

#include <new>

#include <zlib.h>

namespace squall::history::formats {

namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10U;
/// zlib: the largest window, and a gzip header is expected.
constexpr int window_bits = 15 + 16;

std::size_t read_block(std::streambuf& source, std::string& block) {
    return static_cast<std::size_t>(
        source.sgetn(block.data(), static_cast<std::streamsize>(block.size())));
}

}  // namespace

BlockBuffer::BlockBuffer(std::streambuf& source) : source_(source), block_(block_bytes, '\0') {
    first_ = read_block(source_, block_);
    setg(block_.data(), block_.data(), block_.data() + first_);
}

std::streambuf::int_type BlockBuffer::underflow() {
    if (gptr() == egptr()) {
        const std::size_t got = read_block(source_, block_);
        setg(block_.data(), block_.data(), block_.data() + got);
    }
    return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

bool is_gzip(std::string_view beginning) {
    return beginning.starts_with("\x1f\x8b");
}

GzipBuffer::GzipBuffer(std::streambuf& source)
    : source_(source),
      stream_(std::make_unique<z_stream>()),
      compressed_(block_bytes, '\0'),
      plain_(block_bytes, '\0') {
    if (inflateInit2(stream_.get(), window_bits) != Z_OK) {
        throw std::bad_alloc();
    }
}

GzipBuffer::~GzipBuffer() {
    inflateEnd(stream_.get());
}

std::streambuf::int_type GzipBuffer::underflow() {
    if (gptr() == egptr()) {
        const std::size_t got = inflate_block();
        setg(plain_.data(), plain_.data(), plain_.data() + got);
    }
    return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

bool GzipBuffer::refill() {
    if (stream_->avail_in == 0) {
        stream_->avail_in = static_cast<uInt>(read_block(source_, compressed_));
        stream_->next_in = reinterpret_cast<Bytef*>(compressed_.data());
    }
    return stream_->avail_in > 0;
}

std::size_t GzipBuffer::inflate_block() {
    stream_->next_out = reinterpret_cast<Bytef*>(plain_.data());
    stream_->avail_out = static_cast<uInt>(plain_.size());
    while (stream_->avail_out == plain_.size() && problem_.empty()) {
        if (!refill()) {
            if (!between_members_) {
                problem_ = "the gzip data ends early; is the file complete?";
            }
            break;
        }
        between_members_ = false;
        const int result = inflate(stream_.get(), Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            // A file may be several compressed ones, one behind the other.
            between_members_ = true;
            inflateReset(stream_.get());
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            problem_ = "the gzip data is damaged";
        }
    }
    return plain_.size() - stream_->avail_out;
}

}  // namespace squall::history::formats
