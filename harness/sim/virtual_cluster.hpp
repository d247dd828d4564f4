// The simulated cluster: nodes, links, clients' connections and faults, moved by one event queue in
// virtual time. It implements the cluster port; what comes back for the run is collected as inputs
// until the driver takes them.
//
// Invariant: equal plans and equal calls give equal inputs, traces and times.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <variant>
#include <vector>

#include "harness/attempts.hpp"
#include "harness/cluster.hpp"
#include "harness/run.hpp"
#include "harness/sim/event_queue.hpp"
#include "harness/sim/fault_ledger.hpp"
#include "harness/sim/message_log.hpp"
#include "harness/sim/node_crash.hpp"
#include "harness/sim/promise_audit.hpp"
#include "harness/sim/trace_records.hpp"
#include "harness/sim/virtual_network.hpp"
#include "harness/sim/virtual_node.hpp"
#include "nemesis/active_faults.hpp"

namespace squall::harness::sim {

struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t payload_bytes = 0;  ///< Of the commands and snapshot chunks in them.
};

class VirtualCluster : public Cluster {
  public:
    /// `traces` and `messages` outlive the cluster. Throws UsageError when this build does not know
    /// the plan's bug.
    VirtualCluster(const Plan& plan,
                   TraceFeed& traces,
                   MessageLog& messages,
                   bool assertions_off = false);

    // ---- the port

    void invoke(const Invocation& invocation) override;
    void abandon(OpId op) override;
    void inject(FaultId id, const nemesis::Fault& fault) override;
    void heal(FaultId id) override;

    // ---- for the driver

    /// There is always a next event: nodes are polled for ever.
    [[nodiscard]] Time next_event() const { return events_.next_time(); }

    /// Handles the next event; it is that time now.
    void handle_next();

    /// Time has come for something outside; no event may be before it.
    void advance_to(Time now) { now_ = now; }

    [[nodiscard]] Time now() const { return now_; }

    /// What the nodes have sent one another so far.
    [[nodiscard]] const Traffic& traffic() const { return traffic_; }

    /// Did the nodes keep their promises?
    [[nodiscard]] checker::Check promises() const { return audit_.check(); }

    /// Of the running nodes but for these.
    [[nodiscard]] raft::Index highest_commit(std::span<const NodeId> without) const;

    /// Some running node, but for these, that has not applied everything up to `index`; nothing
    /// when all have.
    [[nodiscard]] std::optional<NodeId> behind(raft::Index index,
                                               std::span<const NodeId> without) const;

    /// Batches of input that the cores have handled, over all nodes and lives.
    [[nodiscard]] std::uint64_t core_steps() const { return core_steps_; }

    /// What has happened for the run since the last call, in order.
    [[nodiscard]] std::vector<Input> take_inputs();

  private:
    /// How long a failure of power may wait for a write.
    static constexpr Duration power_cut_max = std::chrono::milliseconds(50);

    // ---- events

    struct MessageArrives {
        raft::Envelope envelope;
        std::uint64_t era = 0;
        MessageLog::Id logged = 0;
    };

    struct RequestArrives {
        NodeId node = 0;
        std::uint64_t incarnation = 0;  ///< Of the node when it was sent; 0: it was down.
        raft::server::RequestToken token = 0;
        raft::server::Request request;
        MessageLog::Id logged = 0;
    };

    /// Nothing was sent, since nobody listened.
    struct Refused {};

    /// The node died before it answered.
    struct Lost {};

    using AttemptResult = std::variant<NodeReply, Refused, Lost>;

    struct ResultArrives {
        raft::server::RequestToken token = 0;
        AttemptResult result;
        MessageLog::Id logged = 0;
    };

    struct TimerFires {
        NodeId node = 0;
        std::uint64_t timer = 0;
    };

    /// The node has finished its last batch.
    struct NodeFree {
        NodeId node = 0;
        std::uint64_t incarnation = 0;
    };

    struct WriteEnds {
        NodeId node = 0;
        std::uint64_t incarnation = 0;
    };

    struct NodeStarts {
        NodeId node = 0;
        std::uint64_t order = 0;
    };

    struct PowerFails {
        NodeId node = 0;
        std::uint64_t incarnation = 0;
    };

