#include "raft/storage/storage.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "raft/storage/recovery.hpp"
#include "raft/storage/segment.hpp"
#include "raft/storage/snapshot_file.hpp"

namespace squall::raft::storage {

namespace {

/// Different for every segment that ever was on this disk, and for every disk (splitmix64).
std::uint64_t salt_for(const StorageConfig& config, std::uint64_t sequence) {
    std::uint64_t word = config.salt_seed ^ (config.cluster << 32U) ^ config.node;
    for (const std::uint64_t part : {sequence, config.cluster}) {
        word += part + 0x9E3779B97F4A7C15U;
        word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
        word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
        word ^= word >> 31U;
    }
    return word;
}

}  // namespace

class Storage::Impl {
  public:
    Impl(Disk& disk, const StorageConfig& config);

    Recovered take_recovered();
    void write(std::span<const Persist> batch);

    [[nodiscard]] std::uint64_t segments() const { return segments_.size(); }

    [[nodiscard]] std::uint64_t bytes() const;

    [[nodiscard]] std::uint64_t repaired_tails() const { return repaired_tails_; }

  private:
    [[nodiscard]] std::string encode_batch(std::span<const Persist> batch) const;
    void append(std::span<const Persist> batch);
    void begin_segment(std::uint64_t room);
    void note(const Persist& persist);
    void remove_obsolete();

