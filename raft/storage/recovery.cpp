#include "raft/storage/recovery.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "raft/storage/segment.hpp"
#include "raft/storage/snapshot_file.hpp"

namespace squall::raft::storage {

namespace {

constexpr std::string_view segment_prefix = "wal-";
constexpr std::size_t sequence_digits = 16;

/// No log comes near it; behind the largest number of all the next entry would be 0.
constexpr Index index_max = std::numeric_limits<Index>::max() / 2;

[[noreturn]] void corrupt(const std::string& file, std::size_t offset, std::string_view problem) {
    throw Corruption(fmt::format("{} at offset {}: {}", file, offset, problem));
}

std::optional<std::uint64_t> sequence_of(std::string_view name) {
    if (!name.starts_with(segment_prefix) ||
        name.size() != segment_prefix.size() + sequence_digits) {
        return std::nullopt;
    }
    name.remove_prefix(segment_prefix.size());
    std::uint64_t sequence = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), sequence, 16);
    if (error != std::errc() || end != name.data() + name.size()) {
        return std::nullopt;
    }
    return sequence;
}

struct Segment {
    std::string name;
    SegmentHeader header;
};

class Recoverer {
  public:
    Recoverer(Disk& disk, const StorageConfig& config) : disk_(disk), config_(config) {}

    Recovery run();

  private:
    void remove_temporaries();
    [[nodiscard]] std::vector<std::uint64_t> list_segments();
    [[nodiscard]] std::string read(const std::string& name);
    [[nodiscard]] std::optional<Segment> read_header(std::uint64_t sequence,
                                                     bool may_be_unfinished);
    void replay_sealed(const Segment& segment, std::uint64_t end);
    void replay_last(const Segment& segment);
    void write_again(const Segment& segment, std::string_view bytes, const Scan& scan);
    void replay(const Segment& segment, const Scan& scan);
    void replay(const Segment& segment, const Record& record);
    void mark(const SnapshotMarker& marker);
    void append(const Segment& segment, const Record& record, Entry entry);
    void finish_snapshot();

    Disk& disk_;
    const StorageConfig& config_;
    Recovery recovery_;
    LogId snapshot_;
};

Recovery Recoverer::run() {
    remove_temporaries();
    const std::vector<std::uint64_t> sequences = list_segments();
    std::vector<Segment> segments;
    for (const std::uint64_t sequence : sequences) {
        // The one before goes only when this one holds records, so alone it can be unfinished only
        // if it is the first ever.
        const bool may_be_unfinished =
            sequence == sequences.back() && (sequence == 1 || sequences.size() > 1);
        if (auto segment = read_header(sequence, may_be_unfinished)) {
            segments.push_back(std::move(*segment));
        }
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (i + 1 < segments.size()) {
            replay_sealed(segments[i], segments[i + 1].header.previous_end);
        } else {
            replay_last(segments[i]);
        }
    }
    finish_snapshot();
    // What the page cache holds may be all there is of it: a killed process leaves it so.
    disk_.sync_directory();
    return std::move(recovery_);
}

void Recoverer::remove_temporaries() {
    for (const std::string& name : disk_.list()) {
        if (name.ends_with(temporary_suffix)) {
            disk_.remove(name);
        }
    }
}

std::vector<std::uint64_t> Recoverer::list_segments() {
    std::vector<std::uint64_t> sequences;
    for (const std::string& name : disk_.list()) {
        if (const auto sequence = sequence_of(name)) {
            if (!sequences.empty() && *sequence != sequences.back() + 1) {
                throw Corruption(segment_name(sequences.back() + 1) + ": missing");
            }
            sequences.push_back(*sequence);
        }
    }
    return sequences;
}

std::string Recoverer::read(const std::string& name) {
    const std::unique_ptr<File> file = disk_.open(name, false);
    return file->read(0, file->size());
}

/// Nothing when a crash interrupted its creation: then it never held anything, since records follow
/// only a durable header.
std::optional<Segment> Recoverer::read_header(std::uint64_t sequence, bool may_be_unfinished) {
    Segment segment;
    segment.name = segment_name(sequence);
    const std::optional<SegmentHeader> header =
        decode_segment_header(disk_.open(segment.name, false)->read(0, segment_header_bytes));
    if (!header) {
        const std::string bytes = read(segment.name);
        const bool no_records =
            bytes.size() <= segment_header_bytes ||
            bytes.find_first_not_of('\0', segment_header_bytes) == std::string::npos;
        if (may_be_unfinished && no_records && may_be_torn(bytes, 0, segment_header_bytes)) {
            disk_.remove(segment.name);
            ++recovery_.repaired_tails;
            return std::nullopt;
        }
        corrupt(segment.name, 0, "damaged header");
    }
    if (header->node != config_.node || header->cluster != config_.cluster) {
        corrupt(segment.name,
                0,
                fmt::format("belongs to node {} of cluster {}, not to node {} of cluster {}",
                            header->node,
                            header->cluster,
                            config_.node,
                            config_.cluster));
    }
    if (header->sequence != sequence) {
        corrupt(segment.name, 0, "the header is that of another segment");
    }
    segment.header = *header;
    return segment;
}

/// The next segment's header says where this one ends: every byte up to there was durable.
void Recoverer::replay_sealed(const Segment& segment, std::uint64_t end) {
    const std::string bytes = read(segment.name);
    if (bytes.size() < end) {
        corrupt(segment.name, bytes.size(), "shorter than the next segment says");
    }
    const Scan scan = scan_segment(std::string_view(bytes).substr(0, end), segment.header.salt);
    if (scan.end != end) {
        corrupt(segment.name, scan.end, "damaged record");
    }
    replay(segment, scan);
}

