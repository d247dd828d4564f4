// A disk whose log has the right checksums and may say anything: records, batches, segments and
// snapshots are taken from an input one after another.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "raft/storage/memory_disk.hpp"
#include "raft/storage/recovery.hpp"
#include "raft/storage/segment.hpp"
#include "raft/storage/snapshot_file.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {

[[nodiscard]] inline raft::storage::StorageConfig wal_config() {
    return {.node = 1, .cluster = 7, .segment_bytes = 4096, .salt_seed = 3};
}

[[nodiscard]] inline raft::storage::SegmentHeader first_header() {
    return {.node = 1, .cluster = 7, .sequence = 1, .salt = 5};
}

inline void put_file(raft::storage::MemoryDisk& disk, const std::string& name, std::string bytes) {
    (void)disk.open(name, true);
    disk.set_contents(name, std::move(bytes));
}

class WalImage {
  public:
    WalImage(raft::storage::MemoryDisk& disk, Feed& feed) : disk_(disk), feed_(feed) {}

    void build() {
        begin_segment();
        while (!feed_.empty()) {
            step();
        }
        end_batch();
        end_segment();
    }

  private:
    void step() {
        using namespace raft;  // NOLINT(google-build-using-namespace)
        switch (feed_.byte() % 10) {
            case 0:
            case 1:
                writer().add(Entry{1, ++index_, EntryKind::command, std::string(bytes())});
                break;
            case 2:
                index_ = feed_.number();
                writer().add(Entry{feed_.number(), index_, EntryKind::noop, ""});
                break;
            case 3:
                header_.hard_state = {feed_.number(), static_cast<NodeId>(feed_.number())};
                writer().add(header_.hard_state);
                break;
            case 4:
                index_ = feed_.number();
                writer().add_truncation(index_--);
                break;
            case 5:
                header_.snapshot = {feed_.number(), feed_.number()};
                writer().add(storage::SnapshotMarker{header_.snapshot, feed_.byte() % 2 == 1});
                break;
            case 6:
                end_batch();
                break;
            case 7:
                end_batch();
                end_segment();
                ++header_.sequence;
                begin_segment();
                break;
            case 8:
                storage::store_snapshot(disk_, a_snapshot());
                break;
            default:
                end_batch();
                segment_ += bytes();
                break;
        }
    }

    /// Of the last marker, or of another.
    raft::Snapshot a_snapshot() {
        const bool other = feed_.byte() % 4 == 3;
        const raft::LogId last =
            other ? raft::LogId{feed_.number(), feed_.number()} : header_.snapshot;
        return {last, {1, 2, 3}, std::make_shared<const std::string>(bytes())};
    }

    std::string_view bytes() { return feed_.bytes(feed_.byte()); }

    raft::storage::BatchWriter& writer() {
        if (!writer_) {
            writer_.emplace(header_.salt, ++batch_);
        }
        return *writer_;
    }

    void end_batch() {
        if (writer_) {
            segment_ += std::move(*writer_).finish();
            writer_.reset();
        }
    }

    void begin_segment() {
        segment_ = encode(header_);
        batch_ = 0;
    }

    void end_segment() {
        header_.previous_end = segment_.size();
        put_file(disk_, raft::storage::segment_name(header_.sequence), std::move(segment_));
    }

    raft::storage::MemoryDisk& disk_;
    Feed& feed_;
    raft::storage::SegmentHeader header_ = first_header();
    std::string segment_;
    std::optional<raft::storage::BatchWriter> writer_;
    std::uint32_t batch_ = 0;
    raft::Index index_ = 0;
};

inline void build_image(raft::storage::MemoryDisk& disk, Feed& feed) {
    WalImage(disk, feed).build();
}

/// Entries, a vote, a second segment, a truncation.
[[nodiscard]] inline std::string image_seed() {
    return {"\0\3abc\1\2de\6\3\4\2\6\7\0\1x\6\4\3\0\1y\6", 25};
}

/// A snapshot of entry 2 with its marker.
[[nodiscard]] inline std::string image_seed_with_snapshot() {
    return {"\0\1a\0\1b\6\5\1\2\0\10\0\2hi\6\0\1c\6", 21};
}

}  // namespace squall::fuzz
