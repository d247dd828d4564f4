// Plays etcd's interaction tests (go.etcd.io/raft, testdata/*.txt) on our core: the commands of its
// InteractionEnv, as far as the core has what they are about. Where the two Rafts differ by design,
// differences.hpp says what is done about it and why.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/raft/scenarios/etcd/differences.hpp"
#include "tests/raft/scenarios/etcd/skeleton.hpp"
#include "tests/raft/scenarios/world.hpp"

namespace squall::raft::test::etcd {

/// What a block made happen.
struct Outcome {
    /// Empty, or what the command is about that the core does not have. Nothing happened then.
    std::string inexpressible;
    Skeleton events;
    std::vector<Excused> excused;
};

class Driver {
  public:
    /// `bugs`: switched on in every node, to see whether anybody notices.
    explicit Driver(zoo::Bugs bugs = {});

    /// Throws ScriptError for what is no command of InteractionEnv.
    [[nodiscard]] Outcome execute(const Command& command);

    /// Whether etcd would have told what happened (log-level).
    [[nodiscard]] bool audible() const { return audible_; }

  private:
    using Run = std::function<void(Driver&, const Command&)>;
    static const std::map<std::string, Run>& commands();

    // driver.cpp
    void add_nodes(const Command& command);
    void campaign(const Command& command);
    void propose(const Command& command);
    void compact(const Command& command);
    void process_ready(const Command& command);
    void process_append_thread(const Command& command);
    void deliver_messages(const Command& command);
    void stabilize(const Command& command);
    void tick_times(const Command& command, int ticks);
    void set_election_timeout(const Command& command);
    void log_level(const Command& command);

    // driver_commands.cpp
    void raft_log(const Command& command);
    void raft_state(const Command& command);
    void status(const Command& command);

    [[nodiscard]] Node& node(const Command& command, std::size_t word);
    [[nodiscard]] std::vector<NodeId> named(const Command& command) const;
    bool handle(Node& node);
    bool deliver_to(Node& node);
    void deliver_one(const Envelope& envelope);
    void tick_once(Node& node);
    /// At rest: whether a leader among these has its followers wait for the next heartbeat.
    bool let_a_heartbeat_pass(const std::vector<NodeId>& among);
    void send_early(Node& node);

    // driver_events.cpp
    void classify_vote(const Envelope& envelope);
    void tell(const Node& node, const Ready& ready);
    void tell_rejections(const Node& node, const Ready& ready);
    void add(NodeId node, Kind kind, std::string event);

    World world_;
    zoo::Bugs bugs_;
    bool audible_ = true;
    bool asynchronous_ = false;
    Rules rules_;
    std::map<NodeId, int> ticks_left_;  ///< Of set-randomized-election-timeout.
    std::vector<Ready> taken_;          ///< Since the last message was delivered.
    std::string hard_state_;            ///< Of the node being handled: written last.
    Outcome outcome_;
};

}  // namespace squall::raft::test::etcd
