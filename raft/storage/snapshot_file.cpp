#include "raft/storage/snapshot_file.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/storage/storage.hpp"

namespace squall::raft::storage {

namespace {

constexpr std::uint64_t snapshot_magic = 0x313050414E534C53;  // "SLSNAP01"
constexpr std::size_t checksum_bytes = 4;

/// Everything before the data.
std::string encode_preamble(const Snapshot& snapshot) {
    std::string out;
    put(out, snapshot_magic);
    put(out, snapshot.last.term);
    put(out, snapshot.last.index);
    put(out, static_cast<std::uint32_t>(snapshot.voters.size()));
    for (const NodeId voter : snapshot.voters) {
        put(out, voter);
    }
    return out;
}

std::optional<Snapshot> decode(std::string_view body) {
    ByteReader reader(body);
    const auto magic = reader.get<std::uint64_t>();
    Snapshot snapshot;
    snapshot.last.term = reader.get<std::uint64_t>();
    snapshot.last.index = reader.get<std::uint64_t>();
    const auto voters = reader.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < voters && !reader.failed(); ++i) {
        snapshot.voters.push_back(reader.get<std::uint32_t>());
    }
    if (reader.failed() || magic != snapshot_magic) {
        return std::nullopt;
    }
    snapshot.data = std::make_shared<const std::string>(reader.rest());
    return snapshot;
}

}  // namespace

std::string snapshot_name(LogId last) {
    return fmt::format("snap-{:016x}-{:016x}", last.term, last.index);
}

bool is_snapshot_name(std::string_view name) {
    return name.starts_with("snap-");
}

void store_snapshot(Disk& disk, const Snapshot& snapshot) {
    const std::string name = snapshot_name(snapshot.last);
    const std::string temporary = name + std::string(temporary_suffix);
    std::string bytes = encode_preamble(snapshot);
    bytes += *snapshot.data;
    put(bytes, crc32c(bytes));
    {
        const std::unique_ptr<File> file = disk.open(temporary, true);
        file->write(0, bytes);
        file->sync_data();
    }
    disk.rename(temporary, name);
    disk.sync_directory();
}

Snapshot load_snapshot(Disk& disk, LogId last) {
    const std::string name = snapshot_name(last);
    const std::vector<std::string> names = disk.list();
    if (!std::binary_search(names.begin(), names.end(), name)) {
        throw Corruption(name + ": the log names this snapshot, but it is missing");
    }
    const std::unique_ptr<File> file = disk.open(name, false);
    const std::string bytes = file->read(0, file->size());
    if (bytes.size() < checksum_bytes) {
        throw Corruption(name + " at offset 0: too short for a snapshot");
    }
    const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - checksum_bytes);
    ByteReader trailer(std::string_view(bytes).substr(body.size()));
    if (trailer.get<std::uint32_t>() != crc32c(body)) {
        throw Corruption(
            fmt::format("{} at offset {}: the checksum does not match", name, body.size()));
    }
    std::optional<Snapshot> snapshot = decode(body);
    if (!snapshot || snapshot->last != last) {
        throw Corruption(name + " at offset 0: not the snapshot that its name says");
    }
    return std::move(*snapshot);
}

}  // namespace squall::raft::storage
