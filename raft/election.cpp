// Leader election (§5.2, §5.4.1) with pre-vote, check-quorum and stickiness (dissertation §9.6,
// §6.2, §4.2.3).
#include <algorithm>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"
#include "raft/random.hpp"

namespace squall::raft {

void Core::Impl::draw_election_timeout() {
    // §5.2: timeouts are drawn at random, afresh for every election, so that split votes are rare.
    // The term is part of the draw so that a server that restarts often does not repeat itself.
    const auto shortest = static_cast<std::uint64_t>(config_.election_timeout_min.count());
    const auto longest = static_cast<std::uint64_t>(config_.election_timeout_max.count());
    std::uint64_t timeout = shortest;
    if (longest > shortest) {
        timeout += random_bits({config_.seed, config_.id, hard_state_.term, elections_drawn_}) %
                   (longest - shortest);
    }
    ++elections_drawn_;
    election_timeout_ = Duration(static_cast<Duration::rep>(timeout));
}

void Core::Impl::start_pre_vote() {
    // Dissertation §9.6: first ask whether an election could be won. Neither the term nor the vote
    // changes, so a server that was cut off does not disturb the others when it comes back.
    if (config_.bugs.has(zoo::Bug::no_prevote)) {
        campaign();
        return;
    }
    role_ = Role::pre_candidate;
    leader_ = no_node;
    votes_.clear();
    draw_election_timeout();
    restart_election_timer();
    trace_role();
    ask_for_votes(hard_state_.term + 1, true, 0);
    add_vote(config_.id);
}

void Core::Impl::campaign() {
    // §5.2: increment the term, vote for oneself, ask the others. The own vote counts once it is
    // durable (on_persisted), and nobody is asked before that.
    set_hard_state({hard_state_.term + 1, config_.id});
    role_ = Role::candidate;
    leader_ = no_node;
    votes_.clear();
    draw_election_timeout();
    restart_election_timer();
    trace_role();
    ask_for_votes(hard_state_.term, false, everything_durable());
}

void Core::Impl::ask_for_votes(Term term, bool pre_vote, PersistId after) {
    for (const NodeId voter : configuration_.voters()) {
        if (voter != config_.id) {
            send_after(after, voter, VoteRequest{term, log_.last(), pre_vote});
        }
    }
}

bool Core::Impl::hears_leader() const {
    // Dissertation §4.2.3: whoever believes that a leader is alive ignores vote requests. A leader
    // believes so until check-quorum deposes it.
    return role_ == Role::leader || now_ < sticky_until_;
}

bool Core::Impl::may_vote_for(NodeId candidate) const {
    // §5.2: at most one vote per term, first come, first served; none once its leader is known.
    return hard_state_.voted_for == candidate ||
           (hard_state_.voted_for == no_node && leader_ == no_node);
}

bool Core::Impl::up_to_date(LogId last) const {
    // §5.4.1: by the last entry's term, then by its index.
    if (config_.bugs.has(zoo::Bug::no_uptodate)) {
        return true;
    }
    if (config_.bugs.has(zoo::Bug::uptodate_len_only)) {
        return last.index >= log_.last().index;
    }
    if (config_.bugs.has(zoo::Bug::uptodate_term_only)) {
        return last.term >= log_.last().term;
    }
    return last >= log_.last();
}

void Core::Impl::handle(NodeId from, const VoteRequest& request) {
    if (request.term < hard_state_.term) {
        // §5.1: refuse, and let the sender learn the current term.
        send_after(term_durable(),
                   from,
                   VoteReply{hard_state_.term, request.term, request.pre_vote, false});
        return;
    }
    if (role_ == Role::leader && config_.bugs.has(zoo::Bug::leader_grants_stays) &&
        !request.pre_vote && request.term > hard_state_.term) {
        set_hard_state({request.term, from});
        send_after(everything_durable(), from, VoteReply{request.term, request.term, false, true});
        return;
    }
    if (hears_leader()) {
        return;
    }
    // §5.4.1: grant only to a candidate whose log is at least as up-to-date.
    const bool complete = up_to_date(request.last);
    if (request.pre_vote) {
        // Nothing is promised: several candidates may get a grant, and the timer runs on.
        const bool granted = complete && (request.term > hard_state_.term || may_vote_for(from));
        send_after(term_durable(), from, VoteReply{hard_state_.term, request.term, true, granted});
        return;
    }
    if (request.term > hard_state_.term) {
        become_follower(request.term, no_node);
    }
    const bool granted = complete && may_vote_for(from);
    if (granted) {
        if (hard_state_.voted_for == no_node) {
            set_hard_state({hard_state_.term, from});
        }
        restart_election_timer();
    }
    // A grant speaks of the vote and of the whole log that it was compared with.
    send_after(granted ? everything_durable() : term_durable(),
               from,
               VoteReply{hard_state_.term, request.term, false, granted});
}

void Core::Impl::handle(NodeId from, const VoteReply& reply) {
    if (reply.term > hard_state_.term) {
        // §5.1. Also teaches a pre-candidate whose log is needed but whose term is old.
        become_follower(reply.term, no_node);
        return;
    }
    // A pre-vote may be granted by a server of an older term: what counts is which request it
    // answers.
    const Term asked = reply.pre_vote ? hard_state_.term + 1 : hard_state_.term;
    const Role asking = reply.pre_vote ? Role::pre_candidate : Role::candidate;
    if (reply.granted && reply.request_term == asked && role_ == asking) {
        add_vote(from);
    }
}

void Core::Impl::add_vote(NodeId voter) {
    // A set: a vote that arrives twice counts once.
    if (std::find(votes_.begin(), votes_.end(), voter) == votes_.end()) {
        votes_.push_back(voter);
    }
    if (!configuration_.has_quorum(votes_)) {
        return;
    }
    if (role_ == Role::pre_candidate) {
        campaign();
    } else if (durable_hard_state_ == hard_state_) {
        become_leader();
    }
}

void Core::Impl::become_leader() {
    ASSERT(role_ == Role::candidate);
    role_ = Role::leader;
    leader_ = config_.id;
    votes_.clear();
    trace_role();
    peers_.clear();
    for (const NodeId voter : configuration_.voters()) {
        if (voter != config_.id) {
            Progress peer;
            peer.id = voter;
            peer.start_probe(log_.last().index + 1);
            peer.contact = now_;
            peers_.push_back(std::move(peer));
        }
    }
    uncommitted_bytes_ = 0;
    for (Index index = commit_ + 1; index <= log_.last().index; ++index) {
        uncommitted_bytes_ += cost_of(log_.at(index).data.size());
    }
    heartbeat_at_ = now_ + config_.heartbeat_interval;
    quorum_check_at_ = now_ + config_.election_timeout_max;
    // §8, §5.4.2: a no-op, since entries of earlier terms commit only through one of this term.
    term_start_ = log_.last().index + 1;
    if (config_.bugs.has(zoo::Bug::no_noop)) {
        return;
    }
    std::vector<Entry> noop(1);
    noop.front() = {hard_state_.term, term_start_, EntryKind::noop, {}};
    append(std::move(noop));
}

void Core::Impl::check_quorum() {
    // Dissertation §6.2: a leader that no quorum has answered for an election timeout steps down,
    // so that its clients look elsewhere. Its vote of this term stays.
    const Time heard = configuration_.quorum_value([this](NodeId voter) {
        const Progress* peer = find_peer(voter);
        return peer == nullptr ? now_ : peer->contact;
    });
    quorum_check_at_ = heard + config_.election_timeout_max;
    if (config_.bugs.has(zoo::Bug::no_checkquorum)) {
        quorum_check_at_ = now_ + config_.election_timeout_max;
    }
    if (now_ >= quorum_check_at_) {
        become_follower(hard_state_.term, no_node);
    }
}

}  // namespace squall::raft
