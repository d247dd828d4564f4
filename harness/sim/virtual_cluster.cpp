#include "harness/sim/virtual_cluster.hpp"

#include <algorithm>
#include <utility>

#include "harness/sim/between.hpp"
#include "harness/sim/client_requests.hpp"
#include "harness/sim/node_crash.hpp"

namespace squall::harness::sim {

using raft::server::RequestToken;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr Duration poll_interval = milliseconds(200);
constexpr Duration client_latency_min = microseconds(100);
constexpr Duration client_latency_max = microseconds(1000);
constexpr Duration first_start_max = milliseconds(20);
/// How long a failure of power may wait for a write.
constexpr Duration power_cut_max = milliseconds(50);
constexpr Duration restart_min = milliseconds(20);
constexpr Duration restart_max = milliseconds(100);

/// A token names an operation and one of its attempts.
constexpr unsigned attempt_bits = 16;

constexpr RequestToken token_of(OpId op, std::uint64_t attempt) {
    return (op << attempt_bits) | (attempt & ((std::uint64_t{1} << attempt_bits) - 1));
}

constexpr OpId op_of(RequestToken token) {
    return token >> attempt_bits;
}

}  // namespace

VirtualCluster::VirtualCluster(const Plan& plan, TraceFeed& traces, bool assertions_off)
    : traces_(traces),
      client_stream_(plan.seed, "client-links"),
      start_stream_(plan.seed, "starts"),
      power_stream_(plan.seed, "power"),
      network_(plan.seed, plan.nodes) {
    for (NodeId id = 1; id <= plan.nodes; ++id) {
        members_.emplace_back(plan, id, assertions_off);
        order_start(members_.back(), between(start_stream_.bits(id, 0), {}, first_start_max));
    }
    events_.push(poll_interval, NodesPolled{});
}

void VirtualCluster::handle_next() {
    now_ = events_.next_time();
    std::visit([this](auto&& event) { on(std::forward<decltype(event)>(event)); }, events_.pop());
}

std::vector<Input> VirtualCluster::take_inputs() {
    return std::exchange(inputs_, {});
}

raft::Index VirtualCluster::highest_commit() const {
    raft::Index highest = 0;
    for (const Member& each : members_) {
        if (each.node.running()) {
            highest = std::max(highest, each.node.status().commit);
        }
    }
    return highest;
}

std::optional<NodeId> VirtualCluster::behind(raft::Index index) const {
    for (const Member& each : members_) {
        if (each.node.running() && each.node.status().applied < index) {
            return each.node.id();
        }
    }
    return std::nullopt;
}

// ---- nodes

void VirtualCluster::run_node(Member& member) {
    VirtualNode& node = member.node;
    if (!node.running() || !node.has_input()) {
        return;
    }
    if (now_ >= node.busy_until()) {
        raft::server::Output output;
        if (!survives(member, [&] { output = node.step(now_); })) {
            return;
        }
        carry_out(member, std::move(output));
    }
    if (node.has_input() && !member.free_awaited && node.busy_until() != Time::max()) {
        member.free_awaited = true;
        events_.push(node.busy_until(), NodeFree{node.id(), node.incarnation()});
    }
}

void VirtualCluster::carry_out(Member& member, raft::server::Output&& output) {
    VirtualNode& node = member.node;
    audit_.asked(node.id(), node.asked());
    begin_write(member);
    if (!node.up()) {
        return;
    }
    traces_.add(node.id(), node.incarnation(), now_, std::move(output.trace));
    for (raft::Envelope& envelope : output.messages) {
        send(std::move(envelope));
    }
    for (raft::server::ClientReply& reply : output.replies) {
        member.unanswered.erase(reply.token);
        answer(reply.token, to_node_reply(std::move(reply.reply)));
    }
    set_timer(member);
    tell_changes(member);
}

