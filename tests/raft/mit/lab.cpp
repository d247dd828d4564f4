#include "tests/raft/mit/lab.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "raft/random.hpp"

namespace squall::raft::mit {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

CoreConfig config_of(NodeId id, std::size_t servers, const LabOptions& options) {
    CoreConfig config = options.core;
    config.id = id;
    config.voters.clear();
    for (NodeId voter = 1; voter <= servers; ++voter) {
        config.voters.push_back(voter);
    }
    if (options.bug) {
        config.bugs.enable(*options.bug);
    }
    return config;
}

double ms(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

Lab::Lab(std::size_t servers, const LabOptions& options)
    : fleet(servers,
            options.seed,
            options.bug,
            [this, servers, options](NodeId id, Recovered recovered, Time now) {
                CoreConfig config = config_of(id, servers, options);
                config.seed = random_bits({options.seed, id, ++lives_[id]});
                return std::make_unique<ListMachine>(
                    config,
                    std::move(recovered),
                    options.snapshot_every,
                    [this, id](const ListMachine::List& list) { learn(id, list); },
                    now);
            }),
      seed_(options.seed) {
    for (NodeId id = 1; id <= servers; ++id) {
        fleet.start(id);
    }
}

void Lab::learn(NodeId id, const ListMachine::List& list) {
    const bool one_more = list.size() == std::exchange(applied_[id], list.size()) + 1;
    if (list.size() > agreed_.size()) {
        agreed_.insert(
            agreed_.end(), list.begin() + static_cast<std::ptrdiff_t>(agreed_.size()), list.end());
    }
    // After a restart or a snapshot all of it is news.
    for (std::size_t i = one_more ? list.size() - 1 : 0; i < list.size(); ++i) {
        if (list[i] != agreed_[i] && forked_.empty()) {
            forked_ = fmt::format("server {} applied \"{}\" at index {}, where another had \"{}\"",
                                  id,
                                  list[i].substr(0, 40),
                                  i + 1,
                                  agreed_[i].substr(0, 40));
        }
    }
}

std::uint64_t Lab::below(std::uint64_t bound) {
    return random_bits({seed_, 1, draws_++}) % bound;
}

std::string Lab::fresh() {
    return fmt::format("{}{:03}", below(1'000'000'000'000'000), ++commands_);
}

bool Lab::leads(NodeId id) {
    return fleet.running(id) && fleet.connected(id) && status(id).role == Role::leader;
}

NodeId Lab::check_one_leader() {
    const Time began = fleet.now();
    std::optional<Time> seen;
    for (int poll = 0; poll < 10; ++poll) {
        for (auto steps = static_cast<int>(45 + below(10)); steps > 0; --steps) {
            sleep(milliseconds(10));
            for (NodeId id = 1; id <= size() && !seen; ++id) {
                seen = leads(id) ? std::optional(fleet.now()) : std::nullopt;
            }
        }
        std::map<Term, NodeId> leaders;
        for (NodeId id = 1; id <= size(); ++id) {
            if (leads(id) && !leaders.emplace(status(id).term, id).second) {
                throw Failed(fmt::format("term {} has two leaders", status(id).term));
            }
        }
        if (!leaders.empty()) {
            measures.at_most("ms until somebody leads", ms(*seen - began), 5000);
            return leaders.rbegin()->second;
        }
    }
    throw Failed("nobody leads after ten looks");
}

void Lab::check_no_leader() {
    for (NodeId id = 1; id <= size(); ++id) {
        if (leads(id)) {
            throw Failed(fmt::format("server {} leads without a quorum", id));
        }
    }
}

Term Lab::check_terms() {
    std::optional<Term> term;
    for (NodeId id = 1; id <= size(); ++id) {
        if (fleet.running(id) && fleet.connected(id)) {
            if (term.value_or(status(id).term) != status(id).term) {
                throw Failed(fmt::format("servers are in terms {} and {}", *term, status(id).term));
            }
            term = status(id).term;
        }
    }
    return term.value_or(0);
}

std::optional<LogId> Lab::start(NodeId id, const std::string& command) {
    if (!fleet.running(id)) {
        return std::nullopt;
    }
    auto& machine = static_cast<ListMachine&>(fleet.machine(id));
    LogId first;
    if (machine.core().propose(fleet.now(), {command}, &first)) {
        return std::nullopt;
    }
    fleet.settle(id);
    return first;
}

Lab::Committed Lab::committed(Index index) {
    if (!forked_.empty()) {
        throw Failed(forked_);
    }
    Committed found;
    for (const auto& [id, applied] : applied_) {
        found.servers += applied >= index ? 1 : 0;
    }
    if (index <= agreed_.size()) {
        found.command = agreed_[index - 1];
    }
    return found;
}

Index Lab::one(const std::string& command, std::size_t servers, bool retry) {
    const Time began = fleet.now();
    NodeId next = 1;
    while (fleet.now() - began < seconds(10)) {
        std::optional<LogId> started;
        for (std::size_t tries = 0; tries < size() && !started; ++tries) {
            next = after(next, 1);
            started = fleet.connected(next) ? start(next, command) : std::nullopt;
        }
        if (!started) {
            sleep(milliseconds(50));
            continue;
        }
        const Time accepted = fleet.now();
        while (fleet.now() - accepted < seconds(2)) {
            const Committed found = committed(started->index);
            if (found.servers >= servers && found.command == command) {
                measures.at_most(
                    "ms until a command is agreed on", ms(fleet.now() - began), 10'000);
                return started->index;
            }
            sleep(milliseconds(1));
        }
        if (!retry) {
            throw Failed(fmt::format("no agreement on \"{}\" in 2 s", command.substr(0, 40)));
        }
    }
    throw Failed(fmt::format("no agreement on \"{}\" in 10 s", command.substr(0, 40)));
}

std::vector<Index> Lab::all(const std::vector<std::string>& commands, std::size_t servers) {
    struct Pending {
        std::optional<LogId> started;
        Time at{};
    };

    const Time began = fleet.now();
    std::vector<Pending> pending(commands.size());
    std::vector<Index> places(commands.size());
    while (fleet.now() - began < seconds(10)) {
        for (std::size_t i = 0; i < commands.size(); ++i) {
            const bool late = fleet.now() - pending[i].at >= seconds(2);
            for (NodeId id = 1; id <= size() && places[i] == 0 && (!pending[i].started || late);
                 ++id) {
                if (auto started = fleet.connected(id) ? start(id, commands[i]) : std::nullopt) {
                    pending[i] = {started, fleet.now()};
                    break;
                }
            }
            if (places[i] == 0 && pending[i].started) {
                const Committed found = committed(pending[i].started->index);
                const bool there = found.servers >= servers && found.command == commands[i];
                places[i] = there ? pending[i].started->index : 0;
            }
        }
        if (std::ranges::count(places, Index{0}) == 0) {
            measures.at_most("ms until a command is agreed on", ms(fleet.now() - began), 10'000);
            return places;
        }
        sleep(milliseconds(10));
    }
    throw Failed(fmt::format("no agreement on {} commands in 10 s", commands.size()));
}

std::size_t Lab::ordinal(Index index) const {
    const auto end =
        agreed_.begin() + static_cast<std::ptrdiff_t>(std::min<Index>(index, agreed_.size()));
    return static_cast<std::size_t>(std::count_if(
        agreed_.begin(), end, [](const std::string& command) { return !command.empty(); }));
}

NodeId Lab::after(NodeId id, std::size_t places) const {
    return static_cast<NodeId>((id - 1 + places) % fleet.size()) + 1;
}

void Lab::crash(NodeId id) {
    fleet.disconnect(id);
    fleet.crash(id);
    applied_.erase(id);
}

void Lab::restart(NodeId id) {
    crash(id);
    fleet.start(id);
    fleet.connect(id);
}

std::size_t Lab::log_bytes() const {
    std::size_t most = 0;
    for (NodeId id = 1; id <= size(); ++id) {
        most = std::max(most, fleet.log_bytes(id));
    }
    return most;
}

}  // namespace squall::raft::mit
