#include "tests/raft/scenarios/etcd/skeleton.hpp"

#include <array>
#include <regex>
#include <sstream>

#include <fmt/format.h>

namespace squall::raft::test::etcd {

namespace {

/// Reads the log lines and the dump of a Ready of etcd's InteractionEnv.
class Reader {
  public:
    explicit Reader(const Command& command) {
        ready_ = command.name == "process-ready";
        if (ready_ && command.positional.size() == 1) {
            node_ = static_cast<NodeId>(parse_number(command.where, command.positional[0]));
        }
    }

    void line(const std::string& line) {
        std::smatch match;
        if (std::regex_match(line, match, section_)) {
            node_ = number(match[1]);
            ready_ = match[2] == "handling Ready";
            list_ = List::none;
        } else if (!log_line(line) && ready_) {
            ready_line(line);
        }
    }

    Skeleton result;

  private:
    enum class List : std::uint8_t { none, entries, committed, messages, responses };

    static NodeId number(const std::string& text) { return static_cast<NodeId>(std::stoul(text)); }

    void add(NodeId node, Kind kind, std::string event) {
        result[{node, kind}].push_back(std::move(event));
    }

    bool log_line(const std::string& line) {
        std::smatch match;
        if (std::regex_match(line, match, became_)) {
            add(number(match[1]),
                Kind::role,
                fmt::format("{} in term {}", match[2].str(), match[3].str()));
        } else if (std::regex_search(line, match, voted_)) {
            add(number(match[1]),
                Kind::vote,
                fmt::format("{} of {}: {}", match[3].str(), match[4].str(), match[2].str()));
        }
        return std::regex_search(line, log_);
    }

    void ready_line(const std::string& line) {
        std::smatch match;
        if (line == "Entries:") {
            list_ = List::entries;
        } else if (line == "CommittedEntries:") {
            list_ = List::committed;
        } else if (line == "Messages:") {
            list_ = List::messages;
        } else if (list_ == List::responses) {
            list_ = line == "]" ? List::messages : List::responses;
        } else if (line.ends_with("Responses:[")) {
            list_ = List::responses;
        } else if (std::regex_search(line, match, hard_state_)) {
            const std::string vote = match[2].matched ? match[2].str() : "0";
            add(node_, Kind::hard_state, fmt::format("term {}, vote {}", match[1].str(), vote));
        } else if (list_ != List::messages && std::regex_search(line, match, snapshot_)) {
            add(node_, Kind::restore, fmt::format("snapshot up to {}", match[1].str()));
        } else if (list_ == List::messages && std::regex_search(line, match, rejected_)) {
            add(number(match[1]),
                Kind::reject,
                fmt::format("append of {} behind {}", match[2].str(), match[3].str()));
        } else if (list_ != List::messages && std::regex_match(line, match, entry_)) {
            add(node_,
                list_ == List::entries ? Kind::append : Kind::commit,
                fmt::format("{} {}", match[1].str(), match[2].str()));
        }
    }

    NodeId node_ = no_node;
    bool ready_ = false;
    List list_ = List::none;

    inline static const std::regex section_{
        R"(> (\d+) (handling Ready|receiving messages|processing .* thread))"};
    inline static const std::regex log_{R"(^(DEBUG|INFO|WARN|ERROR) )"};
    inline static const std::regex became_{
        R"(INFO (\d+) became (follower|pre-candidate|candidate|leader) at term (\d+))"};
    inline static const std::regex voted_{
        R"(^INFO (\d+) \[.*\] (cast|rejected|ignored) (MsgVote|MsgPreVote) (?:for|from) (\d+) )"};
    inline static const std::regex hard_state_{R"(^HardState Term:(\d+)(?: Vote:(\d+))?)"};
    inline static const std::regex snapshot_{R"(^Snapshot Index:(\d+) )"};
    inline static const std::regex rejected_{
        R"(^(\d+)->(\d+) MsgAppResp Term:\d+ Log:\d+/(\d+) Rejected)"};
    inline static const std::regex entry_{R"((\d+/\d+) EntryNormal (".*"))"};
};

}  // namespace

const char* to_string(Kind kind) {
    static constexpr std::array<const char*, 8> names{
        "role", "vote", "hard state", "append", "commit", "reject", "restore", "answer"};
    return names.at(static_cast<std::size_t>(kind));
}

void Novelty::filter(Skeleton& skeleton) {
    for (auto& [key, events] : skeleton) {
        if (key.second == Kind::role || key.second == Kind::hard_state) {
            std::string& last = last_[key];
            std::erase_if(events, [&last](const std::string& event) {
                return event == std::exchange(last, event);
            });
        }
    }
    std::erase_if(skeleton, [](const auto& item) { return item.second.empty(); });
}

Skeleton skeleton_of(const Command& command, const std::string& output) {
    Reader reader(command);
    std::istringstream lines(output);
    const bool question =
        command.name == "raft-log" || command.name == "raft-state" || command.name == "status";
    for (std::string line; std::getline(lines, line);) {
        line.erase(0, line.find_first_not_of(' '));
        if (question && line != "ok") {
            // Which messages said so, and when somebody last spoke, is not compared.
            static const std::regex aside(R"(( inactive| pendingSnap=\d+))");
            line = std::regex_replace(line, aside, "");
            reader.result[{no_node, Kind::answer}].push_back(line);
        } else if (!question) {
            reader.line(line);
        }
    }
    return std::move(reader.result);
}

std::string difference(const Skeleton& expected, const Skeleton& observed) {
    const auto look = [](const Skeleton& in, const Skeleton::key_type& key) {
        const auto found = in.find(key);
        return found == in.end() ? std::vector<std::string>{} : found->second;
    };
    Skeleton keys = expected;
    keys.insert(observed.begin(), observed.end());
    for (const auto& [key, events] : keys) {
        const auto etcd = look(expected, key);
        const auto ours = look(observed, key);
        if (etcd != ours) {
            return fmt::format("{} of node {}: etcd's is ({}), ours ({})",
                               to_string(key.second),
                               key.first,
                               fmt::join(etcd, "; "),
                               fmt::join(ours, "; "));
        }
    }
    return {};
}

}  // namespace squall::raft::test::etcd
