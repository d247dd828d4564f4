#include "history/recorder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "history/jsonl.hpp"

namespace squall::history {

void MemoryRecorder::append(const Event& event) {
    if (event.index != events_.size()) {
        throw std::logic_error("history: events must be numbered without gaps");
    }
    events_.push_back(event);
}

namespace {

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "history: write");
        }
    }
}

}  // namespace

FileRecorder::FileRecorder(const std::string& path)
    : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) {
        throw std::system_error(errno, std::generic_category(), "history: " + path);
    }
    try {
        write_all(descriptor_, header_line() + "\n");
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

FileRecorder::~FileRecorder() {
    ::close(descriptor_);
}

void FileRecorder::append(const Event& event) {
    MemoryRecorder::append(event);
    std::string line = to_line(event);
    line += '\n';
    write_all(descriptor_, line);
}

}  // namespace squall::history
