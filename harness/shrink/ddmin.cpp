#include "harness/shrink/ddmin.hpp"

#include <algorithm>
#include <numeric>

namespace squall::harness::shrink {

Ddmin::Ddmin(std::size_t count) : kept_(count), over_(count == 0), chunk_((count + 1) / 2) {
    std::iota(kept_.begin(), kept_.end(), std::size_t{0});
}

std::optional<std::vector<std::size_t>> Ddmin::next() const {
    if (over_) {
        return std::nullopt;
    }
    // Often none of it matters, and then one try settles it.
    return tried_none_ ? without_chunk() : std::vector<std::size_t>();
}

void Ddmin::verdict(bool fails) {
    if (over_) {
        return;
    }
    if (!tried_none_) {
        tried_none_ = true;
        if (fails) {
            kept_.clear();
        }
    } else if (fails) {
        kept_ = without_chunk();
        reduced_ = true;
    } else {
        offset_ += chunk_;
    }
    settle();
}

std::vector<std::size_t> Ddmin::without_chunk() const {
    std::vector<std::size_t> rest;
    rest.reserve(kept_.size());
    const std::size_t end = std::min(offset_ + chunk_, kept_.size());
    rest.insert(rest.end(), kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(offset_));
    rest.insert(rest.end(), kept_.begin() + static_cast<std::ptrdiff_t>(end), kept_.end());
    return rest;
}

/// Moves on to a chunk whose absence is worth a try.
void Ddmin::settle() {
    // Keeping nothing was the first try.
    while (chunk_ > 1 && chunk_ >= kept_.size()) {
        chunk_ = (chunk_ + 1) / 2;
        offset_ = 0;
        reduced_ = false;
    }
    if (kept_.size() <= 1) {
        over_ = true;
        return;
    }
    if (offset_ < kept_.size()) {
        return;
    }
    // What one entry was needed for may be gone after others went.
    over_ = chunk_ == 1 && !reduced_;
    chunk_ = (chunk_ + 1) / 2;
    offset_ = 0;
    reduced_ = false;
}

}  // namespace squall::harness::shrink
