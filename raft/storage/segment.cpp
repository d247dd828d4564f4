#include "raft/storage/segment.hpp"

#include <algorithm>
#include <utility>

#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/storage/disk.hpp"

namespace squall::raft::storage {

namespace {

constexpr std::uint64_t segment_magic = 0x31304C41574C5153;  // "SQLWAL01"
constexpr std::uint32_t segment_version = 1;

/// Ends every header. Its last byte is not zero, so a header whose last byte is zero was cut short.
constexpr std::uint32_t header_end = 0x5AA55AA5;
/// Fills records up to a multiple of 8, at least once, for the same reason.
constexpr char padding = '\xFF';
constexpr std::size_t alignment = 8;

constexpr std::size_t record_header_bytes = 24;
constexpr std::size_t type_offset = 4;
constexpr std::size_t payload_checksum_offset = 12;
constexpr std::size_t header_checksum_offset = 16;
constexpr std::uint32_t ends_batch_flag = 0x80000000;

struct RecordHeader {
    std::uint32_t length = 0;
    std::uint32_t type = 0;
    std::uint32_t batch = 0;
    std::uint32_t payload_checksum = 0;
};

void overwrite(std::string& bytes, std::size_t at, std::uint32_t value) {
    std::string raw;
    put(raw, value);
    bytes.replace(at, raw.size(), raw);
}

std::uint32_t header_checksum(std::uint64_t salt, std::string_view fields) {
    std::string salted;
    put(salted, salt);
    salted += fields;
    return crc32c(salted);
}

bool all_zero(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

std::optional<RecordHeader> read_record_header(std::string_view segment,
                                               std::size_t at,
                                               std::uint64_t salt) {
    if (segment.size() < at + record_header_bytes) {
        return std::nullopt;
    }
    ByteReader reader(segment.substr(at, record_header_bytes));
    RecordHeader header;
    header.length = reader.get<std::uint32_t>();
    header.type = reader.get<std::uint32_t>();
    header.batch = reader.get<std::uint32_t>();
    header.payload_checksum = reader.get<std::uint32_t>();
    const auto checksum = reader.get<std::uint32_t>();
    const auto end = reader.get<std::uint32_t>();
    if (end != header_end ||
        checksum != header_checksum(salt, segment.substr(at, header_checksum_offset))) {
        return std::nullopt;
    }
    return header;
}

std::size_t record_size(const RecordHeader& header) {
    return record_header_bytes + (header.length / alignment + 1) * alignment;
}

std::optional<Record> read_record(std::string_view segment, std::size_t at, std::uint64_t salt) {
    const std::optional<RecordHeader> header = read_record_header(segment, at, salt);
    if (!header || segment.size() - at < record_size(*header)) {
        return std::nullopt;
    }
    Record record;
    record.type = static_cast<RecordType>(header->type & ~ends_batch_flag);
    record.batch = header->batch;
    record.ends_batch = (header->type & ends_batch_flag) != 0;
    record.offset = at;
    record.end = at + record_size(*header);
    record.payload = segment.substr(at + record_header_bytes, header->length);
    if (crc32c(record.payload) != header->payload_checksum) {
        return std::nullopt;
    }
    return record;
}

/// A batch is written only when the one before is durable. So a good record of a later batch behind
/// the bad one proves that the bad one was once good.
bool has_later_batch(std::string_view segment,
                     std::size_t from,
                     std::uint64_t salt,
                     std::uint32_t batch) {
    for (std::size_t at = from; at + record_header_bytes <= segment.size(); at += alignment) {
        if (all_zero(segment.substr(at, alignment))) {
            continue;
        }
        const std::optional<Record> record = read_record(segment, at, salt);
        if (record && record->batch > batch) {
            return true;
        }
    }
    return false;
}

Scan::Tail judge_tail(std::string_view segment, std::uint64_t salt, const Scan& scan) {
    const Record* last = scan.records.empty() ? nullptr : &scan.records.back();
    const bool batch_complete = last == nullptr || last->ends_batch;
    if (scan.end >= segment.size() || all_zero(segment.substr(scan.end))) {
        return batch_complete ? Scan::Tail::clean : Scan::Tail::torn;
    }
    const std::uint32_t last_batch = last == nullptr ? 0 : last->batch;
    const std::uint32_t torn_batch = batch_complete ? last_batch + 1 : last_batch;
    const std::optional<RecordHeader> header = read_record_header(segment, scan.end, salt);
    const std::size_t size = header ? record_size(*header) : record_header_bytes;
    if (!may_be_torn(segment, scan.end, scan.end + size) ||
        has_later_batch(segment, scan.end, salt, torn_batch)) {
        return Scan::Tail::damaged;
    }
    return Scan::Tail::torn;
}

template <typename Value>
std::optional<Value> whole(const ByteReader& reader, Value value) {
    if (!reader.complete()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::string encode(const SegmentHeader& header) {
    std::string out;
    put(out, segment_magic);
    put(out, segment_version);
    put(out, header.node);
    put(out, header.cluster);
    put(out, header.sequence);
    put(out, header.previous_end);
    put(out, header.salt);
    put(out, header.hard_state.term);
    put(out, std::uint64_t{header.hard_state.voted_for});
    put(out, header.snapshot.term);
    put(out, header.snapshot.index);
    put(out, crc32c(out));
    put(out, header_end);
    return out;
}

std::optional<SegmentHeader> decode_segment_header(std::string_view segment) {
    if (segment.size() < segment_header_bytes) {
        return std::nullopt;
    }
    ByteReader reader(segment.substr(0, segment_header_bytes));
    const auto magic = reader.get<std::uint64_t>();
    const auto version = reader.get<std::uint32_t>();
    SegmentHeader header;
    header.node = reader.get<std::uint32_t>();
    header.cluster = reader.get<std::uint64_t>();
    header.sequence = reader.get<std::uint64_t>();
    header.previous_end = reader.get<std::uint64_t>();
    header.salt = reader.get<std::uint64_t>();
    header.hard_state.term = reader.get<std::uint64_t>();
    header.hard_state.voted_for = static_cast<NodeId>(reader.get<std::uint64_t>());
    header.snapshot.term = reader.get<std::uint64_t>();
    header.snapshot.index = reader.get<std::uint64_t>();
    const std::size_t checked = segment_header_bytes - reader.rest().size();
    const auto checksum = reader.get<std::uint32_t>();
    const auto end = reader.get<std::uint32_t>();
    if (magic != segment_magic || version != segment_version || end != header_end ||
        checksum != crc32c(segment.substr(0, checked))) {
        return std::nullopt;
    }
    return header;
}

std::size_t BatchWriter::begin(RecordType type) {
    const std::size_t start = bytes_.size();
    put(bytes_, std::uint32_t{0});
    last_type_ = static_cast<std::uint32_t>(type);
    put(bytes_, last_type_);
    put(bytes_, batch_);
    bytes_.resize(start + record_header_bytes);
    return start;
}

void BatchWriter::end(std::size_t start) {
    const std::string_view payload = std::string_view(bytes_).substr(start + record_header_bytes);
    const auto length = static_cast<std::uint32_t>(payload.size());
    const std::uint32_t checksum = crc32c(payload);
    bytes_.append(alignment - payload.size() % alignment, padding);
    overwrite(bytes_, start, length);
    overwrite(bytes_, start + payload_checksum_offset, checksum);
    finish_header(start);
    last_ = start;
}

void BatchWriter::finish_header(std::size_t start) {
    const auto fields = std::string_view(bytes_).substr(start, header_checksum_offset);
    overwrite(bytes_, start + header_checksum_offset, header_checksum(salt_, fields));
    overwrite(bytes_, start + header_checksum_offset + sizeof(std::uint32_t), header_end);
}

void BatchWriter::add(const Entry& entry) {
    const std::size_t start = begin(RecordType::entry);
    put(bytes_, entry.term);
    put(bytes_, entry.index);
    put(bytes_, static_cast<std::uint8_t>(entry.kind));
    bytes_ += entry.data;
    end(start);
}

void BatchWriter::add(const HardState& hard_state) {
    const std::size_t start = begin(RecordType::hard_state);
    put(bytes_, hard_state.term);
    put(bytes_, hard_state.voted_for);
    end(start);
}

void BatchWriter::add(const SnapshotMarker& marker) {
    const std::size_t start = begin(RecordType::snapshot);
    put(bytes_, marker.last.term);
    put(bytes_, marker.last.index);
    put(bytes_, static_cast<std::uint8_t>(marker.discard_log ? 1 : 0));
    end(start);
}

void BatchWriter::add_truncation(Index from) {
    const std::size_t start = begin(RecordType::truncate);
    put(bytes_, from);
    end(start);
}

std::string BatchWriter::finish() && {
    if (last_) {
        overwrite(bytes_, *last_ + type_offset, last_type_ | ends_batch_flag);
        finish_header(*last_);
    }
    return std::move(bytes_);
}

std::optional<Entry> decode_entry(std::string_view payload) {
    ByteReader reader(payload);
    Entry entry;
    entry.term = reader.get<std::uint64_t>();
    entry.index = reader.get<std::uint64_t>();
    const auto kind = reader.get<std::uint8_t>();
    if (reader.failed() || kind > static_cast<std::uint8_t>(EntryKind::command)) {
        return std::nullopt;
    }
    entry.kind = static_cast<EntryKind>(kind);
    entry.data = reader.rest();
    return entry;
}

std::optional<HardState> decode_hard_state(std::string_view payload) {
    ByteReader reader(payload);
    HardState hard_state;
    hard_state.term = reader.get<std::uint64_t>();
    hard_state.voted_for = reader.get<std::uint32_t>();
    return whole(reader, hard_state);
}

std::optional<SnapshotMarker> decode_snapshot_marker(std::string_view payload) {
    ByteReader reader(payload);
    SnapshotMarker marker;
    marker.last.term = reader.get<std::uint64_t>();
    marker.last.index = reader.get<std::uint64_t>();
    marker.discard_log = reader.get_bool();
    return whole(reader, marker);
}

std::optional<Index> decode_truncation(std::string_view payload) {
    ByteReader reader(payload);
    const auto from = reader.get<std::uint64_t>();
    return whole(reader, from);
}

Scan scan_segment(std::string_view segment, std::uint64_t salt) {
    Scan scan;
    scan.end = segment_header_bytes;
    for (;;) {
        const std::optional<Record> record = read_record(segment, scan.end, salt);
        if (!record) {
            break;
        }
        scan.end = record->end;
        scan.records.push_back(*record);
    }
    scan.tail = judge_tail(segment, salt, scan);
    return scan;
}

bool may_be_torn(std::string_view file, std::size_t from, std::size_t to) {
    if (to > file.size() || file[to - 1] == '\0') {
        return true;
    }
    while (from < to) {
        const std::size_t next = std::min(to, (from / sector_bytes + 1) * sector_bytes);
        if (all_zero(file.substr(from, next - from))) {
            return true;
        }
        from = next;
    }
    return false;
}

}  // namespace squall::raft::storage
