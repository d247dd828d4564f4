// The consensus core: a pure state machine. Inputs go in through tick, step, propose, read_index
// and on_persisted; everything that follows from them comes out of take_ready. No clock, socket,
// thread, randomness or unordered iteration: equal inputs give equal outputs.
//
// The core holds back what promises durability (votes, append acknowledgements, campaign messages)
// until on_persisted confirms the write it depends on, so every message that a Ready carries may be
// sent at once. A leader's AppendRequests do not wait for its own disk; its own match index does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "raft/message.hpp"
#include "raft/persist.hpp"
#include "raft/progress.hpp"
#include "raft/trace.hpp"
#include "raft/types.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::raft {

namespace image {
class Reader;
class Writer;
}  // namespace image

struct CoreConfig {
    NodeId id = no_node;
    std::vector<NodeId> voters;  ///< Of a fresh cluster; a snapshot's configuration wins.
    Duration heartbeat_interval = std::chrono::milliseconds(50);
    /// Drawn afresh for every election from [min, max).
    Duration election_timeout_min = std::chrono::milliseconds(300);
    Duration election_timeout_max = std::chrono::milliseconds(600);
    std::size_t max_inflight_messages = 64;
    std::size_t max_append_bytes = std::size_t{256} << 10U;
    std::size_t max_uncommitted_bytes = std::size_t{16} << 20U;
    std::size_t snapshot_chunk_bytes = std::size_t{256} << 10U;
    std::size_t max_snapshot_bytes = limits::snapshot_bytes;
    /// Whether the application can use a snapshot that a leader sent. Asked before anything depends
    /// on it: an unusable one that was installed would stop this server for ever. Empty: any.
    std::function<bool(const Snapshot&)> usable_snapshot;
    /// Entries kept behind a snapshot so that slightly slow followers need none.
    Index compaction_margin = 1000;
    std::uint64_t seed = 0;
    zoo::Bugs bugs;
};

/// Longer commands are refused as overloaded: no message could carry them.
inline constexpr std::size_t max_command_bytes = max_message_bytes / 2;

/// Identifies a linearizable read in progress, from 1.
using ReadId = std::uint64_t;

/// The read may be served once everything up to `index` is applied. `confirmed == false`:
/// leadership was lost, the read was not served and may be tried elsewhere.
struct ReadState {
    ReadId id = 0;
    bool confirmed = false;
    Index index = 0;
};

/// Everything that follows from the inputs since the last one. Handle in the order of the fields:
/// hand `persist` to the disk (without waiting), write `trace`, send `messages`, then use the rest.
struct Ready {
    std::vector<Persist> persist;
    std::vector<TraceEvent> trace;
    std::vector<Envelope> messages;
    /// Replace the state machine by this snapshot before applying `committed`.
    std::optional<Snapshot> restore;
    /// Newly committed and locally durable, in order, each exactly once.
    std::vector<Entry> committed;
    std::vector<ReadState> reads;
};

/// Messages that were dropped because no correct server sends them, or not to us.
struct Refusals {
    std::uint64_t misaddressed = 0;   ///< To another server, from nobody or from oneself.
    std::uint64_t bad_term = 0;       ///< Absurdly far ahead (limits::term_jump).
    std::uint64_t bad_content = 0;    ///< Impossible sizes, offsets or sequences.
    std::uint64_t contradictory = 0;  ///< Denies what is committed, or a second leader of a term.
    std::uint64_t unusable_snapshots = 0;
};

struct Status {
    NodeId id = no_node;
    Role role = Role::follower;
    Term term = 0;
    NodeId leader = no_node;
    Index commit = 0;
    Index applied = 0;  ///< Handed out in Ready::committed.
    Index last = 0;
    Index durable = 0;
    Index snapshot = 0;
    Index base = 0;            ///< Before the first entry that the log still has.
    std::size_t inflight = 0;  ///< Leader: appends under way to the peer with the most.
    std::size_t uncommitted_bytes = 0;
    Refusals refusals;
};

enum class ProposeError : std::uint8_t { not_leader, overloaded };

class Core {
  public:
    /// `recovered` is what the disk held; `applied_hash` goes into the first trace event untouched.
    Core(const CoreConfig& config, Recovered recovered, std::uint64_t applied_hash, Time now);
    ~Core();
    Core(Core&&) noexcept;
    Core& operator=(Core&&) noexcept;

    /// Fires what is due. Harmless when nothing is.
    void tick(Time now);

    /// When tick wants to be called next, at the latest.
    [[nodiscard]] Time next_deadline() const;

    /// A message for this node. Foreign input: nonsense is dropped, never asserted on.
    void step(Time now, const Envelope& envelope);

    /// Leader only: appends all or nothing. On success `*first` is the id of the first; the others
    /// follow.
    [[nodiscard]] std::optional<ProposeError> propose(Time now,
                                                      std::vector<std::string> commands,
                                                      LogId* first);

    /// Leader only (dissertation §6.4): starts a read; nothing when not leader. Its ReadState comes
    /// later, exactly once. All reads between two Readys share one heartbeat round.
    [[nodiscard]] std::optional<ReadId> read_index(Time now);

    /// `id` and everything before it is durable. Must come in order.
    void on_persisted(Time now, PersistId id);

    /// The application made a snapshot of everything up to `snapshot.last`, which was handed out as
    /// committed. `hash` is for the trace. The core persists it and compacts the log behind it.
    void on_snapshot_taken(Time now, Snapshot snapshot, std::uint64_t hash);

    [[nodiscard]] Ready take_ready();

    [[nodiscard]] Status status() const;

    /// What a leader knows of each of the others, by id; empty otherwise. For tests and status
    /// pages; valid until the next input.
    [[nodiscard]] const std::vector<Progress>& progress() const;

    /// Term of the entry at `index`, when the log still has it (or the snapshot ends there).
    [[nodiscard]] std::optional<Term> term_at(Index index) const;

    /// Appends everything on which its answers to all later inputs depend, but its configuration
    /// and when timers are due: equal images, equal futures. Only right after take_ready. For
    /// who explores many futures (raft/image.hpp).
    void write_image(image::Writer& writer) const;

    /// The core of an image: timers begin at `now`, ids of writes count on from the last one that
    /// was confirmed. The configuration must be that of the core whose image it is.
    [[nodiscard]] static Core of_image(const CoreConfig& config, image::Reader& reader, Time now);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::raft
