// One replica of the key-value store without any I/O: core + state machine + client sessions +
// waiters and read queues. Drivers (the node's threads, the simulator's event heap) feed inputs and
// carry out outputs.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "raft/core.hpp"
#include "raft/server/request.hpp"

namespace squall::raft::server {

struct ServerConfig {
    CoreConfig core;
    /// Applied entries between snapshots.
    Index snapshot_interval = 10000;
    /// Sessions remembered; the least recently used (by log position) goes first. The same on every
    /// replica.
    std::size_t max_sessions = 16384;
    /// A session used within so many entries is not forgotten; a new one is refused instead. The
    /// same on every replica.
    Index session_guard = limits::session_guard_entries;
    /// Requests waiting for an answer; more are refused as overloaded.
    std::size_t max_waiting = 65536;
};

/// The driver's name for a client request that awaits its reply.
using RequestToken = std::uint64_t;

struct PeerInput {
    Envelope envelope;
};

struct ClientInput {
    RequestToken token = 0;
    Request request;
};

/// Every persist up to and including `id` is durable.
struct PersistedInput {
    PersistId id = 0;
};

/// Time has passed.
struct TickInput {};

using Input = std::variant<PeerInput, ClientInput, PersistedInput, TickInput>;

struct ClientReply {
    RequestToken token = 0;
    Reply reply;
};

/// Carry out in this order: start `persist` (without waiting; confirm with PersistedInput), write
/// `trace`, then send `messages` and `replies`.
struct Output {
    std::vector<Persist> persist;
    std::vector<TraceEvent> trace;
    std::vector<Envelope> messages;
    std::vector<ClientReply> replies;
    std::size_t values_withheld = 0;  ///< Replies that did not fit into the reply room.
};

class Server {
  public:
    /// Throws std::runtime_error when the recovered snapshot cannot be read.
    Server(const ServerConfig& config, Recovered recovered, Time now);
    ~Server();
    Server(Server&&) noexcept;
    Server& operator=(Server&&) noexcept;

    /// Handles a batch at once: client mutations of one batch share one append, one write and one
    /// message per peer; reads share one round. The first call also delivers what start-up produced
    /// (the init trace). Values in replies take up no more than `reply_room` bytes; beyond that a
    /// read is refused as overloaded and a mutation answered as unknown.
    [[nodiscard]] Output step(Time now,
                              std::vector<Input> inputs,
                              std::size_t reply_room = std::numeric_limits<std::size_t>::max());

    [[nodiscard]] Time next_deadline() const;

    [[nodiscard]] Status status() const;

    /// Running hash over all applied entries, and how far it reaches.
    [[nodiscard]] std::uint64_t applied_hash() const;
    [[nodiscard]] Index applied() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::raft::server
