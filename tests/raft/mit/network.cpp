#include "tests/raft/mit/network.hpp"

#include "raft/random.hpp"

namespace squall::raft::mit {

using std::chrono::microseconds;
using std::chrono::milliseconds;

bool is_request(const Message& message) {
    return std::holds_alternative<VoteRequest>(message) ||
           std::holds_alternative<AppendRequest>(message) ||
           std::holds_alternative<Heartbeat>(message) ||
           std::holds_alternative<SnapshotChunk>(message);
}

std::uint64_t Network::below(std::uint64_t bound) {
    return random_bits({seed_, draws_++}) % bound;
}

std::optional<Duration> Network::fate(bool request) {
    constexpr std::uint64_t fastest_us = 1000;
    const std::uint64_t slowest_us = unreliable ? 27'000 : 10'000;
    if (unreliable && below(10) == 0) {
        return std::nullopt;
    }
    Duration latency = microseconds(static_cast<int>(fastest_us + below(slowest_us - fastest_us)));
    if (long_reordering && !request && below(3) < 2) {
        latency += milliseconds(static_cast<int>(200 + below(1 + below(2000))));
    }
    return latency;
}

}  // namespace squall::raft::mit
