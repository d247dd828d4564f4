#include "harness/maelstrom/errors.hpp"

#include <algorithm>
#include <array>

namespace squall::harness::maelstrom {

namespace {

using Status = NodeReply::Status;

// Definite errors say that the operation did not happen and never will. Of these, codes 1 and 11
// speak of this node at this moment, so that another one is asked; the others are answers.
constexpr std::array<ErrorCode, 11> table{{
    {0, "timeout", Status::unknown},
    {1, "node-not-found", Status::not_leader},
    {10, "not-supported", Status::refused},
    {11, "temporarily-unavailable", Status::not_leader},
    {12, "malformed-request", Status::refused},
    {13, "crash", Status::unknown},
    {14, "abort", Status::refused},
    {20, "key-does-not-exist", Status::refused},
    {21, "key-already-exists", Status::refused},
    {22, "precondition-failed", Status::refused},
    {30, "txn-conflict", Status::refused},
}};

}  // namespace

std::span<const ErrorCode> error_codes() {
    return table;
}

ErrorCode find_error(std::int64_t code) {
    const auto* const found = std::find_if(
        table.begin(), table.end(), [&](const ErrorCode& entry) { return entry.code == code; });
    return found == table.end() ? ErrorCode{-1, "other-error", Status::unknown} : *found;
}

}  // namespace squall::harness::maelstrom
