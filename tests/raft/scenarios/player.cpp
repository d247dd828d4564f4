#include "tests/raft/scenarios/player.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "tests/raft/scenarios/describe.hpp"

namespace squall::raft::test {

namespace {

constexpr std::uint64_t longest_ms = 100'000;
constexpr int most_deliveries = 20'000;
constexpr int most_deadlines = 10'000;

template <std::size_t... alternatives>
bool is_name_of_one(const std::string& name, std::index_sequence<alternatives...>) {
    return ((name == name_of(Message(std::in_place_index<alternatives>))) || ...);
}

bool is_message_type(const std::string& name) {
    return is_name_of_one(name, std::make_index_sequence<std::variant_size_v<Message>>());
}

}  // namespace

Player::Player()
    : world_({
          .taken = [](const Node&, const Ready&) {},
          .handled =
              [this](const Node& node, const Ready& ready) {
                  for (const std::string& event : events_of(ready)) {
                      say(node.id(), event);
                  }
              },
          .applied =
              [this](const Node& node, const Entry& entry, const server::Reply& reply) {
                  if (const std::string text = applied_text(entry, reply); !text.empty()) {
                      say(node.id(), text);
                  }
              },
          .delivered =
              [this](const Envelope& envelope) {
                  if (show_ == Show::messages) {
                      line(fmt::format(
                          "{}->{} {}", envelope.from, envelope.to, text_of(envelope.message)));
                  }
              },
          .violated = [this](const std::string& what) { output_ += "VIOLATION: " + what + "\n"; },
      }) {}

std::string Player::take_output() {
    return std::exchange(output_, {});
}

void Player::say(NodeId node, const std::string& what) {
    line(fmt::format("{} {}", node, what));
}

void Player::line(const std::string& text) {
    if (show_ != Show::nothing) {
        output_ += text + "\n";
    }
}

Node& Player::known(const Command& command, std::uint64_t id) {
    if (id == no_node || id > config_.voters.size()) {
        command.fail(config_.voters.empty()
                         ? "there is no cluster yet: \"cluster NODES\" comes first"
                         : fmt::format("no node {} in a cluster of {}", id, config_.voters.size()));
    }
    Node* node = world_.find(static_cast<NodeId>(id));
    if (node == nullptr) {
        CoreConfig config = config_;
        config.id = static_cast<NodeId>(id);
        return world_.add(config, {});
    }
    return *node;
}

Node& Player::running(const Command& command, std::uint64_t id) {
    Node& node = known(command, id);
    if (!node.core) {
        command.fail(fmt::format("node {} does not run: \"start {}\" starts it", id, id));
    }
    return node;
}

std::vector<NodeId> Player::named(const Command& command, std::size_t from) {
    if (config_.voters.empty()) {
        (void)known(command, no_node);  // Fails.
    }
    if (command.positional.size() <= from) {
        return config_.voters;
    }
    std::vector<NodeId> nodes;
    for (std::size_t i = from; i < command.positional.size(); ++i) {
        nodes.push_back(known(command, command.number(i)).id());
    }
    return nodes;
}

void Player::settle(Node& node) {
    while (world_.handle_ready(node) || (!node.slow_disk && world_.persist(node))) {
    }
}

void Player::campaign(const Command& command) {
    command.allow({}, 1);
    Node& node = running(command, command.number(0));
    if (node.core->status().role == Role::leader) {
        command.fail("leads already");
    }
    node.clock = std::max(node.clock, node.core->next_deadline());
    world_.tick(node);
    settle(node);
}

void Player::advance(const Command& command) {
    command.allow({}, most_nodes + 1);
    const std::uint64_t duration = std::min(command.number(0), longest_ms);
    for (const NodeId id : named(command, 1)) {
        Node& node = known(command, id);
        const Time end = node.clock + std::chrono::milliseconds(duration);
        for (int fired = 0; node.core && node.core->next_deadline() <= end; ++fired) {
            if (fired == most_deadlines) {
                command.fail("too many deadlines on the way");
            }
            node.clock = std::max(node.clock, node.core->next_deadline());
            world_.tick(node);
            settle(node);
        }
        node.clock = end;
    }
}

void Player::idle(const Command& command) {
    command.allow({}, most_nodes + 1);
    const std::uint64_t duration = std::min(command.number(0), longest_ms);
    for (const NodeId id : named(command, 1)) {
        known(command, id).clock += std::chrono::milliseconds(duration);
    }
}

std::vector<Envelope> Player::pick(const Command& command, bool keep) {
    const std::vector<NodeId> to = named(command);
    const std::uint64_t from = command.number_of("from", no_node);
    const std::string type = command.option("type").value_or("");
    std::uint64_t count = command.number_of("count", ScriptLimits::number);
    if (!type.empty() && !is_message_type(type)) {
        command.fail(fmt::format("no type of message is called \"{}\"", type));
    }
    std::vector<Envelope> picked;
    std::deque<Envelope> rest;
    for (const Envelope& envelope : world_.network()) {
        const bool wanted = count > 0 && (from == no_node || envelope.from == from) &&
                            std::find(to.begin(), to.end(), envelope.to) != to.end() &&
                            (type.empty() || type == name_of(envelope.message));
        if (wanted) {
            --count;
            picked.push_back(envelope);
        }
        if (!wanted || keep) {
            rest.push_back(envelope);
        }
    }
    const bool anything = command.name == "drop" && command.positional.empty();
    if (picked.empty() && !anything) {
        command.fail("no such message is under way");
    }
    world_.network() = std::move(rest);
    return picked;
}

void Player::deliver(const Command& command) {
    command.allow({"from", "type", "count", "keep"}, most_nodes);
    for (const Envelope& envelope : pick(command, command.options.contains("keep"))) {
        world_.deliver(envelope);
        settle(known(command, envelope.to));
    }
}

void Player::drop(const Command& command) {
    command.allow({"from", "type", "count"}, most_nodes);
    const std::size_t dropped = pick(command, false).size();
    line(fmt::format("{} lost", dropped == 1 ? "1 message" : fmt::format("{} messages", dropped)));
}

void Player::stabilize(const Command& command) {
    command.allow({}, most_nodes);
    const std::vector<NodeId> to = named(command);
    std::deque<Envelope>& network = world_.network();
    for (int delivered = 0;; ++delivered) {
        const auto next = std::find_if(network.begin(), network.end(), [&](const Envelope& e) {
            return std::find(to.begin(), to.end(), e.to) != to.end();
        });
        if (next == network.end()) {
            return;
        }
        if (delivered == most_deliveries) {
            command.fail("the cluster does not come to rest");
        }
        const Envelope envelope = *next;
        network.erase(next);
        world_.deliver(envelope);
        settle(known(command, envelope.to));
    }
}

}  // namespace squall::raft::test
