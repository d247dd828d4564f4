#include "raft/storage/memory_inode.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace squall::raft::storage {

std::string MemoryInode::read(std::uint64_t offset, std::uint64_t size) const {
    if (offset >= size_) {
        return {};
    }
    const std::uint64_t length = std::min(size, size_ - offset);
    std::string bytes;
    if (offset < bytes_.size()) {
        bytes = bytes_.substr(offset, length);
    }
    bytes.resize(length);
    return bytes;
}

void MemoryInode::write(std::uint64_t offset, std::string_view bytes, bool journal) {
    Overwritten& old = unsynced_.emplace_back();
    old.offset = offset;
    old.length = bytes.size();
    old.old_size = size_;
    const std::uint64_t end = offset + bytes.size();
    if (offset < bytes_.size()) {
        old.bytes = bytes_.substr(offset, bytes.size());
    }
    if (!failed_.empty()) {
        overlay_platter(old);
        cover_failed(offset, end);
    }
    if (bytes_.size() < end) {
        bytes_.resize(end);
    }
    bytes_.replace(offset, bytes.size(), bytes);
    size_ = std::max(size_, end);
    if (journal) {
        steps_.push_back({true, {}, {}});
    }
}

void MemoryInode::extend(std::uint64_t size, bool journal) {
    unsynced_.push_back({size, 0, size_, {}});
    size_ = std::max(size_, size);
    if (journal) {
        steps_.push_back({true, {}, {}});
    }
}

void MemoryInode::sync(bool journal) {
    if (journal) {
        steps_.push_back({false, std::exchange(unsynced_, {}), failed_});
    }
    unsynced_.clear();
}

void MemoryInode::fail_sync(bool journal) {
    if (journal) {
        steps_.push_back({false, unsynced_, failed_});
    }
    if (unsynced_.empty()) {
        return;
    }
    const std::uint64_t old_size = unsynced_.front().old_size;
    // Ascending by time: what an earlier write overwrote is put back last, and so it counts.
    std::vector<Failed> lost;
    for (Overwritten& old : unsynced_) {
        old.bytes.resize(old.length);
        if (old.length > 0) {
            lost.push_back({old.offset, std::move(old.bytes)});
        }
    }
    lost.insert(lost.end(),
                std::make_move_iterator(failed_.begin()),
                std::make_move_iterator(failed_.end()));
    failed_ = std::move(lost);
    unsynced_.clear();
    if (old_size != size_) {
        unsynced_.push_back({size_, 0, old_size, {}});
    }
}

void MemoryInode::undo() {
    Step step = std::move(steps_.back());
    steps_.pop_back();
    if (step.write) {
        put_back(unsynced_.back());
        unsynced_.pop_back();
        return;
    }
    unsynced_ = std::move(step.unsynced);
    failed_ = std::move(step.failed);
}

void MemoryInode::put_back(const Overwritten& old) {
    for (std::uint64_t i = 0; i < old.length; ++i) {
        bytes_[old.offset + i] = i < old.bytes.size() ? old.bytes[i] : '\0';
    }
    size_ = old.old_size;
    bytes_.resize(std::min<std::uint64_t>(bytes_.size(), size_));
}

/// A write over a page that only seems clean: without it the platter would show.
void MemoryInode::overlay_platter(Overwritten& old) const {
    for (const Failed& failed : failed_ | std::views::reverse) {
        const std::uint64_t from = std::max(failed.offset, old.offset);
        const std::uint64_t to =
            std::min(failed.offset + failed.platter.size(), old.offset + old.length);
        if (from >= to) {
            continue;
        }
        old.bytes.resize(std::max<std::uint64_t>(old.bytes.size(), to - old.offset));
        old.bytes.replace(
            from - old.offset, to - from, failed.platter, from - failed.offset, to - from);
    }
}

/// What is written again is no longer lost.
void MemoryInode::cover_failed(std::uint64_t from, std::uint64_t to) {
    std::vector<Failed> left;
    for (const Failed& failed : failed_) {
        const std::uint64_t end = failed.offset + failed.platter.size();
        if (end <= from || failed.offset >= to) {
            left.push_back(failed);
            continue;
        }
        if (failed.offset < from) {
            left.push_back({failed.offset, failed.platter.substr(0, from - failed.offset)});
        }
        if (end > to) {
            left.push_back({to, failed.platter.substr(to - failed.offset)});
        }
    }
    failed_ = std::move(left);
}

std::uint64_t MemoryInode::unsynced_work() const {
    std::uint64_t work = 0;
    for (const Overwritten& write : unsynced_) {
        work += write.work();
    }
    return work;
}

std::uint64_t MemoryInode::lose(const Survives& survives) {
    std::uint64_t lost = drop_failed_pages();
    if (unsynced_.empty()) {
        return lost;
    }
    std::uint64_t size = unsynced_.front().old_size;
    std::uint64_t position = unsynced_work();
    for (; !unsynced_.empty(); unsynced_.pop_back()) {
        const Overwritten& write = unsynced_.back();
        position -= write.work();
        if (write.length == 0 && survives(position, write.offset)) {
            size = std::max(size, write.offset);
        }
        for (std::uint64_t i = 0; i < write.length; ++i) {
            const std::uint64_t at = write.offset + i;
            if (survives(position + 1 + i, at)) {
                size = std::max(size, at + 1);
            } else {
                bytes_[at] = i < write.bytes.size() ? write.bytes[i] : '\0';
                ++lost;
            }
        }
    }
    size_ = size;
    bytes_.resize(std::min<std::uint64_t>(bytes_.size(), size));
    return lost;
}

std::uint64_t MemoryInode::drop_failed_pages() {
    std::uint64_t lost = 0;
    for (const Failed& failed : failed_ | std::views::reverse) {
        const std::uint64_t end =
            std::min<std::uint64_t>(failed.offset + failed.platter.size(), bytes_.size());
        if (failed.offset < end) {
            bytes_.replace(
                failed.offset, end - failed.offset, failed.platter, 0, end - failed.offset);
            lost += end - failed.offset;
        }
    }
    failed_.clear();
    return lost;
}

void MemoryInode::flip_bit(std::uint64_t offset, unsigned bit) {
    bytes_[offset] = static_cast<char>(static_cast<unsigned char>(bytes_[offset]) ^ (1U << bit));
}

void MemoryInode::replace(std::string bytes) {
    size_ = bytes.size();
    bytes_ = std::move(bytes);
    unsynced_.clear();
    failed_.clear();
    steps_.clear();
}

}  // namespace squall::raft::storage
