#include "raft/storage/memory_disk.hpp"

#include <algorithm>
#include <utility>

namespace squall::raft::storage {

namespace {

/// Spreads one choice over several independent ones (splitmix64).
std::uint64_t pick(std::uint64_t choice, std::uint64_t ordinal, std::uint64_t bound) {
    std::uint64_t word = choice + (ordinal + 1) * 0x9E3779B97F4A7C15U;
    word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
    word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
    return (word ^ (word >> 31U)) % bound;
}

}  // namespace

class MemoryDisk::OpenFile final : public File {
  public:
    OpenFile(MemoryDisk& disk, InodePointer inode) : disk_(disk), inode_(std::move(inode)) {}

    void write(std::uint64_t offset, std::string_view bytes) override {
        std::string& content = inode_->bytes;
        Overwritten& old = inode_->unsynced.emplace_back();
        old.offset = offset;
        old.length = bytes.size();
        old.old_size = inode_->size;
        const std::uint64_t end = offset + bytes.size();
        if (offset < content.size()) {
            old.bytes = content.substr(offset, bytes.size());
        }
        if (content.size() < end) {
            content.resize(end);
        }
        content.replace(offset, bytes.size(), bytes);
        inode_->size = std::max(inode_->size, end);
        disk_.count_operation();
    }

    std::string read(std::uint64_t offset, std::size_t size) override {
        if (offset >= inode_->size) {
            return {};
        }
        const std::uint64_t length = std::min<std::uint64_t>(size, inode_->size - offset);
        std::string bytes;
        if (offset < inode_->bytes.size()) {
            bytes = inode_->bytes.substr(offset, length);
        }
        bytes.resize(length);
        return bytes;
    }

    void allocate(std::uint64_t size) override {
        if (size > inode_->size) {
            inode_->unsynced.push_back({inode_->size, 0, inode_->size, {}});
            inode_->size = size;
        }
        disk_.count_operation();
    }

    std::uint64_t size() override { return inode_->size; }

    void sync_data() override {
        disk_.count_operation();
        inode_->unsynced.clear();
    }

  private:
    MemoryDisk& disk_;
    InodePointer inode_;
};

void MemoryDisk::count_operation() {
    if (!operations_left_) {
        return;
    }
    if (*operations_left_ == 0) {
        throw DiskError("the disk was told to fail");
    }
    --*operations_left_;
}

const MemoryDisk::InodePointer& MemoryDisk::find(const std::string& name) const {
    const auto found = directory_.find(name);
    if (found == directory_.end()) {
        throw DiskError(name + ": no such file");
    }
    return found->second;
}

std::unique_ptr<File> MemoryDisk::open(const std::string& name, bool create) {
    if (!create) {
        return std::make_unique<OpenFile>(*this, find(name));
    }
    // Emptying replaces the file, so that a crash brings the old one back whole. Real disks promise
    // no more.
    InodePointer& slot = directory_[name];
    unsynced_.push_back({{name, slot}});
    slot = std::make_shared<Inode>();
    auto file = std::make_unique<OpenFile>(*this, slot);
    count_operation();
    return file;
}

void MemoryDisk::rename(const std::string& from, const std::string& to) {
    const InodePointer moved = find(from);
    InodePointer& slot = directory_[to];
    unsynced_.push_back({{from, moved}, {to, slot}});
    slot = moved;
    directory_.erase(from);
    count_operation();
}

void MemoryDisk::remove(const std::string& name) {
    unsynced_.push_back({{name, find(name)}});
    directory_.erase(name);
    count_operation();
}

std::vector<std::string> MemoryDisk::list() {
    std::vector<std::string> names;
    for (const auto& [name, inode] : directory_) {
        names.push_back(name);
    }
    return names;
}

void MemoryDisk::sync_directory() {
    count_operation();
    unsynced_.clear();
}

/// Keeps the first `kept` units of work: a byte is one, and so is a write itself.
void MemoryDisk::undo(Inode& inode, std::uint64_t kept) {
    std::uint64_t begin = 0;
    for (const Overwritten& write : inode.unsynced) {
        begin += write.length + 1;
    }
    for (; !inode.unsynced.empty(); inode.unsynced.pop_back()) {
        const Overwritten& write = inode.unsynced.back();
        begin -= write.length + 1;
        if (kept > begin + write.length) {
            continue;
        }
        const std::uint64_t stays = kept > begin ? kept - begin - 1 : 0;
        for (std::uint64_t i = stays; i < write.length; ++i) {
            inode.bytes[write.offset + i] = i < write.bytes.size() ? write.bytes[i] : '\0';
        }
        inode.size = stays == 0 ? write.old_size : std::max(write.old_size, write.offset + stays);
        inode.bytes.resize(std::min<std::uint64_t>(inode.bytes.size(), inode.size));
    }
}

void MemoryDisk::undo_directory(std::uint64_t kept) {
    for (; unsynced_.size() > kept; unsynced_.pop_back()) {
        for (const auto& [name, inode] : unsynced_.back()) {
            if (inode) {
                directory_[name] = inode;
            } else {
                directory_.erase(name);
            }
        }
    }
}

void MemoryDisk::crash(const CrashPolicy& policy) {
    operations_left_.reset();
    if (policy.unsynced == CrashPolicy::Unsynced::keep) {
        return;  // Still not synced: a later power loss may take it.
    }
    std::uint64_t ordinal = 0;
    const auto kept = [&](std::uint64_t all) {
        return policy.unsynced == CrashPolicy::Unsynced::drop
                   ? 0
                   : pick(policy.choice, ordinal++, all + 1);
    };
    undo_directory(kept(unsynced_.size()));
    unsynced_.clear();
    for (const auto& [name, inode] : directory_) {
        std::uint64_t all = 0;
        for (const Overwritten& write : inode->unsynced) {
            all += write.length + 1;
        }
        undo(*inode, kept(all));
    }
}

std::string MemoryDisk::contents(const std::string& name) const {
    const InodePointer& inode = find(name);
    std::string bytes = inode->bytes;
    bytes.resize(inode->size);
    return bytes;
}

void MemoryDisk::set_contents(const std::string& name, std::string bytes) {
    Inode& inode = *find(name);
    inode.size = bytes.size();
    inode.bytes = std::move(bytes);
    inode.unsynced.clear();
}

}  // namespace squall::raft::storage
