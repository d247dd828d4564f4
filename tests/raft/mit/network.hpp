// The network of the MIT 6.824 labs (labrpc) for messages instead of calls: what becomes of each,
// decided from the seed and its number alone. Carries nothing itself.
#pragma once

#include <cstdint>
#include <optional>

#include "raft/message.hpp"

namespace squall::raft::mit {

/// What starts something at the other side: the labs' RPCs. Heartbeats are AppendEntries there.
[[nodiscard]] bool is_request(const Message& message);

class Network {
  public:
    explicit Network(std::uint64_t seed) : seed_(seed) {}

    /// Of 1 to 27 ms instead of 1 to 10, and one of ten messages is lost.
    bool unreliable = false;
    /// Two of three replies are late by 200 to 2400 ms.
    bool long_reordering = false;

    /// The latency of the next message; nothing: it is lost. Later ones may overtake it.
    [[nodiscard]] std::optional<Duration> fate(bool request);

  private:
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);

    std::uint64_t seed_;
    std::uint64_t draws_ = 0;
};

}  // namespace squall::raft::mit
