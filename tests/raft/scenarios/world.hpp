// Cores with disks, clocks and applications of their own, and the messages between them, moved by
// whoever plays the scenario. What follows from an input waits in the node until it is handled, as
// a Ready does; what was written waits until the disk is told to be done. Nothing moves by itself.
//
// Keeps watch over the two promises that a scenario could break unnoticed: one leader per term, and
// the same entry applied everywhere.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "raft/core.hpp"
#include "raft/server/state_machine.hpp"
#include "tests/raft/core/disk_model.hpp"

namespace squall::raft::test {

struct Node {
    CoreConfig config;
    std::unique_ptr<Core> core;  ///< None: crashed, or not started.
    Time clock{};
    DiskModel disk{Recovered{}};
    std::deque<Ready> readys;    ///< Taken, not handled.
    std::deque<Persist> writes;  ///< Under way.
    bool slow_disk = false;      ///< For whoever plays the scenario.
    server::StateMachine application{100};

    [[nodiscard]] NodeId id() const { return config.id; }
};

class World {
  public:
    /// Told of everything in the order in which it happens. A Ready is taken when the core decided
    /// it, and handled when its messages go out and its entries are applied.
    struct Observer {
        std::function<void(const Node&, const Ready&)> taken;
        std::function<void(const Node&, const Ready&)> handled;
        std::function<void(const Node&, const Entry&, const server::Reply&)> applied;
        std::function<void(const Envelope&)> delivered;
        std::function<void(const std::string&)> violated;
    };

    explicit World(Observer observer) : observer_(std::move(observer)) {}

    /// A node with this on its disk; it is not running. Replaces one of the same id.
    Node& add(const CoreConfig& config, Recovered content);

    /// Null when there is none of this id.
    [[nodiscard]] Node* find(NodeId id);

    [[nodiscard]] const std::map<NodeId, Node>& nodes() const { return nodes_; }

    void start(Node& node);
    /// Forgets everything but what the disk is done with.
    void crash(Node& node);

    // Inputs. What follows from them waits in `readys`.
    void tick(Node& node);
    void deliver(const Envelope& envelope);
    std::optional<ProposeError> propose(Node& node, std::vector<std::string> commands);
    std::optional<ReadId> read(Node& node);
    /// The application's state becomes a snapshot. False when nothing new was applied.
    bool snapshot(Node& node);
    /// The disk is done with the oldest write. False when there is none.
    bool persist(Node& node);

    /// Writes begin, messages go out, entries are applied. False when there was nothing to do.
    bool handle_ready(Node& node);

    /// Only the messages go out; the rest goes on waiting.
    void send_early(Node& node);

    [[nodiscard]] std::deque<Envelope>& network() { return network_; }

  private:
    void take(Node& node);
    void apply(Node& node, const Ready& ready);
    void watch(const Node& node, const Ready& ready);

    Observer observer_;
    std::map<NodeId, Node> nodes_;
    std::deque<Envelope> network_;
    std::map<Term, NodeId> leaders_;
    std::map<Index, Entry> applied_;
};

}  // namespace squall::raft::test
