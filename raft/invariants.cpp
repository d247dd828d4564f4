// What always holds (after LogCabin's RaftConsensusInvariants.cc). Checked after each input; cheap
// enough to stay on in every build.
#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

void Core::Impl::check_invariants() {
    if (unchecked()) {
        return;
    }
    const Index last = log_.last().index;
    // State: how the parts relate.
    ASSERT(log_.base().index <= snapshot_.last.index);
    ASSERT(snapshot_.last.index <= commit_);
    ASSERT(applied_ <= commit_);
    ASSERT(commit_ <= last);
    ASSERT(log_.durable() <= last);
    ASSERT(installing_ || applied_ <= log_.durable());
    ASSERT(log_.last().term <= hard_state_.term);
    ASSERT(confirmed_ <= issued_);
    ASSERT(!writes_.empty() || confirmed_ == issued_);

    // Change: terms, votes and commit (figure 2; §5.2, §5.3).
    ASSERT(hard_state_.term >= before_.hard_state.term);
    ASSERT(hard_state_.term > before_.hard_state.term || before_.hard_state.voted_for == no_node ||
           hard_state_.voted_for == before_.hard_state.voted_for);
    ASSERT(commit_ >= before_.commit);
    ASSERT(applied_ >= before_.applied);

    // Roles.
    if (role_ == Role::leader) {
        const bool led_before = before_.role == Role::leader;
        ASSERT(hard_state_.voted_for == config_.id && durable_hard_state_ == hard_state_);
        ASSERT(leader_ == config_.id);
        ASSERT(!led_before || before_.hard_state.term == hard_state_.term);
        ASSERT(!led_before || last >= before_.last);  // Leader append-only.
        ASSERT(log_.last().term == hard_state_.term);
        for (const Progress& peer : peers_) {
            check_peer(peer);
        }
    } else {
        ASSERT(leader_ != config_.id);
        ASSERT(peers_.empty() && reads_.empty() && uncommitted_bytes_ == 0);
        ASSERT(role_ == Role::follower || leader_ == no_node);
        ASSERT(role_ != Role::candidate || hard_state_.voted_for == config_.id);
    }
    before_ = {hard_state_, role_, commit_, last, applied_};
}

void Core::Impl::check_peer(const Progress& peer) const {
    ASSERT(peer.match < peer.next);
    ASSERT(peer.next <= log_.last().index + 1);
    ASSERT(peer.round <= round_);
    ASSERT(peer.inflight.size() <= config_.max_inflight_messages);
    ASSERT(peer.transfer.has_value() == (peer.state == Progress::State::snapshot));
}

}  // namespace squall::raft