void VirtualCluster::send(raft::Envelope&& envelope) {
    audit_.said(envelope);
    const nemesis::Link link{.from = envelope.from, .to = envelope.to};
    const auto sent = network_.send(now_, link, member(envelope.to).node.running());
    const auto deliveries = sent.all();
    for (std::size_t i = 0; i + 1 < deliveries.size(); ++i) {
        events_.push(deliveries[i].at, MessageArrives{envelope, deliveries[i].era});
    }
    if (!deliveries.empty()) {
        events_.push(deliveries.back().at,
                     MessageArrives{std::move(envelope), deliveries.back().era});
    }
}

void VirtualCluster::begin_write(Member& member) {
    std::optional<Time> end;
    if (!survives(member, [&] { end = member.node.begin_write(now_); })) {
        return;
    }
    await_disk(member, end);
    if (end && member.power_cut_due) {
        const std::uint64_t bits = power_stream_.bits(member.node.id(), ++member.power_cuts);
        const Duration longest = std::min<Duration>(*end - now_, power_cut_max);
        events_.push(now_ + between(bits, {}, longest + Duration(1)),
                     PowerFails{member.node.id(), member.node.incarnation()});
    }
}

void VirtualCluster::await_disk(Member& member, std::optional<Time> end) {
    if (end && *end != Time::max()) {
        events_.push(*end, WriteEnds{member.node.id(), member.node.incarnation()});
    }
}

void VirtualCluster::set_timer(Member& member) {
    // A timer that fires too early only sets itself again, so a deadline that moves away, as it
    // does with every heartbeat, needs no event of its own.
    const Time deadline = member.node.next_deadline(now_);
    if (deadline < member.timer_at) {
        member.timer_at = deadline;
        events_.push(deadline, TimerFires{member.node.id(), ++member.timer});
    }
}

void VirtualCluster::on(MessageArrives&& event) {
    Member& receiver = member(event.envelope.to);
    const nemesis::Link link{.from = event.envelope.from, .to = event.envelope.to};
    if (!network_.arrives(link, event.era) || !receiver.node.up()) {
        return;
    }
    // A paused node's buffers take what fits; the rest is lost like on any broken connection.
    static_cast<void>(receiver.node.offer(raft::server::PeerInput{std::move(event.envelope)}));
    run_node(receiver);
}

void VirtualCluster::on(TimerFires&& event) {
    Member& owner = member(event.node);
    if (event.timer != owner.timer) {
        return;
    }
    owner.timer_at = Time::max();
    if (!owner.node.running()) {
        return;
    }
    if (owner.node.next_deadline(now_) > now_) {
        set_timer(owner);
        return;
    }
    static_cast<void>(owner.node.offer(raft::server::TickInput{}));
    run_node(owner);
}

void VirtualCluster::on(NodeFree&& event) {
    Member& owner = member(event.node);
    if (event.incarnation == owner.node.incarnation()) {
        owner.free_awaited = false;
        run_node(owner);
    }
}

void VirtualCluster::on(WriteEnds&& event) {
    Member& owner = member(event.node);
    if (event.incarnation != owner.node.incarnation() || !owner.node.up()) {
        return;
    }
    owner.node.end_write();
    if (owner.node.running() && !owner.node.doom().empty()) {
        die_of_disk(owner);
    } else if (owner.node.running()) {
        begin_write(owner);
        run_node(owner);
    }
}

void VirtualCluster::on(NodeStarts&& event) {
    Member& owner = member(event.node);
    if (event.order != owner.start_order || owner.node.up() || owner.broken) {
        return;
    }
    std::optional<VirtualNode::Refusal> refusal;
    if (!survives(owner, [&] { refusal = owner.node.start(now_); })) {
        return;
    }
    if (refusal) {
        refuse_to_start(owner, *refusal);
        return;
    }
    audit_.started(event.node, owner.node.incarnation(), owner.node.found());
    // The first step tells what recovery found.
    static_cast<void>(owner.node.offer(raft::server::TickInput{}));
    if (faults_.paused(event.node)) {
        owner.node.pause();
    }
    run_node(owner);
}

