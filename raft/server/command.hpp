// The binary form of a mutation in the replicated log; docs/state-machine.md is the reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "raft/server/request.hpp"

namespace squall::raft::server {

[[nodiscard]] std::string encode_command(const Request& request);

/// Nothing when the bytes are not exactly one well-formed mutation. Allocates no more than the
/// input.
[[nodiscard]] std::optional<Request> decode_command(std::string_view bytes);

[[nodiscard]] constexpr bool is_operation(std::uint8_t value) {
    return value >= static_cast<std::uint8_t>(Operation::get) &&
           value <= static_cast<std::uint8_t>(Operation::add);
}

/// What is wrong with a client's request; empty when nothing is.
[[nodiscard]] std::string_view problem_of(const Request& request);

}  // namespace squall::raft::server
