#include "tests/raft/core/cluster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "raft/frame.hpp"
#include "tests/raft/core/host.hpp"

namespace squall::raft::test {

namespace {

constexpr std::size_t network_capacity = 400;
constexpr std::size_t memory_capacity = 5000;

}  // namespace

Cluster::Cluster(std::size_t nodes, std::uint64_t seed) {
    std::vector<NodeId> voters;
    for (NodeId id = 1; id <= nodes; ++id) {
        voters.push_back(id);
    }
    nodes_.resize(nodes);
    for (const NodeId id : voters) {
        Node& node = node_of(id);
        node.config = config_of(id, voters);
        node.config.seed = seed;
        // Small limits, so that batches, windows and compaction matter at every step.
        node.config.max_append_bytes = 1 + 40 * (seed % 4);
        node.config.max_inflight_messages = 1 + seed / 4 % 3;
        node.config.compaction_margin = seed / 16 % 3;
        node.config.snapshot_chunk_bytes = seed / 64 % 2 == 0 ? 8 : 1000;
        start(node);
    }
}

void Cluster::start(Node& node) {
    const Recovered recovered = node.disk.recovered();
    node.issued = node.disk;
    node.writes.clear();
    node.reads.clear();
    node.application =
        recovered.snapshot ? Application::decode(*recovered.snapshot->data) : Application{};
    node.snapshot = node.application.last.index;
    node.core = std::make_unique<Core>(node.config, recovered, node.application.hash, node.clock);
    drain(node);
}

void Cluster::isolate(std::size_t node, bool on) {
    isolated_ = on ? pick(node).config.id : no_node;
}

void Cluster::hand_over(const Envelope& envelope) {
    if (isolated_ != no_node && (envelope.from == isolated_ || envelope.to == isolated_)) {
        return;
    }
    Node& node = node_of(envelope.to);
    node.core->step(node.clock, envelope);
    drain(node);
}

void Cluster::deliver(std::size_t message, bool keep) {
    if (network_.empty()) {
        return;
    }
    const auto at = network_.begin() + static_cast<std::ptrdiff_t>(message % network_.size());
    const Envelope envelope = *at;
    if (!keep) {
        network_.erase(at);
    }
    hand_over(envelope);
}

void Cluster::drop(std::size_t message) {
    if (!network_.empty()) {
        network_.erase(network_.begin() + static_cast<std::ptrdiff_t>(message % network_.size()));
    }
}

void Cluster::replay(std::size_t message) {
    if (!said_.empty()) {
        const Envelope old = said_[message % said_.size()];
        hand_over(old);
    }
}

void Cluster::mangle(std::size_t message, std::size_t bit, bool cut) {
    if (network_.empty()) {
        return;
    }
    const Envelope& original = network_[message % network_.size()];
    std::string frame;
    append_frame(frame, encode(original.message));
    bit %= frame.size() * 8;
    if (cut) {
        frame.resize(bit / 8);
    } else {
        frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ (1 << (bit % 8)));
    }
    FrameReader reader(max_message_bytes);
    reader.feed(frame);
    if (const auto payload = reader.next()) {
        ++mangled_accepted_;
        if (auto decoded = decode(*payload)) {
            hand_over({original.from, original.to, std::move(*decoded)});
        }
    }
}

void Cluster::forge_term(std::size_t node, std::uint64_t ahead) {
    const NodeId to = pick(node).config.id;
    const NodeId from = pick(node + 1).config.id;
    const Term term = node_of(to).core->status().term + ahead;
    hand_over({from, to, VoteReply{term, term, false, false}});
}

void Cluster::flow(std::size_t count) {
    for (; count > 0 && !network_.empty(); --count) {
        const Envelope envelope = std::move(network_.front());
        network_.pop_front();
        hand_over(envelope);
        persist_all(node_of(envelope.to));
    }
}

void Cluster::persist(std::size_t index, std::size_t count) {
    Node& node = pick(index);
    for (; count > 0 && !node.writes.empty(); --count) {
        const PersistId id = node.writes.front().id;
        node.disk.write(node.writes.front());
        node.writes.pop_front();
        node.core->on_persisted(node.clock, id);
    }
    drain(node);
}

void Cluster::persist_all(Node& node) {
    while (!node.writes.empty()) {
        persist(node.config.id - 1, node.writes.size());
    }
}

void Cluster::wake(std::size_t index) {
    Node& node = pick(index);
    node.clock = std::max(node.clock, node.core->next_deadline());
    node.core->tick(node.clock);
    drain(node);
}

void Cluster::pass(Duration duration) {
    for (Node& node : nodes_) {
        node.clock += duration;
    }
}

std::optional<LogId> Cluster::propose(std::size_t index, std::size_t count) {
    Node& node = pick(index);
    std::vector<std::string> commands;
    for (; count > 0; --count) {
        commands.push_back(fmt::format("{}", ++commands_));
    }
    LogId first;
    if (commands.empty() || node.core->propose(node.clock, std::move(commands), &first)) {
        return std::nullopt;
    }
    drain(node);
    return first;
}

void Cluster::read(std::size_t index) {
    Node& node = pick(index);
    if (const std::optional<ReadId> id = node.core->read_index(node.clock)) {
        node.reads[*id] = oracle_.committed();
        drain(node);
    }
}

void Cluster::snapshot(std::size_t index) {
    Node& node = pick(index);
    if (node.application.last.index > node.snapshot) {
        node.snapshot = node.application.last.index;
        const auto data = std::make_shared<const std::string>(node.application.encode());
        node.core->on_snapshot_taken(
            node.clock, {node.application.last, {}, data}, node.application.hash);
        drain(node);
    }
}

