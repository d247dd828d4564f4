#include "raft/storage/memory_disk.hpp"

#include <algorithm>
#include <ranges>
#include <set>
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
        inode_->write(offset, bytes, disk_.journal(inode_));
        disk_.count_operation();
    }

    std::string read(std::uint64_t offset, std::size_t size) override {
        return inode_->read(offset, size);
    }

    void allocate(std::uint64_t size) override {
        if (size > inode_->size()) {
            inode_->extend(size, disk_.journal(inode_));
        }
        disk_.count_operation();
    }

    std::uint64_t size() override { return inode_->size(); }

    void sync_data() override {
        disk_.count_operation();
        const bool journal = disk_.journal(inode_);
        if (std::exchange(disk_.sync_fails_, false)) {
            inode_->fail_sync(journal);
            throw DiskError("fdatasync: input/output error");
        }
        inode_->sync(journal);
    }

  private:
    MemoryDisk& disk_;
    InodePointer inode_;
};

bool MemoryDisk::journal(const InodePointer& inode) {
    if (journal_) {
        journal_->push_back({inode, false, {}});
    }
    return journal_.has_value();
}

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
    const auto inode = std::make_shared<MemoryInode>();
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
    if (journal_) {
        journal_->push_back({nullptr, true, {}});
    }
    count_operation();
}

void MemoryDisk::take_back(const Change& made) {
    for (const Renamed& renamed : made) {
        assign(renamed.name, renamed.before);
    }
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
    if (journal_) {
        journal_->push_back({nullptr, false, std::move(unsynced_)});
    }
    unsynced_.clear();
}

void MemoryDisk::mark() {
    if (journal_) {
        for (const Step& step : *journal_) {
            if (step.inode) {
                step.inode->forget_steps();
            }
        }
        journal_->clear();
    } else {
        journal_.emplace();
    }
}

void MemoryDisk::take_back_to(std::uint64_t operations) {
    while (journal_ && journal_->size() > operations) {
        take_back_last();
    }
}

void MemoryDisk::take_back_last() {
    Step step = std::move(journal_->back());
    journal_->pop_back();
    if (step.inode) {
        step.inode->undo();
    } else if (step.change) {
        take_back(unsynced_.back());
        unsynced_.pop_back();
    } else {
        unsynced_ = std::move(step.unsynced);
    }
}

std::uint64_t MemoryDisk::lose_directory_changes(const CrashPolicy& policy) {
    const std::vector<Change> changes = std::exchange(unsynced_, {});
    for (const Change& change : changes | std::views::reverse) {
        take_back(change);
    }
    const std::uint64_t kept = pick(policy.choice, 0, changes.size() + 1);
    std::uint64_t losses = 0;
    std::set<std::string> lost;
    for (std::uint64_t i = 0; i < changes.size(); ++i) {
        bool survives = policy.unsynced == CrashPolicy::Unsynced::prefix && i < kept;
        if (policy.unsynced == CrashPolicy::Unsynced::scatter) {
            survives = pick(policy.choice, i, 2) == 1;
        }
        for (const Renamed& renamed : changes[i]) {
            survives = survives && !lost.contains(renamed.name);
        }
        losses += survives ? 0 : 1;
        for (const Renamed& renamed : changes[i]) {
            if (survives) {
                assign(renamed.name, renamed.after);
            } else {
                lost.insert(renamed.name);
            }
        }
    }
    return losses;
}

CrashLosses MemoryDisk::crash(const CrashPolicy& policy) {
    operations_left_.reset();
    sync_fails_ = false;
    if (journal_) {
        mark();
    }
    CrashLosses losses;
    if (policy.unsynced == CrashPolicy::Unsynced::keep) {
        // Still not synced: a later power loss may take it.
        for (const auto& [name, inode] : directory_) {
            losses.bytes += policy.choice % 2 == 1 ? inode->drop_failed_pages() : 0;
        }
        return losses;
    }
    losses.directory_changes = lose_directory_changes(policy);
    std::uint64_t choice = policy.choice;
    for (const auto& [name, inode] : directory_) {
        ++choice;
        const std::uint64_t kept = pick(choice, 0, inode->unsynced_work() + 1);
        losses.bytes += inode->lose([&](std::uint64_t position, std::uint64_t offset) {
            if (policy.unsynced == CrashPolicy::Unsynced::scatter) {
                return pick(choice, offset / sector_bytes, 2) == 1;
            }
            return policy.unsynced == CrashPolicy::Unsynced::prefix && position < kept;
        });
    }
    return losses;
}

std::string MemoryDisk::contents(const std::string& name) const {
    const InodePointer& inode = find(name);
    return inode->read(0, inode->size());
}

void MemoryDisk::set_contents(const std::string& name, std::string bytes) {
    find(name)->replace(std::move(bytes));
}

void MemoryDisk::flip_bit(const std::string& name, std::uint64_t offset, unsigned bit) {
    find(name)->flip_bit(offset, bit);
}

}  // namespace squall::raft::storage
