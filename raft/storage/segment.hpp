// The bytes of one segment of the write-ahead log: a header, then records in batches, then zeros.
// Pure: no disk. docs/storage.md is the reference, also for how a torn write is told from damage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "raft/types.hpp"

namespace squall::raft::storage {

/// Besides identifying the segment, restates what older segments said last, so that they can go.
struct SegmentHeader {
    NodeId node = no_node;
    std::uint64_t cluster = 0;
    std::uint64_t sequence = 0;      ///< From 1.
    std::uint64_t previous_end = 0;  ///< Where the previous segment's last record ends.
    std::uint64_t salt = 0;
    HardState hard_state;
    LogId snapshot;  ///< {0, 0}: none.
    friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

inline constexpr std::size_t segment_header_bytes = 88;

[[nodiscard]] std::string encode(const SegmentHeader& header);
[[nodiscard]] std::optional<SegmentHeader> decode_segment_header(std::string_view segment);

enum class RecordType : std::uint32_t {
    entry = 1,
    hard_state = 2,
    truncate = 3,  ///< Entries from an index on are gone.
    snapshot = 4   ///< A snapshot file is durable and current; maybe the whole log is gone.
};

struct SnapshotMarker {
    LogId last;
    bool discard_log = false;
};

/// Encodes the records of one batch, which becomes durable as a whole before the next one begins.
class BatchWriter {
  public:
    BatchWriter(std::uint64_t salt, std::uint32_t batch) : salt_(salt), batch_(batch) {}

    void add(const Entry& entry);
    void add(const HardState& hard_state);
    void add(const SnapshotMarker& marker);
    void add_truncation(Index from);

    /// The bytes to write, empty if nothing was added. Marks the last record as such.
    [[nodiscard]] std::string finish() &&;

  private:
    [[nodiscard]] std::size_t begin(RecordType type);
    void end(std::size_t start);
    void finish_header(std::size_t start);

    std::uint64_t salt_;
    std::uint32_t batch_;
    std::string bytes_;
    std::optional<std::size_t> last_;  ///< Where the last record begins.
    std::uint32_t last_type_ = 0;
};

/// A view into a segment.
struct Record {
    RecordType type = RecordType::entry;
    std::uint32_t batch = 0;
    bool ends_batch = false;
    std::size_t offset = 0;
    std::size_t end = 0;
    std::string_view payload;
};

[[nodiscard]] std::optional<Entry> decode_entry(std::string_view payload);
[[nodiscard]] std::optional<HardState> decode_hard_state(std::string_view payload);
[[nodiscard]] std::optional<SnapshotMarker> decode_snapshot_marker(std::string_view payload);
[[nodiscard]] std::optional<Index> decode_truncation(std::string_view payload);

struct Scan {
    enum class Tail : std::uint8_t {
        clean,   ///< Nothing but zeros behind the last batch: writing may go on there.
        torn,    ///< An unconfirmed batch is incomplete, as a crash may leave it.
        damaged  ///< No crash can have left this.
    };

    std::vector<Record> records;
    std::size_t end = 0;  ///< Behind the last good record.
    Tail tail = Tail::clean;
};

/// Reads all good records from the start, and judges what follows them.
[[nodiscard]] Scan scan_segment(std::string_view segment, std::uint64_t salt);

/// Whether an interrupted write of [from, to), in a file that held zeros there, can have left what
/// is there now: its last byte or one whole sector's share of it is missing.
[[nodiscard]] bool may_be_torn(std::string_view file, std::size_t from, std::size_t to);

}  // namespace squall::raft::storage