void VirtualCluster::on(NodesPolled&&) {
    for (Member& each : members_) {
        tell(each);
    }
    events_.push(now_ + poll_interval, NodesPolled{});
}

void VirtualCluster::tell_changes(Member& member) {
    Told told;
    if (member.node.running()) {
        const raft::Status status = member.node.status();
        told = {.up = true, .role = status.role, .leader = status.leader};
    }
    if (told != member.told) {
        tell(member);
    }
}

void VirtualCluster::tell(Member& member) {
    Observed observed{.node = member.node.id(), .up = member.node.running(), .role = "unknown"};
    member.told = {};
    if (observed.up) {
        const raft::Status status = member.node.status();
        observed.role = raft::to_string(status.role);
        observed.term = status.term;
        observed.leader = status.leader;
        member.told = {.up = true, .role = status.role, .leader = status.leader};
    }
    inputs_.emplace_back(std::move(observed));
}

// ---- processes

void VirtualCluster::order_start(Member& member, Duration delay) {
    events_.push(now_ + delay, NodeStarts{member.node.id(), ++member.start_order});
}

void VirtualCluster::kill(Member& member) {
    ++member.start_order;  // A start under way is killed, too.
    ++member.timer;
    member.timer_at = Time::max();
    member.free_awaited = false;
    member.node.kill(now_);
    if (const auto bit_flips = std::exchange(member.power_cut_due, std::nullopt)) {
        member.node.lose_power(now_);
        for (std::uint32_t i = 0; i < *bit_flips; ++i) {
            member.node.flip_a_bit();
        }
    }
    ledger_.node_died(now_, member.node.id());
    for (const RequestToken token : std::exchange(member.unanswered, {})) {
        answer(token, Lost{});
    }
    tell_changes(member);
}

template <typename Work>
bool VirtualCluster::survives(Member& member, const Work& work) {
    try {
        const NodeCrashGuard guard;
        work();
        return true;
    } catch (const NodeCrash& crash) {
        inputs_.emplace_back(NodeExited{
            .node = member.node.id(), .how = "signal 6 (Aborted)", .last_words = crash.last_words});
        member.broken = true;
        kill(member);
        return false;
    }
}

/// Power that fails between two writes takes nothing, so it often waits for the next write and
/// fails at some moment of that.
void VirtualCluster::cut_power_soon(Member& member, std::uint32_t bit_flips) {
    const std::uint64_t bits = power_stream_.bits(member.node.id(), ++member.power_cuts);
    if (!member.node.running() || bits % 4 == 0) {
        cut_power(member, bit_flips);
        return;
    }
    member.power_cut_due = bit_flips;
    events_.push(now_ + power_cut_max, PowerFails{member.node.id(), member.node.incarnation()});
}

void VirtualCluster::on(PowerFails&& event) {
    Member& owner = member(event.node);
    if (owner.power_cut_due && event.incarnation == owner.node.incarnation()) {
        cut_power(owner, *owner.power_cut_due);
    }
}

void VirtualCluster::cut_power(Member& member, std::uint32_t bit_flips) {
    member.power_cut_due = bit_flips;
    kill(member);
}

/// A failed call is final: after a failed fsync nothing is known, and trying again would lie.
void VirtualCluster::die_of_disk(Member& member) {
    inputs_.emplace_back(NodeExited{.node = member.node.id(),
                                    .how = "its disk failed",
                                    .last_words = member.node.doom(),
                                    .by_fault = true});
    kill(member);
    restart(member);
}

void VirtualCluster::restart(Member& member) {
    const NodeId id = member.node.id();
    if (!faults_.down(id) && !member.node.up()) {
        const std::uint64_t bits = start_stream_.bits(id, member.start_order);
        order_start(member, between(bits, restart_min, restart_max));
    }
}

