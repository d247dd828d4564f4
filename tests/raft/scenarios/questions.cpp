// The commands of a scenario that only look, and which name means which command.
#include <functional>
#include <map>

#include <fmt/format.h>

#include "tests/raft/scenarios/describe.hpp"
#include "tests/raft/scenarios/player.hpp"

namespace squall::raft::test {

void Player::answer(const Command& command, std::string (*line_of)(const Node&)) {
    command.allow({}, config_.voters.size());
    for (const NodeId id : named(command)) {
        output_ += fmt::format("{}: {}\n", id, line_of(known(command, id)));
    }
}

void Player::progress(const Command& command) {
    command.allow({}, 1);
    const Node& node = running(command, command.number(0));
    if (node.core->progress().empty()) {
        command.fail("only a leader has progress to tell");
    }
    for (const Progress& progress : node.core->progress()) {
        output_ += progress_line(progress) + "\n";
    }
}

void Player::in_flight(const Command& command) {
    command.allow({}, 0);
    for (const Envelope& envelope : world_.network()) {
        output_ +=
            fmt::format("{}->{} {}\n", envelope.from, envelope.to, text_of(envelope.message));
    }
}

void Player::execute(const Command& command) {
    using Run = std::function<void(Player&, const Command&)>;
    static const std::map<std::string, Run> commands{
        {"cluster", &Player::cluster},
        {"node", &Player::node},
        {"start", &Player::start},
        {"crash", &Player::crash},
        {"campaign", &Player::campaign},
        {"advance", &Player::advance},
        {"idle", &Player::idle},
        {"deliver", &Player::deliver},
        {"drop", &Player::drop},
        {"stabilize", &Player::stabilize},
        {"propose", &Player::propose},
        {"request", &Player::request},
        {"read", &Player::read},
        {"snapshot", &Player::snapshot},
        {"disk", &Player::disk},
        {"persist", &Player::persist},
        {"show", &Player::show},
        {"status", [](Player& p, const Command& c) { p.answer(c, status_line); }},
        {"log", [](Player& p, const Command& c) { p.answer(c, log_line); }},
        {"disks", [](Player& p, const Command& c) { p.answer(c, disk_line); }},
        {"progress", &Player::progress},
        {"messages", &Player::in_flight},
    };
    const auto found = commands.find(command.name);
    if (found == commands.end()) {
        std::vector<std::string> names;
        for (const auto& [name, run] : commands) {
            names.push_back(name);
        }
        throw ScriptError(fmt::format("{}: no command \"{}\"; there are {}",
                                      command.where,
                                      command.name,
                                      fmt::join(names, " ")));
    }
    found->second(*this, command);
}

}  // namespace squall::raft::test