void Cluster::restart(std::size_t index, std::size_t writes, std::size_t parts) {
    Node& node = pick(index);
    for (writes %= node.writes.size() + 1; writes > 0; --writes) {
        node.disk.write(node.writes.front());
        node.writes.pop_front();
    }
    if (!node.writes.empty()) {
        node.disk.write(node.writes.front(), parts);
    }
    start(node);
}

void Cluster::drain(Node& node) {
    const Ready ready = node.core->take_ready();
    for (const Persist& write : ready.persist) {
        Persist before_append = write;
        before_append.append.clear();
        before_append.compact_to.reset();
        node.issued.write(before_append);
        oracle_.wrote(node.config.id, node.issued.last(), write.append);
        Persist rest;
        rest.append = write.append;
        rest.compact_to = write.compact_to;
        node.issued.write(rest);
        node.writes.push_back(write);
    }
    for (const TraceEvent& event : ready.trace) {
        observe(node, event);
    }
    for (const Envelope& envelope : ready.messages) {
        oracle_.said(envelope, *node.core, node.disk);
        said_.push_back(envelope);
        if (said_.size() > memory_capacity) {
            said_.pop_front();
        }
        network_.push_back(envelope);
        if (network_.size() > network_capacity) {
            network_.pop_front();
        }
    }
    apply(node, ready);
}

void Cluster::observe(Node& node, const TraceEvent& event) {
    const NodeId id = node.config.id;
    if (const auto* role = std::get_if<RoleTrace>(&event)) {
        if (role->role == Role::leader) {
            oracle_.elected(id, role->term, *node.core);
        }
    } else if (const auto* commit = std::get_if<CommitTrace>(&event)) {
        if (!commit->match.empty()) {
            const Term term = node.core->term_at(commit->index).value_or(0);
            oracle_.announced(
                id, *commit, *node.core, holders({term, commit->index}), nodes_.size());
            for (const Node& other : nodes_) {
                if (other.core && other.core->status().role == Role::leader) {
                    oracle_.still_leads(other.config.id, *other.core);
                }
            }
        }
    } else if (const auto* durable = std::get_if<DurableTrace>(&event)) {
        if (!node.disk.holds(durable->last)) {
            oracle_.fail(id, "durable trace of what is not durable");
        }
    } else if (const auto* hard_state = std::get_if<HardStateTrace>(&event)) {
        if (hard_state->hard_state.term > node.disk.hard_state().term) {
            oracle_.fail(id, "hard state trace of what is not durable");
        }
    }
}

std::size_t Cluster::holders(LogId entry) const {
    return static_cast<std::size_t>(std::count_if(
        nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.disk.holds(entry); }));
}

void Cluster::apply(Node& node, const Ready& ready) {
    const NodeId id = node.config.id;
    if (ready.restore) {
        node.application = Application::decode(*ready.restore->data);
        node.snapshot = node.application.last.index;
        ++installed_;
        if (node.application.last != ready.restore->last) {
            oracle_.fail(id, "the snapshot is not what it says");
        }
        oracle_.applied(id, node.application);
    }
    for (const Entry& entry : ready.committed) {
        if (entry.index != node.application.last.index + 1) {
            oracle_.fail(id, fmt::format("handed out {} out of order", entry.index));
        }
        if (!node.disk.holds(entry.id())) {
            oracle_.fail(id, fmt::format("handed out {} before it was durable", entry.index));
        }
        node.application.apply(entry);
        oracle_.applied(id, node.application);
    }
    for (const ReadState& read : ready.reads) {
        const auto waiting = node.reads.find(read.id);
        if (waiting == node.reads.end()) {
            oracle_.fail(id, "a read was answered twice");
            continue;
        }
        if (read.confirmed && read.index < waiting->second) {
            oracle_.fail(id, fmt::format("stale read at {}", read.index));
        }
        confirmed_reads_ += read.confirmed ? 1 : 0;
        node.reads.erase(waiting);
    }
}

void Cluster::heal() {
    constexpr int steps = 1000;
    isolated_ = no_node;
    std::optional<LogId> accepted;
    for (int step = 0; step < steps; ++step) {
        for (Node& node : nodes_) {
            node.clock += ms(10);
            node.core->tick(node.clock);
            drain(node);
            persist_all(node);
        }
        flow(2000);
        const bool late = step % 100 == 99;
        for (std::size_t i = 0; late && i < nodes_.size(); ++i) {
            if (const std::optional<LogId> id = propose(i, 1)) {
                accepted = id;
            }
        }
        const auto finished = [&](const Node& node) {
            const Status status = node.core->status();
            return status.applied == status.last && status.last == nodes_[0].core->status().last &&
                   accepted && status.applied >= accepted->index && node.reads.empty();
        };
        if (step > steps / 2 && !late && std::all_of(nodes_.begin(), nodes_.end(), finished)) {
            return;
        }
    }
    std::string states;
    for (const Node& node : nodes_) {
        const Status status = node.core->status();
        states += fmt::format("; {} {} term {} leader {} commit {} applied {} last {} durable {}",
                              status.id,
                              to_string(status.role),
                              status.term,
                              status.leader,
                              status.commit,
                              status.applied,
                              status.last,
                              status.durable);
    }
    oracle_.fail(0, "no progress after everything was repaired" + states);
}

}  // namespace squall::raft::test