    Disk& disk_;
    StorageConfig config_;
    Recovered recovered_;
    std::deque<SegmentInfo> segments_;  ///< Oldest first; the last is being written.
    std::unique_ptr<File> file_;        ///< Of the last segment.
    std::uint64_t salt_ = 0;
    std::uint64_t capacity_ = 0;
    std::uint32_t next_batch_ = 1;
    std::uint64_t repaired_tails_ = 0;
    /// As the records so far say; what the next segment's header restates.
    HardState hard_state_;
    LogId snapshot_;
    Index compact_to_ = 0;
    std::vector<LogId> old_snapshots_;  ///< Superseded by the records just written.
};

Storage::Impl::Impl(Disk& disk, const StorageConfig& config) : disk_(disk), config_(config) {
    config_.segment_bytes = std::max(config_.segment_bytes, std::uint64_t{4096});
    Recovery recovery = recover(disk, config);
    recovered_ = std::move(recovery.recovered);
    hard_state_ = recovered_.hard_state;
    snapshot_ = recovered_.snapshot ? recovered_.snapshot->last : LogId{};
    segments_ = std::move(recovery.segments);
    repaired_tails_ = recovery.repaired_tails;
    if (recovery.continues) {
        file_ = disk_.open(segment_name(segments_.back().sequence), false);
        salt_ = recovery.salt;
        capacity_ = recovery.capacity;
        next_batch_ = recovery.next_batch;
    } else {
        begin_segment(0);
    }
}

Recovered Storage::Impl::take_recovered() {
    if (config_.bugs.has(zoo::Bug::term_not_persisted)) {
        const LogId snapshot = recovered_.snapshot ? recovered_.snapshot->last : LogId{};
        const LogId last = recovered_.entries.empty() ? snapshot : recovered_.entries.back().id();
        recovered_.hard_state = {last.term, no_node};
    }
    return std::move(recovered_);
}

void Storage::Impl::write(std::span<const Persist> batch) {
    // Files first: a record may name only what is durable.
    for (const Persist& persist : batch) {
        if (persist.snapshot) {
            store_snapshot(disk_, *persist.snapshot);
        }
    }
    append(batch);
    remove_obsolete();
}

/// One write and one fdatasync for the whole batch.
void Storage::Impl::append(std::span<const Persist> batch) {
    std::string bytes = encode_batch(batch);
    if (!bytes.empty()) {
        if (segments_.back().end + bytes.size() > capacity_) {
            begin_segment(bytes.size());
            bytes = encode_batch(batch);  // The salt is another.
        }
        file_->write(segments_.back().end, bytes);
        file_->sync_data();
        segments_.back().end += bytes.size();
        ++next_batch_;
    }
    for (const Persist& persist : batch) {
        note(persist);
    }
}

std::string Storage::Impl::encode_batch(std::span<const Persist> batch) const {
    BatchWriter writer(salt_, next_batch_);
    for (const Persist& persist : batch) {
        if (persist.hard_state) {
            writer.add(*persist.hard_state);
        }
        if (persist.snapshot) {
            const bool keeps_log = config_.bugs.has(zoo::Bug::wal_misaligned);
            writer.add(SnapshotMarker{persist.snapshot->last, persist.discard_log && !keeps_log});
        }
        if (persist.truncate_from) {
            writer.add_truncation(*persist.truncate_from);
        }
        for (const Entry& entry : persist.append) {
            writer.add(entry);
        }
    }
    return std::move(writer).finish();
}

/// The header is durable before any record follows, so a segment whose header is not whole never
/// held anything.
void Storage::Impl::begin_segment(std::uint64_t room) {
    SegmentHeader header;
    header.node = config_.node;
    header.cluster = config_.cluster;
    header.sequence = segments_.empty() ? 1 : segments_.back().sequence + 1;
    header.previous_end = segments_.empty() ? 0 : segments_.back().end;
    header.salt = salt_for(config_, header.sequence);
    header.hard_state = hard_state_;
    header.snapshot = snapshot_;
    capacity_ = std::max(config_.segment_bytes, segment_header_bytes + room);
    file_ = disk_.open(segment_name(header.sequence), true);
    file_->allocate(capacity_);
    file_->write(0, encode(header));
    file_->sync_data();
    disk_.sync_directory();
    salt_ = header.salt;
    next_batch_ = 1;
    segments_.push_back({header.sequence, segment_header_bytes, 0});
}

/// Remembers what just became durable.
void Storage::Impl::note(const Persist& persist) {
    if (persist.hard_state) {
        hard_state_ = *persist.hard_state;
    }
    if (persist.snapshot) {
        if (snapshot_ != LogId{} && snapshot_ != persist.snapshot->last) {
            old_snapshots_.push_back(snapshot_);
        }
        snapshot_ = persist.snapshot->last;
        if (persist.discard_log) {
            for (SegmentInfo& segment : segments_) {
                segment.highest = 0;
            }
        }
    }
    if (!persist.append.empty()) {
        SegmentInfo& segment = segments_.back();
        segment.highest = std::max(segment.highest, persist.append.back().index);
    }
    compact_to_ = std::max(compact_to_, persist.compact_to.value_or(0));
}

void Storage::Impl::remove_obsolete() {
    for (const LogId& old : std::exchange(old_snapshots_, {})) {
        if (old != snapshot_) {
            disk_.remove(snapshot_name(old));
        }
    }
    while (segments_.size() > 1 && segments_.front().highest <= compact_to_) {
        disk_.remove(segment_name(segments_.front().sequence));
        // One by one: a crash must not leave a gap in the sequence.
        disk_.sync_directory();
        segments_.pop_front();
    }
}

std::uint64_t Storage::Impl::bytes() const {
    std::uint64_t sum = 0;
    for (const SegmentInfo& segment : segments_) {
        sum += segment.end;
    }
    return sum;
}

Storage::Storage(Disk& disk, const StorageConfig& config)
    : impl_(std::make_unique<Impl>(disk, config)) {}

Storage::~Storage() = default;

Recovered Storage::take_recovered() {
    return impl_->take_recovered();
}

void Storage::write(std::span<const Persist> batch) {
    impl_->write(batch);
}

std::uint64_t Storage::segments() const {
    return impl_->segments();
}

std::uint64_t Storage::bytes() const {
    return impl_->bytes();
}

std::uint64_t Storage::repaired_tails() const {
    return impl_->repaired_tails();
}

}  // namespace squall::raft::storage
