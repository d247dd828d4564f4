#include "raft/core.hpp"

#include <algorithm>
#include <utility>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

namespace {

/// Keeps every message well below the transport's limit, whatever the configuration says.
constexpr std::size_t payload_limit = max_message_bytes / 2;

CoreConfig clamped(CoreConfig config) {
    config.max_inflight_messages = std::max(config.max_inflight_messages, std::size_t{1});
    config.max_append_bytes = std::clamp(config.max_append_bytes, std::size_t{1}, payload_limit);
    config.snapshot_chunk_bytes =
        std::clamp(config.snapshot_chunk_bytes, std::size_t{1}, payload_limit);
    return config;
}

bool plausible_entries(const AppendRequest& request) {
    LogId previous = request.previous;
    for (const Entry& entry : request.entries) {
        if (entry.index != previous.index + 1 || entry.term < previous.term) {
            return false;
        }
        previous = entry.id();
    }
    return previous.term <= request.term && previous.index < limits::numbers_end;
}

bool plausible_voters(const std::vector<NodeId>& voters) {
    return !voters.empty() && voters.size() <= Configuration::max_voters &&
           std::find(voters.begin(), voters.end(), no_node) == voters.end();
}

bool plausible_chunk(const SnapshotChunk& chunk, std::uint64_t max_bytes) {
    return chunk.last.index != 0 && chunk.last.index < limits::numbers_end &&
           chunk.last.term <= chunk.term && plausible_voters(chunk.voters) &&
           chunk.total <= max_bytes && chunk.offset <= chunk.total &&
           chunk.data.size() <= chunk.total - chunk.offset;
}

/// Bug local_quorum: the node and its two neighbours of a ring, out of four or more.
std::vector<NodeId> neighbours(NodeId id, const std::vector<NodeId>& voters) {
    const auto self = std::find(voters.begin(), voters.end(), id);
    if (self == voters.end() || voters.size() < 4) {
        return voters;
    }
    const auto place = static_cast<std::size_t>(self - voters.begin());
    const std::size_t count = voters.size();
    return {id, voters[(place + 1) % count], voters[(place + count - 1) % count]};
}

}  // namespace

Configuration Core::Impl::configuration_of(const CoreConfig& config,
                                           const std::vector<NodeId>& voters) {
    return config.bugs.has(zoo::Bug::local_quorum)
               ? Configuration(neighbours(config.id, voters), config.bugs)
               : Configuration(voters, config.bugs);
}

Core::Impl::Impl(const CoreConfig& config, Recovered recovered, std::uint64_t hash, Time now)
    : config_(clamped(config)),
      configuration_(configuration_of(
          config, recovered.snapshot ? recovered.snapshot->voters : config.voters)),
      log_(recovered.snapshot ? recovered.snapshot->last : LogId{}, std::move(recovered.entries)),
      now_(now),
      hard_state_(recovered.hard_state),
      durable_hard_state_(recovered.hard_state) {
    if (recovered.snapshot) {
        snapshot_ = std::move(*recovered.snapshot);
    }
    commit_ = applied_ = snapshot_.last.index;
    if (config_.bugs.has(zoo::Bug::off_by_one_apply) && applied_ > 0) {
        ++applied_;
    }
    out_.trace.emplace_back(InitTrace{hard_state_, snapshot_.last, log_.last(), hash});
    if (log_.last().term > hard_state_.term) {
        // An entry proves that its term had begun. A crash within one write may keep a received
        // snapshot and lose the term beside it; no vote of that term can have left this server.
        set_hard_state({log_.last().term, no_node});
    }
    if (log_.discarded()) {
        pending_.snapshot = snapshot_;
        pending_.discard_log = true;
    }
    draw_election_timeout();
    restart_election_timer();
    traced_role_.term = hard_state_.term;
    before_ = {hard_state_, role_, commit_, log_.last().index, applied_};
    check_invariants();
}

void Core::Impl::tick(Time now) {
    advance_clock(now);
    if (role_ == Role::leader) {
        if (now_ >= quorum_check_at_) {
            check_quorum();
        }
        if (role_ == Role::leader && now_ >= heartbeat_at_) {
            send_heartbeats();
        }
    } else if (now_ >= election_at_ && configuration_.contains(config_.id)) {
        // §5.2: no leader for an election timeout, or an election without a winner.
        start_pre_vote();
    }
    check_invariants();
}

Time Core::Impl::next_deadline() const {
    if (role_ == Role::leader) {
        return std::min(heartbeat_at_, quorum_check_at_);
    }
    return configuration_.contains(config_.id) ? election_at_ : Time::max();
}

