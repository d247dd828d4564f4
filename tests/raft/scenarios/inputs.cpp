// The commands of a scenario that set the cluster up and speak for clients, applications and disks.
#include <algorithm>

#include <fmt/format.h>

#include "raft/server/command.hpp"
#include "tests/raft/core/host.hpp"
#include "tests/raft/scenarios/player.hpp"

namespace squall::raft::test {

namespace {

constexpr std::uint64_t most_entries = 1000;

LogId parse_id(const Command& command, const std::string& word) {
    const std::size_t slash = word.find('/');
    if (slash == std::string::npos) {
        command.fail(fmt::format("\"{}\" is not TERM/INDEX", word));
    }
    const LogId id{parse_number(command.where, word.substr(0, slash)),
                   parse_number(command.where, word.substr(slash + 1))};
    if (id.index == 0 || id.index > most_entries) {
        command.fail(fmt::format("an index is 1 to {}", most_entries));
    }
    return id;
}

Snapshot snapshot_of(LogId last, const std::vector<NodeId>& voters) {
    server::StateMachine application{100};
    for (Index index = 1; index <= last.index; ++index) {
        application.apply({last.term, index, EntryKind::noop, {}});
    }
    return {last, voters, std::make_shared<const std::string>(application.encode())};
}

server::Operation operation_of(const Command& command, const std::string& name) {
    if (name == "put") {
        return server::Operation::put;
    }
    if (name == "add") {
        return server::Operation::add;
    }
    if (name == "append") {
        return server::Operation::append;
    }
    command.fail(fmt::format("\"{}\" is none of put, add, append", name));
}

}  // namespace

void Player::cluster(const Command& command) {
    command.allow({"inflight",
                   "append-bytes",
                   "uncommitted-bytes",
                   "chunk-bytes",
                   "margin",
                   "bug",
                   "assertions"},
                  1);
    const std::uint64_t nodes = command.number(0);
    if (!config_.voters.empty() || nodes == 0 || nodes > most_nodes) {
        command.fail(fmt::format("once in a scenario, with 1 to {} nodes", most_nodes));
    }
    for (NodeId id = 1; id <= nodes; ++id) {
        config_.voters.push_back(id);
    }
    config_.seed = 7;
    config_.max_inflight_messages = command.number_of("inflight", config_.max_inflight_messages);
    config_.max_append_bytes = command.number_of("append-bytes", config_.max_append_bytes);
    config_.max_uncommitted_bytes =
        command.number_of("uncommitted-bytes", config_.max_uncommitted_bytes);
    config_.snapshot_chunk_bytes = command.number_of("chunk-bytes", config_.snapshot_chunk_bytes);
    config_.compaction_margin = command.number_of("margin", 0);
    if (const auto slug = command.option("bug")) {
        const std::optional<zoo::Bug> bug = zoo::find(*slug);
        if (!bug) {
            command.fail(fmt::format("no bug \"{}\" in raft/zoo/catalogue.hpp", *slug));
        }
        config_.bugs.enable(*bug);
    }
    if (command.option("assertions") == "off") {
        config_.bugs.switch_assertions_off();
    }
}

void Player::node(const Command& command) {
    command.allow({"log", "term", "vote", "snapshot"}, 1);
    Node& node = known(command, command.number(0));
    if (node.core) {
        command.fail("runs already: a node gets its log before it starts");
    }
    Recovered content;
    if (const auto snapshot = command.option("snapshot")) {
        content.snapshot = snapshot_of(parse_id(command, *snapshot), config_.voters);
    }
    const std::vector<std::uint64_t> terms = command.numbers_of("log");
    if (terms.size() > most_entries || !std::is_sorted(terms.begin(), terms.end())) {
        command.fail("the terms of a log never fall");
    }
    const LogId base = content.snapshot ? content.snapshot->last : LogId{};
    content.entries = entries_of(base.index + 1, {terms.begin(), terms.end()});
    const Term last = terms.empty() ? base.term : terms.back();
    content.hard_state = {command.number_of("term", last),
                          static_cast<NodeId>(command.number_of("vote", no_node))};
    if (content.hard_state.term < last) {
        command.fail(fmt::format("term={} is before its log's", content.hard_state.term));
    }
    const CoreConfig config = node.config;
    world_.add(config, std::move(content));
}

void Player::start(const Command& command) {
    command.allow({}, most_nodes);
    const bool fresh = command.positional.empty();
    for (const NodeId id : named(command)) {
        Node& node = known(command, id);
        if (node.core && !fresh) {
            command.fail(fmt::format("node {} runs already", id));
        }
        if (!node.core) {
            world_.start(node);
            settle(node);
        }
    }
}

void Player::crash(const Command& command) {
    command.allow({}, most_nodes);
    for (const NodeId id : named(command)) {
        world_.crash(running(command, id));
    }
}

void Player::propose(const Command& command) {
    command.allow({"bytes"}, ScriptLimits::words);
    Node& node = running(command, command.number(0));
    std::vector<std::string> commands(command.positional.begin() + 1, command.positional.end());
    if (commands.empty()) {
        command.fail("wants at least one command behind the node");
    }
    for (std::string& data : commands) {
        data.resize(
            std::max(data.size(), std::min(command.number_of("bytes", 0), std::uint64_t{10'000})),
            '.');
    }
    if (const auto error = world_.propose(node, std::move(commands))) {
        say(node.id(),
            *error == ProposeError::not_leader ? "refuses the proposal: does not lead"
                                               : "refuses the proposal: overloaded");
    }
    settle(node);
}

void Player::request(const Command& command) {
    command.allow({"session", "seq"}, 4);
    Node& node = running(command, command.number(0));
    if (command.positional.size() != 4) {
        command.fail("wants NODE OPERATION KEY VALUE");
    }
    server::Request request;
    request.operation = operation_of(command, command.positional[1]);
    request.key = command.positional[2];
    request.value = command.positional[3];
    request.session = command.number_of("session", 0);
    request.sequence = command.number_of("seq", 0);
    if (world_.propose(node, {server::encode_command(request)})) {
        say(node.id(), "refuses the proposal");
    }
    settle(node);
}

void Player::read(const Command& command) {
    command.allow({}, 1);
    Node& node = running(command, command.number(0));
    const auto id = world_.read(node);
    say(node.id(), id ? fmt::format("read {} begins", *id) : "refuses the read: does not lead");
    settle(node);
}

void Player::snapshot(const Command& command) {
    command.allow({}, 1);
    Node& node = running(command, command.number(0));
    if (!world_.snapshot(node)) {
        command.fail("nothing was applied since its last snapshot");
    }
    settle(node);
}

void Player::disk(const Command& command) {
    command.allow({}, 2);
    Node& node = known(command, command.number(0));
    const std::string speed = command.positional.size() == 2 ? command.positional[1] : "";
    if (speed != "slow" && speed != "fast") {
        command.fail("wants NODE slow or NODE fast");
    }
    node.slow_disk = speed == "slow";
    settle(node);
}

void Player::persist(const Command& command) {
    command.allow({"count"}, 1);
    Node& node = running(command, command.number(0));
    std::uint64_t count = command.number_of("count", ScriptLimits::number);
    if (node.writes.empty()) {
        command.fail("no write is under way");
    }
    for (; count > 0 && world_.persist(node); --count) {
        settle(node);
    }
}

void Player::show(const Command& command) {
    command.allow({}, 1);
    const std::string what = command.positional.empty() ? "" : command.positional[0];
    if (what == "nothing") {
        show_ = Show::nothing;
    } else if (what == "events") {
        show_ = Show::events;
    } else if (what == "messages") {
        show_ = Show::messages;
    } else {
        command.fail("wants nothing, events or messages");
    }
}

}  // namespace squall::raft::test