void VirtualCluster::refuse_to_start(Member& member, const VirtualNode::Refusal& refusal) {
    inputs_.emplace_back(NodeExited{.node = member.node.id(),
                                    .how = "refused to start",
                                    .last_words = refusal.problem,
                                    .by_fault = refusal.disk_error || member.node.disk().rotten(),
                                    .for_ever = !refusal.disk_error});
    if (refusal.disk_error) {
        restart(member);
    } else {
        member.broken = true;
    }
}

void VirtualCluster::resume(Member& member) {
    if (!member.node.up()) {
        return;
    }
    member.node.resume();
    if (!member.node.doom().empty()) {
        die_of_disk(member);
        return;
    }
    run_node(member);
    begin_write(member);
    if (!member.node.up()) {
        return;
    }
    set_timer(member);
    tell_changes(member);
}

// ---- clients

void VirtualCluster::invoke(const Invocation& invocation) {
    const auto [place, fresh] = open_.try_emplace(
        invocation.op,
        OpenOperation{Attempts(invocation, static_cast<std::uint32_t>(members_.size()))});
    carry_out(invocation.op, place->second, place->second.attempts.start());
}

void VirtualCluster::abandon(OpId op) {
    open_.erase(op);
}

void VirtualCluster::carry_out(OpId op, OpenOperation& open, Attempts::Step step) {
    if (auto* answer = std::get_if<Answer>(&step)) {
        inputs_.emplace_back(Replied{op, std::move(*answer)});
        open_.erase(op);
        return;
    }
    const NodeId node = std::get<Attempts::Send>(step).node;
    const VirtualNode& target = member(node).node;
    const RequestToken token = token_of(op, ++open.attempt);
    events_.push(now_ + client_latency(token, false),
                 RequestArrives{.node = node,
                                .incarnation = target.up() ? target.incarnation() : 0,
                                .token = token,
                                .request = to_server_request(open.attempts.invocation())});
}

void VirtualCluster::answer(RequestToken token, AttemptResult result) {
    events_.push(now_ + client_latency(token, true), ResultArrives{token, std::move(result)});
}

Duration VirtualCluster::client_latency(RequestToken token, bool reply) const {
    return between(
        client_stream_.bits(token, reply ? 1 : 0), client_latency_min, client_latency_max);
}

void VirtualCluster::on(RequestArrives&& event) {
    Member& target = member(event.node);
    if (event.incarnation == 0) {
        answer(event.token, Refused{});
        return;
    }
    if (!target.node.up() || event.incarnation != target.node.incarnation()) {
        answer(event.token, Lost{});
        return;
    }
    if (target.node.offer(raft::server::ClientInput{event.token, std::move(event.request)})) {
        target.unanswered.insert(event.token);
    }
    run_node(target);
}

void VirtualCluster::on(ResultArrives&& event) {
    const auto found = open_.find(op_of(event.token));
    if (found == open_.end() || event.token != token_of(found->first, found->second.attempt)) {
        return;  // The client has given up.
    }
    Attempts& attempts = found->second.attempts;
    if (const auto* reply = std::get_if<NodeReply>(&event.result)) {
        carry_out(found->first, found->second, attempts.on_reply(*reply));
    } else if (std::holds_alternative<Refused>(event.result)) {
        carry_out(found->first, found->second, attempts.on_refused());
    } else {
        carry_out(found->first, found->second, attempts.on_lost());
    }
}

// ---- faults

void VirtualCluster::inject(FaultId id, const nemesis::Fault& fault) {
    faults_.begin(id, fault);
    FaultLedger::Readings before = read(fault.action);
    const std::vector<NodeId> hit = take_hold(fault.action);
    ledger_.begin(now_, id, fault, hit, network_, std::move(before));
    inputs_.emplace_back(FaultBegun{id});
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        refresh_links(*links);
    } else if (const auto* clocks = std::get_if<nemesis::ClockFault>(&fault.action)) {
        refresh_clocks(*clocks);
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&fault.action)) {
        refresh_disks(*disks);
    }
}

