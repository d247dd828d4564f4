#include "raft/storage/memory_disk.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

namespace squall::raft::storage {

namespace {

constexpr std::uint64_t sector_bytes = 512;

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
            inode_->unsynced.push_back({size, 0, inode_->size, {}});
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
    const auto found = directory_.find(name);
    const auto inode = std::make_shared<Inode>();
    auto file = std::make_unique<OpenFile>(*this, inode);
    change({{name, found == directory_.end() ? nullptr : found->second, inode}});
    return file;
}

void MemoryDisk::rename(const std::string& from, const std::string& to) {
    const InodePointer moved = find(from);
    const auto replaced = directory_.find(to);
    change({{from, moved, nullptr},
            {to, replaced == directory_.end() ? nullptr : replaced->second, moved}});
}

void MemoryDisk::remove(const std::string& name) {
    change({{name, find(name), nullptr}});
}

void MemoryDisk::change(Change made) {
    for (const Renamed& renamed : made) {
        assign(renamed.name, renamed.after);
    }
    unsynced_.push_back(std::move(made));
    count_operation();
}

void MemoryDisk::assign(const std::string& name, const InodePointer& inode) {
    if (inode) {
        directory_[name] = inode;
    } else {
        directory_.erase(name);
    }
}

std::vector<std::string> MemoryDisk::list() {
    std::vector<std::string> names;
    names.reserve(directory_.size());
    for (const auto& [name, inode] : directory_) {
        names.push_back(name);
    }
    return names;
}

void MemoryDisk::sync_directory() {
    count_operation();
    unsynced_.clear();
}

std::uint64_t MemoryDisk::Inode::unsynced_work() const {
    std::uint64_t work = 0;
    for (const Overwritten& write : unsynced) {
        work += write.work();
    }
    return work;
}

void MemoryDisk::lose(Inode& inode, const Survives& survives) {
    if (inode.unsynced.empty()) {
        return;
    }
    std::uint64_t size = inode.unsynced.front().old_size;
    std::uint64_t position = inode.unsynced_work();
    for (; !inode.unsynced.empty(); inode.unsynced.pop_back()) {
        const Overwritten& write = inode.unsynced.back();
        position -= write.work();
        if (write.length == 0 && survives(position, write.offset)) {
            size = std::max(size, write.offset);
        }
        for (std::uint64_t i = 0; i < write.length; ++i) {
            const std::uint64_t at = write.offset + i;
            if (survives(position + 1 + i, at)) {
                size = std::max(size, at + 1);
            } else {
                inode.bytes[at] = i < write.bytes.size() ? write.bytes[i] : '\0';
            }
        }
    }
    inode.size = size;
    inode.bytes.resize(std::min<std::uint64_t>(inode.bytes.size(), size));
}

void MemoryDisk::lose_directory_changes(const CrashPolicy& policy) {
    const std::vector<Change> changes = std::exchange(unsynced_, {});
    for (const Change& change : changes | std::views::reverse) {
        for (const Renamed& renamed : change) {
            assign(renamed.name, renamed.before);
        }
    }
    const std::uint64_t kept = pick(policy.choice, 0, changes.size() + 1);
    std::set<std::string> lost;
    for (std::uint64_t i = 0; i < changes.size(); ++i) {
        bool survives = policy.unsynced == CrashPolicy::Unsynced::prefix && i < kept;
        if (policy.unsynced == CrashPolicy::Unsynced::scatter) {
            survives = pick(policy.choice, i, 2) == 1;
        }
        for (const Renamed& renamed : changes[i]) {
            survives = survives && !lost.contains(renamed.name);
        }
        for (const Renamed& renamed : changes[i]) {
            if (survives) {
                assign(renamed.name, renamed.after);
            } else {
                lost.insert(renamed.name);
            }
        }
    }
}

void MemoryDisk::crash(const CrashPolicy& policy) {
    operations_left_.reset();
    if (policy.unsynced == CrashPolicy::Unsynced::keep) {
        return;  // Still not synced: a later power loss may take it.
    }
    lose_directory_changes(policy);
    std::uint64_t choice = policy.choice;
    for (const auto& [name, inode] : directory_) {
        ++choice;
        const std::uint64_t kept = pick(choice, 0, inode->unsynced_work() + 1);
        lose(*inode, [&](std::uint64_t position, std::uint64_t offset) {
            if (policy.unsynced == CrashPolicy::Unsynced::scatter) {
                return pick(choice, offset / sector_bytes, 2) == 1;
            }
            return policy.unsynced == CrashPolicy::Unsynced::prefix && position < kept;
        });
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
