#include "harness/process/log_tail.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

namespace squall::harness::process {

namespace {

constexpr std::int64_t bytes_max = std::int64_t{256} << 10U;
constexpr std::size_t line_bytes_max = std::size_t{64} << 10U;

}  // namespace

LogTail::LogTail(std::string file) : file_(std::move(file)), splitter_(line_bytes_max) {}

void LogTail::poll(const std::function<void(std::string_view)>& line) {
    std::ifstream file(file_, std::ios::binary | std::ios::ate);
    if (!file) {
        return;
    }
    const std::int64_t size = file.tellg();
    if (size < read_) {
        read_ = size;
    }
    std::string bytes(static_cast<std::size_t>(std::min(size - read_, bytes_max)), '\0');
    file.seekg(read_);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    read_ += static_cast<std::int64_t>(bytes.size());
    splitter_.feed(bytes, line, [](std::string_view /*start*/) {});
}

}  // namespace squall::harness::process
