#include "harness/process/leader_claims.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::process {

LeaderClaims::LeaderClaims(history::NodeId node, std::string directory)
    : node_(node), directory_(std::move(directory)) {}

void LeaderClaims::begin_life() {
    ++incarnation_;
    sequence_ = 0;
    file_ =
        std::ofstream(fmt::format("{}/trace-{}.jsonl", directory_, incarnation_), std::ios::binary);
    file_ << fmt::format("{{\"squall_trace\":1,\"node\":{},\"inc\":{}}}\n", node_, incarnation_);
    // Nobody leads from the first moment of a life.
    write("follower", 0, 0);
}

void LeaderClaims::add(std::uint64_t term) {
    write("leader", term, node_);
}

void LeaderClaims::write(std::string_view role, std::uint64_t term, history::NodeId leader) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    file_ << fmt::format(
        "{{\"seq\":{},\"t\":{},\"node\":{},\"inc\":{},\"type\":\"role\","
        "\"role\":\"{}\",\"term\":{},\"leader\":{}}}\n",
        sequence_++,
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count(),
        node_,
        incarnation_,
        role,
        term,
        leader);
    file_.flush();
    if (!file_) {
        throw Failure(fmt::format("cannot write to {}", directory_));
    }
}

}  // namespace squall::harness::process
