// The servers of one lab in virtual time: real cores or key-value servers over real storage on
// disks in memory, joined by the labs' network. It moves messages, writes and timers; what a lab
// asks of the servers and what it expects is for others.
//
// A write becomes durable when it ends; a crash loses what had not ended.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/sim/event_queue.hpp"
#include "raft/core.hpp"
#include "raft/storage/memory_disk.hpp"
#include "raft/storage/storage.hpp"
#include "tests/raft/core/disk_model.hpp"
#include "tests/raft/mit/network.hpp"

namespace squall::raft::mit {

/// One life of one server: what the fleet moves.
class Machine {
  public:
    struct Output {
        std::vector<Persist> persist;
        std::vector<Envelope> messages;
    };

    Machine() = default;
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    virtual ~Machine() = default;

    virtual void receive(Time now, Envelope envelope) = 0;
    virtual void persisted(Time now, PersistId id) = 0;
    virtual void tick(Time now) = 0;
    /// What follows from everything since the last call.
    [[nodiscard]] virtual Output take(Time now) = 0;
    [[nodiscard]] virtual Time deadline() const = 0;
    [[nodiscard]] virtual Status status() const = 0;
};

/// Of all servers, since the beginning.
struct Traffic {
    std::uint64_t requests = 0;  ///< That arrived.
    std::uint64_t bytes = 0;     ///< Sent, frames and all.
};

class Fleet {
  public:
    using Build = std::function<std::unique_ptr<Machine>(NodeId, Recovered, Time)>;

    /// All servers are connected and none runs.
    Fleet(std::size_t servers, std::uint64_t seed, std::optional<zoo::Bug> bug, Build build);

    Network network;

    [[nodiscard]] Time now() const { return now_; }

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    /// Goes on by so much.
    void sleep(Duration duration);

    /// Something of the caller's that happens at a time.
    void at(Time time, std::function<void()> action);

    /// Only when it does not run.
    void start(NodeId id);
    /// Harmless when it does not run. It stays connected.
    void crash(NodeId id);

    void connect(NodeId id) { node(id).connected = true; }

    void disconnect(NodeId id) { node(id).connected = false; }

    [[nodiscard]] bool running(NodeId id) const { return node(id).machine != nullptr; }

    [[nodiscard]] bool connected(NodeId id) const { return node(id).connected; }

    /// Messages between the two get through, as far as they are connected.
    void split(const std::vector<std::vector<NodeId>>& parts);

    /// Only when it runs.
    [[nodiscard]] Machine& machine(NodeId id) { return *node(id).machine; }

    /// Carries out what follows from something that was done to the machine.
    void settle(NodeId id);

    [[nodiscard]] const Traffic& traffic() const { return traffic_; }

    /// Of the log and the hard state as a message would carry them: the labs' RaftStateSize.
    [[nodiscard]] std::size_t log_bytes(NodeId id) const;
    [[nodiscard]] std::size_t snapshot_bytes(NodeId id) const;

    /// Of the write-ahead log's files. Only when it runs.
    [[nodiscard]] std::uint64_t disk_bytes(NodeId id) const { return node(id).storage->bytes(); }

    static constexpr std::uint64_t segment_bytes = 4096;

  private:
    struct Node {
        storage::MemoryDisk disk;
        test::DiskModel model;  ///< What the disk must hold.
        std::unique_ptr<storage::Storage> storage;
        std::unique_ptr<Machine> machine;
        std::uint64_t life = 0;
        bool connected = true;
        std::size_t part = 0;
        std::vector<Persist> queued;
        std::vector<Persist> writing;
        Time timer_at = Time::max();
    };

    struct Arrives {
        Envelope envelope;
    };

    struct Written {
        NodeId id = no_node;
        std::uint64_t life = 0;
    };

    struct Timer {
        NodeId id = no_node;
        std::uint64_t life = 0;
    };

    using Event = std::variant<Arrives, Written, Timer, std::function<void()>>;

    [[nodiscard]] Node& node(NodeId id) { return *nodes_.at(id - 1); }

    [[nodiscard]] const Node& node(NodeId id) const { return *nodes_.at(id - 1); }

    [[nodiscard]] bool reach(NodeId from, NodeId to) const;
    void on(Arrives&& event);
    void on(const Written& event);
    void on(const Timer& event);

    void on(const std::function<void()>& action) { action(); }

    void send(Envelope&& envelope);
    void begin_write(NodeId id);

    std::optional<zoo::Bug> bug_;
    Build build_;
    std::vector<std::unique_ptr<Node>> nodes_;
    harness::sim::EventQueue<Event> events_;
    Time now_{};
    Traffic traffic_;
};

}  // namespace squall::raft::mit
