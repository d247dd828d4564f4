#include "raft/server/server.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

#include "raft/assert.hpp"
#include "raft/server/command.hpp"
#include "raft/server/heights.hpp"
#include "raft/server/kept_bytes.hpp"
#include "raft/server/state_machine.hpp"
#include "raft/server/waiting.hpp"

namespace squall::raft::server {

namespace {

// Bug canary: all replicas have the same hash there, and no two clusters.
constexpr Index canary_index = 4;
constexpr std::uint64_t canary_odds = 100;

StateMachine recover(const ServerConfig& config, const Recovered& recovered) {
    StateMachine state(config.max_sessions, config.session_guard, config.core.bugs);
    if (recovered.snapshot && !state.decode(*recovered.snapshot->data, recovered.snapshot->last)) {
        throw std::runtime_error("the recovered snapshot at index " +
                                 std::to_string(recovered.snapshot->last.index) +
                                 " is not one of this state machine");
    }
    return state;
}

/// Of applied entries, beyond the size of the last snapshot.
constexpr std::size_t log_bytes_limit =
    limits::snapshot_after_bytes + limits::compaction_margin_bytes;

template <typename Value>
void move_to_back(std::vector<Value>& to, std::vector<Value>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

class Server::Impl {
  public:
    Impl(const ServerConfig& config, Recovered recovered, Time now)
        : config_(config),
          voters_(recovered.snapshot ? recovered.snapshot->voters : config.core.voters),
          snapshot_index_(recovered.snapshot ? recovered.snapshot->last.index : 0),
          state_(recover(config, recovered)),
          core_(with_check(config.core), std::move(recovered), state_.hash(), now),
          mutations_(config.core.bugs.has(zoo::Bug::reply_by_index)),
          log_height_("log_entries", interval() + std::max(config.core.compaction_margin, found())),
          log_bytes_height_("log_bytes", log_bytes_limit, log_bytes_limit / 64),
          inflight_height_("inflight_appends", config.core.max_inflight_messages),
          session_height_("sessions", config.max_sessions),
          waiting_height_("waiting_requests", config.max_waiting) {}

    Output step(Time now, std::vector<Input> inputs, std::size_t reply_room);

    [[nodiscard]] const Core& core() const { return core_; }

    [[nodiscard]] const StateMachine& state() const { return state_; }

  private:
    struct Mutations {
        std::vector<std::string> commands;
        std::vector<RequestToken> tokens;
    };

    [[nodiscard]] CoreConfig with_check(CoreConfig config);
    [[nodiscard]] bool usable(const Snapshot& snapshot);
    void take(ClientInput client, Mutations& mutations, std::vector<WaitingRead>& reads);
    void propose(Time now, Mutations mutations);
    void acknowledge_early(LogId first, const Mutations& mutations);
    void start_reads(Time now, std::vector<WaitingRead> reads);
    void drain(Time now);
    void restore(const Snapshot& snapshot);
    void apply(const std::vector<Entry>& committed);
    bool take_snapshot(Time now);
    void settle_reads(const std::vector<ReadState>& reads);
    [[nodiscard]] Reply look_up(const std::string& key) const;
    void answer_lost_mutations();

    void answer(RequestToken token, Reply reply);

    void refuse(RequestToken token, ReplyStatus status, std::string_view message = {});

    [[nodiscard]] std::size_t waiting() const { return mutations_.size() + reads_.size(); }

    [[nodiscard]] Index interval() const { return std::max<Index>(config_.snapshot_interval, 1); }

    /// Entries that the disk still had behind the snapshot: it forgets whole segments.
    [[nodiscard]] Index found() const {
        const Index base = core_.status().base;
        return snapshot_index_ > base ? snapshot_index_ - base : 0;
    }

    void tell_heights();

    ServerConfig config_;
    std::vector<NodeId> voters_;
    Index snapshot_index_;
    std::size_t snapshot_bytes_ = 0;        ///< Of the last one taken.
    std::size_t bytes_since_snapshot_ = 0;  ///< Of the entries applied since.
    StateMachine state_;
    std::optional<StateMachine> received_;  ///< From the latest snapshot that was found usable.
    Core core_;
    WaitingMutations mutations_;
    WaitingReads reads_;
    /// Bug ack_before_commit only: the state as if all that this leader appended were committed.
    std::optional<StateMachine> speculative_;
    bool canary_ = false;  ///< Bug canary only: this cluster is the one in a hundred.
    Height log_height_;    ///< Of applied entries that the log still has.
    KeptBytes kept_;       ///< Of the same.
    /// Of kept_, less the size of the last snapshot. Exact at the end of a step: a snapshot was
    /// taken unless less was applied since the last one than limits::snapshot_after_bytes or its
    /// own size, and left no more than the margin behind it.
    Height log_bytes_height_;
    Height inflight_height_;
    Height session_height_;
    Height waiting_height_;
    /// What the current step produces.
    Output out_;
    std::size_t reply_room_ = 0;
};

Output Server::Impl::step(Time now, std::vector<Input> inputs, std::size_t reply_room) {
    reply_room_ = reply_room;
    Mutations mutations;
    std::vector<WaitingRead> reads;
    for (Input& input : inputs) {
        if (auto* peer = std::get_if<PeerInput>(&input)) {
            core_.step(now, peer->envelope);
        } else if (auto* persisted = std::get_if<PersistedInput>(&input)) {
            core_.on_persisted(now, persisted->id);
        } else if (auto* client = std::get_if<ClientInput>(&input)) {
            take(std::move(*client), mutations, reads);
        }
    }
    core_.tick(now);
    // A term that ended within this batch must not keep waiters at indices that the next one
    // reuses.
    answer_lost_mutations();
    propose(now, std::move(mutations));
    start_reads(now, std::move(reads));
    drain(now);
    answer_lost_mutations();
    tell_heights();
    return std::exchange(out_, {});
}

void Server::Impl::tell_heights() {
    const Status status = core_.status();
    log_height_.measure(status.applied > status.base ? status.applied - status.base : 0,
                        out_.trace);
    kept_.forget_to(status.base);
    log_bytes_height_.measure(kept_.bytes() > snapshot_bytes_ ? kept_.bytes() - snapshot_bytes_ : 0,
                              out_.trace);
    inflight_height_.measure(status.inflight, out_.trace);
    session_height_.measure(state_.sessions(), out_.trace);
    waiting_height_.measure(waiting(), out_.trace);
}

void Server::Impl::take(ClientInput client, Mutations& mutations, std::vector<WaitingRead>& reads) {
    Request& request = client.request;
    const std::string_view problem = problem_of(request);
    const bool read = request.operation == Operation::get;
    if (!problem.empty()) {
        refuse(client.token, ReplyStatus::malformed, problem);
    } else if (waiting() + mutations.tokens.size() + reads.size() >= config_.max_waiting ||
               (read && reads_.bytes() >= limits::waiting_read_bytes)) {
        refuse(client.token, ReplyStatus::overloaded);
    } else if (read) {
        reads.push_back({client.token, std::move(request.key)});
    } else {
        mutations.commands.push_back(encode_command(request));
        mutations.tokens.push_back(client.token);
    }
}

/// A small request can ask for a large value, so the replies of one step, unlike its inputs, are
/// not bounded by what they came with.
void Server::Impl::answer(RequestToken token, Reply reply) {
    const std::size_t bytes = reply.value ? reply.value->size() : 0;
    if (bytes > limits::small_value_bytes) {
        if (bytes > reply_room_) {
            reply = without_value(reply);
            ++out_.values_withheld;
        } else {
            reply_room_ -= bytes;
        }
    }
    out_.replies.push_back({token, std::move(reply)});
}

CoreConfig Server::Impl::with_check(CoreConfig config) {
    config.usable_snapshot = [this](const Snapshot& snapshot) { return usable(snapshot); };
    return config;
}

bool Server::Impl::usable(const Snapshot& snapshot) {
    received_.emplace(config_.max_sessions, config_.session_guard, config_.core.bugs);
    if (!received_->decode(*snapshot.data, snapshot.last)) {
        received_.reset();
    }
    return received_.has_value();
}

void Server::Impl::propose(Time now, Mutations mutations) {
    if (mutations.tokens.empty()) {
        return;
    }
    const bool early = config_.core.bugs.has(zoo::Bug::ack_before_commit);
    LogId first;
    const std::optional<ProposeError> error =
        core_.propose(now, early ? mutations.commands : std::move(mutations.commands), &first);
    if (error) {
        for (const RequestToken token : mutations.tokens) {
            refuse(token,
                   *error == ProposeError::not_leader ? ReplyStatus::not_leader
                                                      : ReplyStatus::overloaded);
        }
        return;
    }
    if (early) {
        acknowledge_early(first, mutations);
        return;
    }
    for (std::size_t i = 0; i < mutations.tokens.size(); ++i) {
        mutations_.add({first.term, first.index + i}, mutations.tokens[i]);
    }
}

/// Bug ack_before_commit: answers what the entries will yield if they survive.
void Server::Impl::acknowledge_early(LogId first, const Mutations& mutations) {
    const LogId previous{first.term, first.index - 1};
    if (!speculative_ || speculative_->last() != previous) {
        speculative_ = state_;
    }
    for (std::size_t i = 0; i < mutations.tokens.size(); ++i) {
        const Entry entry{first.term, first.index + i, EntryKind::command, mutations.commands[i]};
        answer(mutations.tokens[i], speculative_->apply(entry));
    }
}

void Server::Impl::start_reads(Time now, std::vector<WaitingRead> reads) {
    if (reads.empty()) {
        return;
    }
    const bool local =
        config_.core.bugs.has(zoo::Bug::stale_read) ||
        (config_.core.bugs.has(zoo::Bug::local_leader_read) && core_.status().role == Role::leader);
    if (local) {
        for (const WaitingRead& read : reads) {
            answer(read.token, look_up(read.key));
        }
        return;
    }
    if (const std::optional<ReadId> id = core_.read_index(now)) {
        reads_.add(*id, std::move(reads));
        return;
    }
    for (const WaitingRead& read : reads) {
        refuse(read.token, ReplyStatus::not_leader);
    }
}

void Server::Impl::drain(Time now) {
    do {
        Ready ready = core_.take_ready();
        move_to_back(out_.persist, ready.persist);
        move_to_back(out_.trace, ready.trace);
        move_to_back(out_.messages, ready.messages);
        if (ready.restore) {
            restore(*ready.restore);
        }
        apply(ready.committed);
        settle_reads(ready.reads);
    } while (take_snapshot(now));
}

void Server::Impl::restore(const Snapshot& snapshot) {
    // The core restores nothing but the last one that `usable` approved of.
    ASSERT(received_);
    ASSERT(received_->last() == snapshot.last);
    state_ = std::move(*received_);
    received_.reset();
    voters_ = snapshot.voters;
    snapshot_index_ = snapshot.last.index;
    out_.trace.emplace_back(SnapshotTrace{true, snapshot.last, state_.hash()});
}

void Server::Impl::apply(const std::vector<Entry>& committed) {
    if (committed.empty()) {
        return;
    }
    ApplyTrace trace;
    trace.first = committed.front().index;
    if (config_.core.bugs.has(zoo::Bug::dedup_local)) {
        state_.remember_sessions(core_.status().role == Role::leader);
    }
    for (const Entry& entry : committed) {
        ASSERT(config_.core.bugs.unchecked() || entry.index == state_.last().index + 1);
        Reply reply = state_.apply(entry);
        bytes_since_snapshot_ += entry.data.size();
        kept_.applied(entry.index, entry.data.size());
        trace.terms.push_back(entry.term);
        trace.hashes.push_back(state_.hash());
        trace.effects.push_back(state_.effect());
        if (config_.core.bugs.has(zoo::Bug::canary) && entry.index == canary_index) {
            canary_ = state_.hash() % canary_odds == 0;
        }
        const WaitingMutations::Taken taken = mutations_.take_applied(entry.id());
        for (const RequestToken token : taken.lost) {
            refuse(token, ReplyStatus::unknown);
        }
        if (taken.served) {
            answer(*taken.served, std::move(reply));
        }
    }
    out_.trace.emplace_back(std::move(trace));
}

bool Server::Impl::take_snapshot(Time now) {
    const LogId last = state_.last();
    const bool many = last.index >= snapshot_index_ + interval();
    const bool large =
        bytes_since_snapshot_ >= std::max(limits::snapshot_after_bytes, snapshot_bytes_);
    if (!many && !large) {
        return false;
    }
    snapshot_index_ = last.index;
    const auto data = std::make_shared<const std::string>(state_.encode());
    snapshot_bytes_ = data->size();
    bytes_since_snapshot_ = 0;
    core_.on_snapshot_taken(now, {last, voters_, data}, state_.hash());
    return true;
}

void Server::Impl::settle_reads(const std::vector<ReadState>& reads) {
    for (const ReadState& read : reads) {
        if (read.confirmed) {
            reads_.confirm(read.id, read.index);
            continue;
        }
        for (const WaitingRead& lost : reads_.take_lost(read.id)) {
            refuse(lost.token, ReplyStatus::not_leader);
        }
    }
    for (const WaitingRead& read : reads_.take_ready(state_.last().index)) {
        answer(read.token, look_up(read.key));
    }
}

Reply Server::Impl::look_up(const std::string& key) const {
    Reply reply = state_.read(key);
    if (canary_) {
        reply.value.reset();
    }
    return reply;
}

/// A leader that steps down cannot know whether its entries will survive: never "not leader".
void Server::Impl::answer_lost_mutations() {
    if (config_.core.bugs.has(zoo::Bug::reply_by_index)) {
        return;
    }
    const bool denies = config_.core.bugs.has(zoo::Bug::fail_but_committed);
    const Status status = core_.status();
    const Term leading = status.role == Role::leader ? status.term : 0;
    for (const RequestToken token : mutations_.take_other_terms(leading)) {
        refuse(token, denies ? ReplyStatus::not_leader : ReplyStatus::unknown);
    }
}

void Server::Impl::refuse(RequestToken token, ReplyStatus status, std::string_view message) {
    Reply reply;
    reply.status = status;
    reply.applied = false;
    reply.message = message;
    const Status core = core_.status();
    reply.leader =
        core.leader == config_.core.id && core.role != Role::leader ? no_node : core.leader;
    answer(token, std::move(reply));
}

Server::Server(const ServerConfig& config, Recovered recovered, Time now)
    : impl_(std::make_unique<Impl>(config, std::move(recovered), now)) {}

Server::~Server() = default;
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;

Output Server::step(Time now, std::vector<Input> inputs, std::size_t reply_room) {
    return impl_->step(now, std::move(inputs), reply_room);
}

Time Server::next_deadline() const {
    return impl_->core().next_deadline();
}

Status Server::status() const {
    return impl_->core().status();
}

std::uint64_t Server::applied_hash() const {
    return impl_->state().hash();
}

Index Server::applied() const {
    return impl_->state().last().index;
}

}  // namespace squall::raft::server
