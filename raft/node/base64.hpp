// Bytes as text inside JSON lines: base64 with padding (RFC 4648, section 4), no line breaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace squall::raft::node {

[[nodiscard]] std::string to_base64(std::string_view bytes);

/// Nothing when the text is not exactly what `to_base64` makes of some bytes.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace squall::raft::node
