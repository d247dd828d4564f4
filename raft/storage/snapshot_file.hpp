// A snapshot as one checksummed file. Writing is crash-safe: until `store` returns, whatever was
// there before is still there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "raft/storage/disk.hpp"
#include "raft/types.hpp"

namespace squall::raft::storage {

/// `snap-<16 hex digits of term>-<16 of index>`.
[[nodiscard]] std::string snapshot_name(LogId last);
[[nodiscard]] bool is_snapshot_name(std::string_view name);

/// Ends the names of files that are being written; whatever bears it after a start is a leftover.
inline constexpr std::string_view temporary_suffix = ".tmp";

void store_snapshot(Disk& disk, const Snapshot& snapshot);

/// Throws Corruption unless the file is there and whole.
[[nodiscard]] Snapshot load_snapshot(Disk& disk, LogId last);

}  // namespace squall::raft::storage