std::vector<NodeId> VirtualCluster::take_hold(const nemesis::Action& action) {
    std::vector<NodeId> hit;
    if (const auto* killed = std::get_if<nemesis::KillFault>(&action)) {
        for (const NodeId id : killed->nodes) {
            if (member(id).node.up()) {
                hit.push_back(id);
            }
            kill(member(id));
        }
    } else if (const auto* off = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : off->nodes) {
            if (member(id).node.up()) {
                hit.push_back(id);
            }
            cut_power_soon(member(id), off->bit_flips);
        }
    } else if (const auto* paused = std::get_if<nemesis::PauseFault>(&action)) {
        for (const NodeId id : paused->nodes) {
            Member& target = member(id);
            if (target.node.running()) {
                hit.push_back(id);
                target.node.pause();
                tell_changes(target);
            }
        }
    }
    return hit;
}

void VirtualCluster::heal(FaultId id) {
    const auto found = faults_.active().find(id);
    if (found == faults_.active().end()) {
        return;
    }
    const nemesis::Action action = found->second.action;
    auto effect = ledger_.end(now_, id, network_, read(action));
    faults_.end(id);
    let_go(action);
    inputs_.emplace_back(FaultEnded{id, std::move(effect)});
}

void VirtualCluster::let_go(const nemesis::Action& action) {
    if (const auto* links = std::get_if<nemesis::LinkFault>(&action)) {
        refresh_links(*links);
    } else if (const auto* clocks = std::get_if<nemesis::ClockFault>(&action)) {
        refresh_clocks(*clocks);
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&action)) {
        refresh_disks(*disks);
    } else if (const auto* off = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : off->nodes) {
            if (member(id).power_cut_due) {
                cut_power(member(id), *member(id).power_cut_due);
            }
            restart(member(id));
        }
    } else if (const auto* killed = std::get_if<nemesis::KillFault>(&action)) {
        for (const NodeId id : killed->nodes) {
            restart(member(id));
        }
    } else if (const auto* paused = std::get_if<nemesis::PauseFault>(&action)) {
        for (const NodeId id : paused->nodes) {
            if (!faults_.paused(id) && member(id).node.paused()) {
                resume(member(id));
            }
        }
    }
}

void VirtualCluster::refresh_links(const nemesis::LinkFault& fault) {
    for (const auto& [link, unused] : fault.rules) {
        network_.set_rule(link, faults_.rule(link), member(link.to).node.running());
    }
}

void VirtualCluster::refresh_clocks(const nemesis::ClockFault& fault) {
    for (const auto& [id, unused] : fault.rules) {
        Member& owner = member(id);
        owner.node.set_clock(now_, faults_.clock(id));
        if (owner.node.running()) {
            set_timer(owner);
        }
    }
}

void VirtualCluster::refresh_disks(const nemesis::DiskFault& fault) {
    for (const auto& [id, unused] : fault.rules) {
        Member& owner = member(id);
        await_disk(owner, owner.node.set_disk_rule(now_, faults_.disk(id)));
    }
}

FaultLedger::Readings VirtualCluster::read(const nemesis::Action& action) const {
    FaultLedger::Readings readings;
    if (const auto* clocks = std::get_if<nemesis::ClockFault>(&action)) {
        for (const auto& [id, unused] : clocks->rules) {
            readings.clocks.emplace(id, members_[id - 1].node.clock_reading());
        }
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&action)) {
        for (const auto& [id, unused] : disks->rules) {
            readings.disks.emplace(id, members_[id - 1].node.disk().counters());
        }
    } else if (const auto* power = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : power->nodes) {
            readings.disks.emplace(id, members_[id - 1].node.disk().counters());
        }
    }
    return readings;
}

}  // namespace squall::harness::sim
