// Maelstrom's error codes and what each amounts to. Decided here and nowhere else;
// docs/your-raft.md shows the table.
#pragma once

#include <span>
#include <string_view>

#include "harness/attempts.hpp"

namespace squall::harness::maelstrom {

struct ErrorCode {
    int code = 0;
    std::string_view slug;  ///< As the history has it.
    NodeReply::Status status = NodeReply::Status::unknown;
};

[[nodiscard]] std::span<const ErrorCode> error_codes();

/// A code that is not in the table is indefinite, as Maelstrom has it.
[[nodiscard]] ErrorCode find_error(std::int64_t code);

}  // namespace squall::harness::maelstrom
