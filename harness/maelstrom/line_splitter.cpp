#include "harness/maelstrom/line_splitter.hpp"

namespace squall::harness::maelstrom {

void LineSplitter::feed(std::string_view bytes,
                        const std::function<void(std::string_view)>& line,
                        const std::function<void(std::string_view)>& too_long) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const bool complete = end != std::string_view::npos;
        const std::string_view part = bytes.substr(0, end);
        bytes.remove_prefix(complete ? end + 1 : bytes.size());
        if (!skipping_ && rest_.size() + part.size() > line_bytes_max_) {
            skipping_ = true;
            rest_.append(part.substr(0, line_bytes_max_ - rest_.size()));
            too_long(rest_);
            rest_ = std::string();
        }
        if (skipping_) {
            skipping_ = !complete;
        } else if (!complete) {
            rest_.append(part);
        } else if (rest_.empty()) {
            if (!part.empty()) {
                line(part);
            }
        } else {
            rest_.append(part);
            line(rest_);
            rest_.clear();
        }
    }
}

}  // namespace squall::harness::maelstrom
