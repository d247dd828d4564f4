#include "tests/raft/scenarios/etcd/driver.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace squall::raft::test::etcd {

namespace {

constexpr std::uint64_t most_nodes = 16;
constexpr std::uint64_t last_index = 1000;
constexpr int most_rounds = 200;
constexpr int most_heartbeats = 10;

}  // namespace

Node& Driver::node(const Command& command, std::size_t word) {
    Node* node = world_.find(static_cast<NodeId>(command.number(word)));
    if (node == nullptr) {
        command.fail(fmt::format("no node {}", command.number(word)));
    }
    return *node;
}

std::vector<NodeId> Driver::named(const Command& command) const {
    std::vector<NodeId> ids;
    for (std::size_t i = 0; i < command.positional.size(); ++i) {
        ids.push_back(static_cast<NodeId>(command.number(i)));
    }
    if (ids.empty()) {
        for (const auto& [id, node] : world_.nodes()) {
            ids.push_back(id);
        }
    }
    return ids;
}

void Driver::add_nodes(const Command& command) {
    const std::uint64_t count = command.number(0);
    const std::uint64_t index = command.number_of("index", 0);
    const std::vector<std::uint64_t> voters = command.numbers_of("voters");
    if (count == 0 || world_.nodes().size() + count > most_nodes || index > last_index) {
        command.fail("too much");
    }
    if (!voters.empty()) {
        rules_ = {command.option("prevote") == "true", command.option("checkquorum") == "true"};
        asynchronous_ = command.option("async-storage-writes") == "true";
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        CoreConfig config = config_for(rules_, bugs_);
        config.id = static_cast<NodeId>(world_.nodes().size() + 1);
        config.voters = {voters.begin(), voters.end()};
        config.max_inflight_messages = command.number_of("inflight", config.max_inflight_messages);
        world_.start(world_.add(config, bootstrap(index, config.voters)));
    }
}

void Driver::campaign(const Command& command) {
    Node& who = node(command, 0);
    who.clock = std::max(who.clock, who.core->next_deadline());
    world_.tick(who);
}

void Driver::propose(const Command& command) {
    if (command.positional.size() != 2 ||
        world_.propose(node(command, 0), {command.positional[1]})) {
        command.fail("the proposal was refused");
    }
}

void Driver::compact(const Command& command) {
    Node& who = node(command, 0);
    if (who.application.last().index != command.number(1) || !world_.snapshot(who)) {
        command.fail("only a compaction up to what was applied last");
    }
}

bool Driver::handle(Node& node) {
    // One Ready of etcd's: what is decided while it is handled waits for the next, but for the
    // messages that waited for the disk.
    const std::size_t waiting = node.readys.size();
    hard_state_.clear();
    for (std::size_t i = 0; i < waiting; ++i) {
        world_.handle_ready(node);
    }
    if (!asynchronous_ || writes_before_asking(node)) {
        while (world_.persist(node)) {
        }
    }
    send_early(node);
    if (!hard_state_.empty()) {
        // What the node wrote last: etcd has one for a whole Ready.
        add(node.id(), Kind::hard_state, hard_state_);
    }
    return waiting > 0;
}

void Driver::send_early(Node& node) {
    for (const Ready& ready : node.readys) {
        tell_rejections(node, ready);
    }
    world_.send_early(node);
}

void Driver::process_ready(const Command& command) {
    for (std::size_t i = 0; i < command.positional.size(); ++i) {
        Node& who = node(command, i);
        const bool tell_commit = asynchronous_ && commits_without_appends(who);
        handle(who);
        if (tell_commit) {
            tick_once(who);
            handle(who);
        }
    }
}

void Driver::process_append_thread(const Command& command) {
    for (std::size_t i = 0; i < command.positional.size(); ++i) {
        world_.persist(node(command, i));
        send_early(node(command, i));
    }
}

void Driver::deliver_one(const Envelope& envelope) {
    Node* to = world_.find(envelope.to);
    if (to == nullptr) {
        return;
    }
    taken_.clear();
    for (const Envelope& before : prepare(rules_, *to, envelope, outcome_.excused)) {
        world_.deliver(before);
    }
    world_.deliver(envelope);
    classify_vote(envelope);
}

bool Driver::deliver_to(Node& node) {
    std::vector<Envelope> arriving;
    std::deque<Envelope> rest;
    for (Envelope& envelope : world_.network()) {
        if (envelope.to == node.id()) {
            arriving.push_back(std::move(envelope));
        } else {
            rest.push_back(std::move(envelope));
        }
    }
    world_.network() = std::move(rest);
    for (const Envelope& envelope : arriving) {
        deliver_one(envelope);
    }
    return !arriving.empty();
}

void Driver::deliver_messages(const Command& command) {
    for (std::size_t i = 0; i < command.positional.size(); ++i) {
        deliver_to(node(command, i));
    }
    const std::vector<std::uint64_t> dropped = command.numbers_of("drop");
    std::erase_if(world_.network(), [&](const Envelope& envelope) {
        return std::find(dropped.begin(), dropped.end(), envelope.to) != dropped.end();
    });
}

bool Driver::let_a_heartbeat_pass(const std::vector<NodeId>& among) {
    for (const NodeId leader : among) {
        for (const NodeId follower : among) {
            Node& from = *world_.find(leader);
            if (leader != follower && waits_for_heartbeat(from, *world_.find(follower))) {
                tick_once(from);
                return true;
            }
        }
    }
    return false;
}

void Driver::stabilize(const Command& command) {
    const std::vector<NodeId> among = named(command);
    int heartbeats = 0;
    for (int round = 0; round < most_rounds; ++round) {
        bool moved = false;
        for (const NodeId id : among) {
            moved = handle(*world_.find(id)) || moved;
        }
        for (const NodeId id : among) {
            moved = deliver_to(*world_.find(id)) || moved;
        }
        for (const NodeId id : among) {
            moved = world_.persist(*world_.find(id)) || moved;
            send_early(*world_.find(id));
        }
        if (!moved && (heartbeats++ == most_heartbeats || !let_a_heartbeat_pass(among))) {
            return;
        }
    }
    command.fail("does not come to rest");
}

void Driver::tick_once(Node& node) {
    node.clock += tick;
    const auto left = ticks_left_.find(node.id());
    if (left == ticks_left_.end()) {
        world_.tick(node);
    } else if (--left->second == 0) {
        ticks_left_.erase(left);
        node.clock = std::max(node.clock, node.core->next_deadline());
        world_.tick(node);
    }
}

void Driver::tick_times(const Command& command, int ticks) {
    for (int i = 0; i < ticks; ++i) {
        tick_once(node(command, 0));
    }
}

void Driver::set_election_timeout(const Command& command) {
    ticks_left_[node(command, 0).id()] =
        static_cast<int>(std::min(command.number_of("timeout", 1), std::uint64_t{1000}));
}

void Driver::log_level(const Command& command) {
    audible_ = command.positional.empty() || command.positional[0] != "none";
}

}  // namespace squall::raft::test::etcd