bool Core::Impl::plausible_term(const Message& message) {
    const Term term = term_of(message);
    const Term furthest = hard_state_.term + limits::term_jump;
    if (term <= furthest || term >= limits::numbers_end) {
        return term < limits::numbers_end;
    }
    // Going on to a later term is always safe, and has to be possible: two servers that were led
    // on differently far would otherwise never understand each other again. Requests for votes are
    // no reason, as ever (dissertation §4.2.3).
    if (!std::holds_alternative<VoteRequest>(message)) {
        become_follower(furthest, no_node);
    }
    return false;
}

bool Core::Impl::plausible(const Envelope& envelope) {
    if (envelope.to != config_.id || envelope.from == config_.id || envelope.from == no_node) {
        ++refusals_.misaddressed;
        return false;
    }
    if (!plausible_term(envelope.message)) {
        ++refusals_.bad_term;
        return false;
    }
    bool content = true;
    if (const auto* append = std::get_if<AppendRequest>(&envelope.message)) {
        content = append->previous.index < limits::numbers_end && plausible_entries(*append);
    } else if (const auto* chunk = std::get_if<SnapshotChunk>(&envelope.message)) {
        content = plausible_chunk(*chunk, config_.max_snapshot_bytes);
    }
    refusals_.bad_content += content ? 0 : 1;
    return content;
}

void Core::Impl::step(Time now, const Envelope& envelope) {
    advance_clock(now);
    if (!plausible(envelope)) {
        check_invariants();
        return;
    }
    std::visit([&](const auto& message) { handle(envelope.from, message); }, envelope.message);
    check_invariants();
}

void Core::Impl::become_follower(Term term, NodeId leader) {
    if (term > hard_state_.term) {
        set_hard_state({term, no_node});
    }
    if (role_ == Role::leader) {
        fail_reads();
        peers_.clear();
        term_start_ = 0;
        uncommitted_bytes_ = 0;
        restart_election_timer();
    }
    role_ = Role::follower;
    leader_ = leader;
    votes_.clear();
    trace_role();
}

void Core::Impl::set_hard_state(HardState hard_state) {
    ASSERT(hard_state.term >= hard_state_.term);
    if (hard_state.term > hard_state_.term) {
        // What the old term wanted to say is stale; so is a snapshot that its leader was sending.
        held_.clear();
        incoming_.reset();
    }
    hard_state_ = hard_state;
    pending_.hard_state = hard_state;
}

void Core::Impl::trace_role() {
    const bool same = traced_role_.role == role_ && traced_role_.term == hard_state_.term &&
                      traced_role_.leader == leader_;
    if (!same) {
        traced_role_ = {role_, hard_state_.term, leader_};
        out_.trace.emplace_back(traced_role_);
    }
}

Ready Core::Impl::take_ready() {
    if (role_ == Role::leader) {
        start_round();
        for (Progress& peer : peers_) {
            send_appends(peer);
            if (config_.bugs.has(zoo::Bug::head_of_line) &&
                peer.inflight.size() >= config_.max_inflight_messages) {
                break;
            }
        }
    }
    cut_persist();
    out_.committed = take_committed();
    check_invariants();
    return std::exchange(out_, {});
}

Status Core::Impl::status() const {
    Status status;
    status.id = config_.id;
    status.role = role_;
    status.term = hard_state_.term;
    status.leader = leader_;
    status.commit = commit_;
    status.applied = applied_;
    status.last = log_.last().index;
    status.durable = log_.durable();
    status.snapshot = snapshot_.last.index;
    status.base = log_.base().index;
    for (const Progress& peer : peers_) {
        status.inflight = std::max(status.inflight, peer.inflight.size());
    }
    status.uncommitted_bytes = uncommitted_bytes_;
    status.refusals = refusals_;
    return status;
}

Core::Core(const CoreConfig& config, Recovered recovered, std::uint64_t applied_hash, Time now)
    : impl_(std::make_unique<Impl>(config, std::move(recovered), applied_hash, now)) {}

Core::~Core() = default;
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;

void Core::tick(Time now) {
    impl_->tick(now);
}

Time Core::next_deadline() const {
    return impl_->next_deadline();
}

void Core::step(Time now, const Envelope& envelope) {
    impl_->step(now, envelope);
}

std::optional<ProposeError> Core::propose(Time now,
                                          std::vector<std::string> commands,
                                          LogId* first) {
    return impl_->propose(now, std::move(commands), first);
}

std::optional<ReadId> Core::read_index(Time now) {
    return impl_->read_index(now);
}

void Core::on_persisted(Time now, PersistId id) {
    impl_->on_persisted(now, id);
}

void Core::on_snapshot_taken(Time now, Snapshot snapshot, std::uint64_t hash) {
    impl_->on_snapshot_taken(now, std::move(snapshot), hash);
}

Ready Core::take_ready() {
    return impl_->take_ready();
}

Status Core::status() const {
    return impl_->status();
}

const std::vector<Progress>& Core::progress() const {
    return impl_->progress();
}

std::optional<Term> Core::term_at(Index index) const {
    return impl_->log().term_at(index);
}

}  // namespace squall::raft
