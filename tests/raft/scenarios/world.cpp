#include "tests/raft/scenarios/world.hpp"

#include <utility>

#include <fmt/format.h>

#include "raft/assert.hpp"

namespace squall::raft::test {

Node& World::add(const CoreConfig& config, Recovered content) {
    Node& node = nodes_.insert_or_assign(config.id, Node{}).first->second;
    node.config = config;
    node.disk = DiskModel(std::move(content));
    return node;
}

Node* World::find(NodeId id) {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? nullptr : &found->second;
}

void World::start(Node& node) {
    const Recovered recovered = node.disk.recovered();
    node.application = server::StateMachine{100};
    if (recovered.snapshot) {
        ASSERT(node.application.decode(*recovered.snapshot->data, recovered.snapshot->last));
    }
    node.core = std::make_unique<Core>(node.config, recovered, node.application.hash(), node.clock);
    take(node);
}

void World::crash(Node& node) {
    node.core.reset();
    node.readys.clear();
    node.writes.clear();
}

void World::take(Node& node) {
    Ready ready = node.core->take_ready();
    const bool empty = ready.persist.empty() && ready.trace.empty() && ready.messages.empty() &&
                       !ready.restore && ready.committed.empty() && ready.reads.empty();
    if (!empty) {
        watch(node, ready);
        observer_.taken(node, ready);
        node.readys.push_back(std::move(ready));
    }
}

void World::watch(const Node& node, const Ready& ready) {
    for (const TraceEvent& event : ready.trace) {
        const auto* role = std::get_if<RoleTrace>(&event);
        if (role == nullptr || role->role != Role::leader) {
            continue;
        }
        const NodeId first = leaders_.emplace(role->term, node.id()).first->second;
        if (first != node.id()) {
            observer_.violated(fmt::format(
                "election safety: {} and {} both lead term {}", first, node.id(), role->term));
        }
    }
}

void World::tick(Node& node) {
    node.core->tick(node.clock);
    take(node);
}

void World::deliver(const Envelope& envelope) {
    Node* node = find(envelope.to);
    if (node == nullptr || !node->core) {
        return;
    }
    observer_.delivered(envelope);
    node->core->step(node->clock, envelope);
    take(*node);
}

std::optional<ProposeError> World::propose(Node& node, std::vector<std::string> commands) {
    LogId first;
    const auto error = node.core->propose(node.clock, std::move(commands), &first);
    take(node);
    return error;
}

std::optional<ReadId> World::read(Node& node) {
    const auto id = node.core->read_index(node.clock);
    take(node);
    return id;
}

bool World::snapshot(Node& node) {
    const LogId last = node.application.last();
    if (last.index <= node.core->status().snapshot) {
        return false;
    }
    auto data = std::make_shared<const std::string>(node.application.encode());
    node.core->on_snapshot_taken(node.clock, {last, {}, std::move(data)}, node.application.hash());
    take(node);
    return true;
}

bool World::persist(Node& node) {
    if (node.writes.empty()) {
        return false;
    }
    const Persist write = std::move(node.writes.front());
    node.writes.pop_front();
    node.disk.write(write);
    node.core->on_persisted(node.clock, write.id);
    take(node);
    return true;
}

bool World::handle_ready(Node& node) {
    if (node.readys.empty()) {
        return false;
    }
    const Ready ready = std::move(node.readys.front());
    node.readys.pop_front();
    node.writes.insert(node.writes.end(), ready.persist.begin(), ready.persist.end());
    observer_.handled(node, ready);
    network_.insert(network_.end(), ready.messages.begin(), ready.messages.end());
    apply(node, ready);
    return true;
}

void World::send_early(Node& node) {
    for (Ready& ready : node.readys) {
        network_.insert(network_.end(), ready.messages.begin(), ready.messages.end());
        ready.messages.clear();
    }
}

void World::apply(Node& node, const Ready& ready) {
    if (ready.restore) {
        node.application = server::StateMachine{100};
        ASSERT(node.application.decode(*ready.restore->data, ready.restore->last));
    }
    for (const Entry& entry : ready.committed) {
        const auto [known, fresh] = applied_.emplace(entry.index, entry);
        if (!fresh && known->second != entry) {
            observer_.violated(fmt::format(
                "state machine safety: {} applies {}/{}, but {}/{} was applied at index {}",
                node.id(),
                entry.term,
                entry.index,
                known->second.term,
                known->second.index,
                entry.index));
        }
        const server::Reply reply = node.application.apply(entry);
        observer_.applied(node, entry, reply);
    }
}

}  // namespace squall::raft::test
