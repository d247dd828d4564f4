// Linearizable reads without log entries (dissertation §6.4, §8): remember the commit index, then
// let a quorum confirm that this server still leads. Rounds are numbered by a counter that never
// repeats, so an old reply cannot confirm a newer read.
#include <algorithm>

#include "raft/core_impl.hpp"

namespace squall::raft {

std::optional<ReadId> Core::Impl::read_index(Time now) {
    advance_clock(now);
    if (role_ != Role::leader) {
        return std::nullopt;
    }
    reads_.push_back({++reads_started_, 0, 0});
    return reads_started_;
}

void Core::Impl::start_round() {
    // Dissertation §6.4, step 1: until an entry of its own term is committed, a new leader does not
    // know how far its predecessors committed.
    const bool caught_up = commit_ >= term_start_ || config_.bugs.has(zoo::Bug::before_noop);
    if (reads_.empty() || reads_.back().round != 0 || !caught_up) {
        return;
    }
    ++round_;
    for (auto read = reads_.rbegin(); read != reads_.rend() && read->round == 0; ++read) {
        read->round = round_;
        read->index = commit_;
    }
    send_heartbeats();
    confirm_reads();
}

void Core::Impl::confirm_reads() {
    if (reads_.empty()) {
        return;
    }
    const std::size_t missing = config_.bugs.has(zoo::Bug::quorum_off) ? 1 : 0;
    const auto round_of = [this](NodeId voter) {
        const Progress* peer = find_peer(voter);
        return peer == nullptr ? round_ : peer->round;
    };
    std::uint64_t confirmed = configuration_.quorum_value(round_of, missing);
    if (config_.bugs.has(zoo::Bug::no_quorum_ack)) {
        confirmed = round_;
    }
    while (!reads_.empty() && reads_.front().round != 0 && reads_.front().round <= confirmed) {
        out_.reads.push_back({reads_.front().id, true, reads_.front().index});
        reads_.pop_front();
    }
}

void Core::Impl::fail_reads() {
    for (const Read& read : reads_) {
        out_.reads.push_back({read.id, false, 0});
    }
    reads_.clear();
}

}  // namespace squall::raft
