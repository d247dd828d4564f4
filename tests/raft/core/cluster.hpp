// Several cores with disks, clocks and a network that an adversary moves, watched by an oracle.
// Every node has a clock of its own; messages stay in the network until they are delivered,
// dropped, or pushed out by newer ones.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "raft/core.hpp"
#include "tests/raft/core/disk_model.hpp"
#include "tests/raft/core/oracle.hpp"

namespace squall::raft::test {

class Cluster {
  public:
    Cluster(std::size_t nodes, std::uint64_t seed);

    // The adversary's moves. Nodes and messages are picked modulo how many there are.
    void deliver(std::size_t message, bool keep);
    void drop(std::size_t message);
    /// Delivers once more what was said long ago, whatever became of it then.
    void replay(std::size_t message);
    /// Delivers a message as a frame with a bit flipped, or cut short: whatever gets through.
    void mangle(std::size_t message, std::size_t bit, bool cut);
    /// Somebody who can reach a node claims that its term is over, by so much.
    void forge_term(std::size_t node, std::uint64_t ahead);
    /// Delivers the oldest messages, with disks that finish at once.
    void flow(std::size_t count);
    void persist(std::size_t node, std::size_t count);
    /// The node's clock jumps to its deadline.
    void wake(std::size_t node);
    /// All clocks go on; only deadlines that wake or flow reaches later fire.
    void pass(Duration duration);
    std::optional<LogId> propose(std::size_t node, std::size_t count);
    void read(std::size_t node);
    void snapshot(std::size_t node);
    /// From now on messages from and to this node are lost on delivery; or none are.
    void isolate(std::size_t node, bool on);
    /// Of the writes under way `writes` and some parts of the next are on disk afterwards.
    void restart(std::size_t node, std::size_t writes, std::size_t parts);

    /// Repairs everything. Within ten simulated seconds every node must have applied a new
    /// command.
    void heal();

    [[nodiscard]] const std::string& violation() const { return oracle_.violation(); }

    /// How far the cluster got, so that a test can tell that it tests something.
    [[nodiscard]] Index committed() const { return oracle_.committed(); }

    [[nodiscard]] std::size_t installed() const { return installed_; }

    /// Mangled frames from which something came out.
    [[nodiscard]] std::size_t mangled_accepted() const { return mangled_accepted_; }

    [[nodiscard]] std::size_t confirmed_reads() const { return confirmed_reads_; }

  private:
    struct Node {
        CoreConfig config;
        std::unique_ptr<Core> core;
        Time clock{};
        DiskModel disk;    ///< What is durable.
        DiskModel issued;  ///< What will be once all writes are done.
        std::deque<Persist> writes;
        Application application;
        Index snapshot = 0;
        std::map<ReadId, Index> reads;  ///< With what each must at least see.
    };

    [[nodiscard]] Node& pick(std::size_t node) { return nodes_[node % nodes_.size()]; }

    [[nodiscard]] Node& node_of(NodeId id) { return nodes_[id - 1]; }

    void start(Node& node);
    void hand_over(const Envelope& envelope);
    void drain(Node& node);
    void observe(Node& node, const TraceEvent& event);
    void apply(Node& node, const Ready& ready);
    void persist_all(Node& node);
    [[nodiscard]] std::size_t holders(LogId entry) const;

    std::vector<Node> nodes_;
    std::deque<Envelope> network_;
    std::deque<Envelope> said_;  ///< Of old, for replays.
    NodeId isolated_ = no_node;
    Oracle oracle_;
    std::uint64_t commands_ = 0;
    std::size_t installed_ = 0;
    std::size_t mangled_accepted_ = 0;
    std::size_t confirmed_reads_ = 0;
};

}  // namespace squall::raft::test
