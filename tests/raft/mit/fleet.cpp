#include "tests/raft/mit/fleet.hpp"

#include <utility>

#include "raft/assert.hpp"
#include "raft/frame.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::raft::mit {

namespace {

/// Of a write, however much is in it.
constexpr Duration write_time = std::chrono::microseconds(500);

storage::StorageConfig storage_config(NodeId id, const std::optional<zoo::Bug>& bug) {
    storage::StorageConfig config;
    config.node = id;
    config.segment_bytes = Fleet::segment_bytes;
    if (bug) {
        config.bugs.enable(*bug);
    }
    return config;
}

}  // namespace

Fleet::Fleet(std::size_t servers, std::uint64_t seed, std::optional<zoo::Bug> bug, Build build)
    : network(seed), bug_(bug), build_(std::move(build)) {
    for (std::size_t i = 0; i < servers; ++i) {
        nodes_.push_back(std::make_unique<Node>());
    }
}

void Fleet::sleep(Duration duration) {
    const Time end = now_ + duration;
    while (!events_.empty() && events_.next_time() <= end) {
        now_ = events_.next_time();
        std::visit([this](auto&& event) { on(std::forward<decltype(event)>(event)); },
                   events_.pop());
    }
    now_ = end;
}

void Fleet::at(Time time, std::function<void()> action) {
    events_.push(time, std::move(action));
}

void Fleet::start(NodeId id) {
    Node& started = node(id);
    ASSERT(started.machine == nullptr);
    ++started.life;
    started.timer_at = Time::max();
    started.storage = std::make_unique<storage::Storage>(started.disk, storage_config(id, bug_));
    Recovered recovered = started.storage->take_recovered();
    // Every restart of every lab also tests the storage; a bug that is switched on may break it.
    const Recovered expected = started.model.recovered();
    const Index compacted = expected.snapshot ? expected.snapshot->last.index : 0;
    ASSERT(bug_.has_value() || storage::same(recovered, expected, compacted));
    started.machine = build_(id, std::move(recovered), now_);
    settle(id);
}

void Fleet::crash(NodeId id) {
    Node& crashed = node(id);
    crashed.machine.reset();
    crashed.storage.reset();
    crashed.queued.clear();
    crashed.writing.clear();
    crashed.disk.crash({storage::CrashPolicy::Unsynced::drop, 0});
}

void Fleet::split(const std::vector<std::vector<NodeId>>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        for (const NodeId id : parts[i]) {
            node(id).part = i;
        }
    }
}

bool Fleet::reach(NodeId from, NodeId to) const {
    return node(from).connected && node(to).connected && node(from).part == node(to).part;
}

void Fleet::settle(NodeId id) {
    Node& settled = node(id);
    Machine::Output output = settled.machine->take(now_);
    for (Persist& persist : output.persist) {
        settled.queued.push_back(std::move(persist));
    }
    for (Envelope& envelope : output.messages) {
        send(std::move(envelope));
    }
    begin_write(id);
    const Time deadline = settled.machine->deadline();
    if (deadline < settled.timer_at) {
        settled.timer_at = deadline;
        events_.push(std::max(deadline, now_), Timer{id, settled.life});
    }
}

void Fleet::send(Envelope&& envelope) {
    traffic_.bytes += frame_header_bytes + encode(envelope.message).size();
    const auto latency = network.fate(is_request(envelope.message));
    if (latency && reach(envelope.from, envelope.to)) {
        events_.push(now_ + *latency, Arrives{std::move(envelope)});
    }
}

void Fleet::begin_write(NodeId id) {
    Node& writer = node(id);
    if (writer.writing.empty() && !writer.queued.empty()) {
        writer.writing.swap(writer.queued);
        events_.push(now_ + write_time, Written{id, writer.life});
    }
}

void Fleet::on(Arrives&& event) {
    const NodeId to = event.envelope.to;
    if (!running(to) || !reach(event.envelope.from, to)) {
        return;
    }
    traffic_.requests += is_request(event.envelope.message) ? 1U : 0U;
    machine(to).receive(now_, std::move(event.envelope));
    settle(to);
}

void Fleet::on(const Written& event) {
    Node& writer = node(event.id);
    if (!running(event.id) || writer.life != event.life) {
        return;
    }
    const std::vector<Persist> batch = std::exchange(writer.writing, {});
    writer.storage->write(batch);
    for (const Persist& persist : batch) {
        writer.model.write(persist);
    }
    writer.machine->persisted(now_, batch.back().id);
    settle(event.id);
}

void Fleet::on(const Timer& event) {
    Node& owner = node(event.id);
    if (!running(event.id) || owner.life != event.life || owner.timer_at > now_) {
        return;
    }
    owner.timer_at = Time::max();
    owner.machine->tick(now_);
    settle(event.id);
}

std::size_t Fleet::log_bytes(NodeId id) const {
    const Recovered held = node(id).model.recovered();
    AppendRequest log;
    log.term = held.hard_state.term;
    log.entries = held.entries;
    return encode(log).size() + sizeof(held.hard_state.voted_for);
}

std::size_t Fleet::snapshot_bytes(NodeId id) const {
    const auto snapshot = node(id).model.recovered().snapshot;
    return snapshot ? snapshot->data->size() : 0;
}

}  // namespace squall::raft::mit
