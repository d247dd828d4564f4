// The inside of Core: one class whose functions are spread over a file per section of the paper.
// Internal to this folder. A new field on which anything depends belongs into image.cpp, too.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "raft/core.hpp"
#include "raft/log.hpp"
#include "raft/progress.hpp"
#include "raft/quorum.hpp"

namespace squall::raft {

class Core::Impl {
  public:
    Impl(const CoreConfig& config, Recovered recovered, std::uint64_t applied_hash, Time now);

    // core.cpp
    void tick(Time now);
    void step(Time now, const Envelope& envelope);
    [[nodiscard]] Ready take_ready();
    [[nodiscard]] Time next_deadline() const;
    [[nodiscard]] Status status() const;

    [[nodiscard]] const Log& log() const { return log_; }

    [[nodiscard]] const std::vector<Progress>& progress() const { return peers_; }

    // image.cpp
    void write_image(image::Writer& writer) const;
    void read_image(image::Reader& reader);

    // replication.cpp, read_index.cpp, persistence.cpp, snapshot.cpp
    std::optional<ProposeError> propose(Time now, std::vector<std::string> commands, LogId* first);
    std::optional<ReadId> read_index(Time now);
    void on_persisted(Time now, PersistId id);
    void on_snapshot_taken(Time now, Snapshot snapshot, std::uint64_t hash);

  private:
    /// A write under way and what its completion means beside the log.
    struct Write {
        PersistId id = 0;
        std::optional<HardState> hard_state;
        std::optional<SnapshotTrace> snapshot;
    };

    /// A message that promises something which is not durable before write `after`.
    struct Held {
        PersistId after = 0;
        Envelope envelope;
    };

    struct Read {
        ReadId id = 0;
        std::uint64_t round = 0;  ///< 0: not begun.
        Index index = 0;
    };

    /// A snapshot being received (§7).
    struct Incoming {
        NodeId from = no_node;
        LogId last;
        std::uint64_t total = 0;
        std::string data;
    };

    /// What the invariants compare with after the next input.
    struct Before {
        HardState hard_state;
        Role role = Role::follower;
        Index commit = 0;
        Index last = 0;
        Index applied = 0;
    };

    [[nodiscard]] static Configuration configuration_of(const CoreConfig& config,
                                                        const std::vector<NodeId>& voters);

    // core.cpp: time, terms and roles.
    void advance_clock(Time now) { now_ = now > now_ ? now : now_; }

    void become_follower(Term term, NodeId leader);
    void set_hard_state(HardState hard_state);
    void trace_role();
    [[nodiscard]] bool plausible(const Envelope& envelope);
    [[nodiscard]] bool plausible_term(const Message& message);

    // election.cpp (§5.2, §5.4.1; dissertation §6.2, §9.6)
    void handle(NodeId from, const VoteRequest& request);
    void handle(NodeId from, const VoteReply& reply);
    void start_pre_vote();
    void campaign();
    void become_leader();
    void add_vote(NodeId voter);
    void ask_for_votes(Term term, bool pre_vote, PersistId after);
    [[nodiscard]] bool hears_leader() const;
    [[nodiscard]] bool may_vote_for(NodeId candidate) const;
    [[nodiscard]] bool up_to_date(LogId last) const;
    void draw_election_timeout();

    void restart_election_timer() { election_at_ = now_ + election_timeout_; }

    void check_quorum();

    // replication.cpp (§5.3)
    void handle(NodeId from, const AppendRequest& request);
    void handle(NodeId from, const AppendReply& reply);
    void handle(NodeId from, const Heartbeat& heartbeat);
    void handle(NodeId from, const HeartbeatReply& reply);
    [[nodiscard]] bool follow(NodeId from, Term term);
    [[nodiscard]] bool merge(const AppendRequest& request);
    void reject(NodeId to, const AppendRequest& request);
    void back_up(Progress& peer, const AppendReply& reply);
    void append(std::vector<Entry> entries);
    void send_appends(Progress& peer);
    void send_heartbeats();
    [[nodiscard]] Progress* heard_from(NodeId from, Term term);
    [[nodiscard]] Progress* find_peer(NodeId node);

    // commit.cpp (§5.3, §5.4.2)
    void advance_leader_commit();
    void advance_follower_commit(Index index);
    void set_commit(Index index);
    [[nodiscard]] std::vector<Entry> take_committed();

    // snapshot.cpp (§7)
    void handle(NodeId from, const SnapshotChunk& chunk);
    void handle(NodeId from, const SnapshotReply& reply);
    void start_snapshot(Progress& peer);
    void send_chunk(NodeId to, SnapshotTransfer& transfer);
    void acknowledge_snapshot(NodeId to, LogId last);
    void install(Snapshot snapshot);

    // read_index.cpp (dissertation §6.4)
    void start_round();
    void confirm_reads();
    void fail_reads();

    // persistence.cpp
    void cut_persist();
    [[nodiscard]] PersistId everything_durable() const;
    [[nodiscard]] PersistId term_durable() const;
    void send(NodeId to, Message message);
    void send_after(PersistId after, NodeId to, Message message);
    void release_held();

    // image.cpp
    template <class Archive, class Self>
    static void archive(Archive& archive, Self& self);

    // invariants.cpp
    [[nodiscard]] bool unchecked() const { return config_.bugs.unchecked(); }

    void check_invariants();
    void check_peer(const Progress& peer) const;

    CoreConfig config_;
    Configuration configuration_;
    Log log_;
    Snapshot snapshot_;  ///< The newest, taken or received; last.index == 0: none.
    Time now_;
    Ready out_;

    // Figure 2, persistent and volatile state of all servers.
    HardState hard_state_;
    Index commit_ = 0;
    Index applied_ = 0;  ///< Handed out as committed, or inside a snapshot handed out.
    Role role_ = Role::follower;
    NodeId leader_ = no_node;
    RoleTrace traced_role_;

    Time election_timeout_{};
    Time election_at_{};
    Time sticky_until_{};  ///< Votes are ignored until then; a leader was heard.
    std::uint64_t elections_drawn_ = 0;
    std::vector<NodeId> votes_;  ///< As candidate or pre-candidate: who granted, each once.

    // Leaders only; empty otherwise.
    std::vector<Progress> peers_;  ///< The other voters, by id.
    Index term_start_ = 0;         ///< The no-op of this term.
    std::size_t uncommitted_bytes_ = 0;
    Time heartbeat_at_{};
    Time quorum_check_at_{};
    std::deque<Read> reads_;

    ReadId reads_started_ = 0;
    std::uint64_t round_ = 0;

    // Durability. Writes are confirmed in the order of their ids.
    Persist pending_;  ///< Gathered since the last cut, without the log's part.
    std::optional<SnapshotTrace> pending_snapshot_;
    std::deque<Write> writes_;
    PersistId issued_ = 0;
    PersistId confirmed_ = 0;
    PersistId hard_state_write_ = 0;  ///< The write that carried the latest hard state.
    HardState durable_hard_state_;
    std::vector<Held> held_;  ///< All of the current term.

    std::optional<Incoming> incoming_;
    std::optional<Snapshot> installing_;  ///< Received whole, not yet durable.

    Refusals refusals_;
    Before before_;
};

}  // namespace squall::raft