    struct NodesPolled {};

    using Happening = std::variant<MessageArrives,
                                   RequestArrives,
                                   ResultArrives,
                                   TimerFires,
                                   NodeFree,
                                   WriteEnds,
                                   NodeStarts,
                                   PowerFails,
                                   NodesPolled>;

    // ---- state

    /// What the run was last told of a node.
    struct Told {
        bool up = false;
        raft::Role role = raft::Role::follower;
        NodeId leader = 0;
        friend bool operator==(const Told&, const Told&) = default;
    };

    struct Member {
        Member(const Plan& plan, NodeId id, bool assertions_off) : node(plan, id, assertions_off) {}

        VirtualNode node;
        Time timer_at = Time::max();  ///< Of the timer that counts; max: none is set.
        std::uint64_t timer = 0;
        bool free_awaited = false;
        bool broken = false;  ///< Refused to start or crashed; stays down.
        std::uint64_t start_order = 0;
        std::uint64_t power_cuts = 0;
        std::optional<std::uint32_t> power_cut_due;  ///< In its next write; the bits to flip.
        std::set<raft::server::RequestToken> unanswered;
        Told told;
    };

    struct OpenOperation {
        Attempts attempts;
        std::uint64_t attempt = 0;
    };

    void on(MessageArrives&& event);
    void on(RequestArrives&& event);
    void on(ResultArrives&& event);
    void on(TimerFires&& event);
    void on(NodeFree&& event);
    void on(WriteEnds&& event);
    void on(NodeStarts&& event);
    void on(PowerFails&& event);
    void on(NodesPolled&& event);

    [[nodiscard]] Member& member(NodeId id) { return members_[id - 1]; }

    // Nodes.
    void run_node(Member& member);
    void carry_out(Member& member, raft::server::Output&& output);
    void send(raft::Envelope&& envelope);
    void begin_write(Member& member);
    void await_disk(Member& member, std::optional<Time> end);
    void set_timer(Member& member);
    void order_start(Member& member, Duration delay);
    void kill(Member& member);

    /// Does something with a node's own code. False: that failed an assertion, the node is gone.
    template <typename Work>
    [[nodiscard]] bool survives(Member& member, const Work& work) {
        try {
            const NodeCrashGuard guard;
            work();
            return true;
        } catch (const NodeCrash& crash) {
            crashed(member, crash);
            return false;
        }
    }

    void crashed(Member& member, const NodeCrash& crash);
    void cut_power_soon(Member& member, std::uint32_t bit_flips);
    void cut_power(Member& member, std::uint32_t bit_flips);
    void die_of_disk(Member& member);
    void restart(Member& member);
    void refuse_to_start(Member& member, const VirtualNode::Refusal& refusal);
    void resume(Member& member);
    void tell_changes(Member& member);
    void tell(Member& member);

    // Clients.
    void carry_out(OpId op, OpenOperation& open, Attempts::Step step);
    void answer(raft::server::RequestToken token, AttemptResult result, NodeId from = 0);
    [[nodiscard]] Duration client_latency(raft::server::RequestToken token, bool reply) const;

    // Faults.
    /// The running nodes that it took.
    [[nodiscard]] std::vector<NodeId> take_hold(const nemesis::Action& action);
    void let_go(const nemesis::Action& action);
    void refresh_links(const nemesis::LinkFault& fault);
    void refresh_clocks(const nemesis::ClockFault& fault);
    void refresh_disks(const nemesis::DiskFault& fault);
    /// Of the nodes whose clocks or disks the fault touches.
    [[nodiscard]] FaultLedger::Readings read(const nemesis::Action& action) const;

    TraceFeed& traces_;
    MessageLog& messages_;
    history::Stream client_stream_;
    history::Stream start_stream_;
    history::Stream power_stream_;
    Time now_{};
    EventQueue<Happening> events_;
    std::deque<Member> members_;
    VirtualNetwork network_;
    nemesis::ActiveFaults faults_;
    FaultLedger ledger_;
    PromiseAudit audit_;
    Traffic traffic_;
    std::map<OpId, OpenOperation> open_;
    std::vector<Input> inputs_;
    std::uint64_t core_steps_ = 0;
};

}  // namespace squall::harness::sim