void Recoverer::replay_last(const Segment& segment) {
    const std::string bytes = read(segment.name);
    const Scan scan = scan_segment(bytes, segment.header.salt);
    if (scan.tail == Scan::Tail::damaged) {
        corrupt(segment.name, scan.end, "damaged record");
    }
    replay(segment, scan);
    write_again(segment, bytes, scan);
    recovery_.continues = scan.tail == Scan::Tail::clean;
    recovery_.repaired_tails += scan.tail == Scan::Tail::torn ? 1 : 0;
    recovery_.salt = segment.header.salt;
    recovery_.capacity = bytes.size();
    recovery_.next_batch = scan.records.empty() ? 1 : scan.records.back().batch + 1;
}

/// What the last write left may be in the page cache only. If its fsync failed the kernel calls it
/// clean and never writes it, unless it is written again.
void Recoverer::write_again(const Segment& segment, std::string_view bytes, const Scan& scan) {
    std::size_t from = 0;
    std::size_t to = segment_header_bytes;
    if (!scan.records.empty()) {
        const std::uint32_t last = scan.records.back().batch;
        from = std::find_if(scan.records.begin(), scan.records.end(), [&](const Record& record) {
                   return record.batch == last;
               })->offset;
        to = scan.end;
    }
    const std::unique_ptr<File> file = disk_.open(segment.name, false);
    file->write(from, bytes.substr(from, to - from));
    file->sync_data();
}

void Recoverer::replay(const Segment& segment, const Scan& scan) {
    if (recovery_.segments.empty()) {
        recovery_.recovered.hard_state = segment.header.hard_state;
        snapshot_ = segment.header.snapshot;
    } else if (recovery_.recovered.hard_state != segment.header.hard_state ||
               snapshot_ != segment.header.snapshot) {
        corrupt(segment.name, 0, "the header does not continue the segments before");
    }
    recovery_.segments.push_back({segment.header.sequence, scan.end, 0});
    for (const Record& record : scan.records) {
        replay(segment, record);
    }
}

void Recoverer::replay(const Segment& segment, const Record& record) {
    std::vector<Entry>& entries = recovery_.recovered.entries;
    switch (record.type) {
        case RecordType::entry:
            if (auto entry = decode_entry(record.payload)) {
                append(segment, record, std::move(*entry));
                return;
            }
            break;
        case RecordType::hard_state:
            if (const auto hard_state = decode_hard_state(record.payload)) {
                recovery_.recovered.hard_state = *hard_state;
                return;
            }
            break;
        case RecordType::truncate:
            if (const auto from = decode_truncation(record.payload)) {
                std::erase_if(entries, [&](const Entry& entry) { return entry.index >= *from; });
                return;
            }
            break;
        case RecordType::snapshot:
            if (const auto marker = decode_snapshot_marker(record.payload)) {
                mark(*marker);
                return;
            }
            break;
    }
    corrupt(segment.name, record.offset, "unknown record");
}

void Recoverer::mark(const SnapshotMarker& marker) {
    snapshot_ = marker.last;
    if (marker.discard_log) {
        recovery_.recovered.entries.clear();
        for (SegmentInfo& info : recovery_.segments) {
            info.highest = 0;
        }
    }
}

void Recoverer::append(const Segment& segment, const Record& record, Entry entry) {
    std::vector<Entry>& entries = recovery_.recovered.entries;
    if (entry.index == 0 || entry.index > index_max) {
        corrupt(segment.name, record.offset, fmt::format("no log has an entry {}", entry.index));
    }
    if (!entries.empty() && entry.index != entries.back().index + 1) {
        corrupt(segment.name,
                record.offset,
                fmt::format("entry {} after entry {}", entry.index, entries.back().index));
    }
    SegmentInfo& info = recovery_.segments.back();
    info.highest = std::max(info.highest, entry.index);
    entries.push_back(std::move(entry));
}

void Recoverer::finish_snapshot() {
    Recovered& recovered = recovery_.recovered;
    if (snapshot_.index > index_max) {
        corrupt(segment_name(recovery_.segments.front().sequence),
                0,
                fmt::format("no snapshot ends at {}", snapshot_.index));
    }
    if (snapshot_ != LogId{}) {
        recovered.snapshot = load_snapshot(disk_, snapshot_);
    }
    if (!recovered.entries.empty() && recovered.entries.front().index > snapshot_.index + 1) {
        corrupt(segment_name(recovery_.segments.front().sequence),
                0,
                fmt::format("the log begins with entry {}, but the snapshot ends at {}",
                            recovered.entries.front().index,
                            snapshot_.index));
    }
    // Others were superseded, or never became current.
    for (const std::string& name : disk_.list()) {
        if (is_snapshot_name(name) && name != snapshot_name(snapshot_)) {
            if (recovery_.segments.empty()) {
                throw Corruption(name + ": a snapshot, but the log is missing");
            }
            disk_.remove(name);
        }
    }
}

}  // namespace

std::string segment_name(std::uint64_t sequence) {
    return fmt::format("{}{:016x}", segment_prefix, sequence);
}

Recovery recover(Disk& disk, const StorageConfig& config) {
    return Recoverer(disk, config).run();
}

}  // namespace squall::raft::storage
