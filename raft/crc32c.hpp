// CRC-32C (Castagnoli), the checksum of frames, snapshots and the write-ahead log.
#pragma once

#include <cstdint>
#include <string_view>

namespace squall::raft {

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace squall::raft
