// What the MIT 6.824 labs' tester can do to a cluster and ask of it (its config.go), in virtual
// time: elect, start commands, count who has them, disconnect, crash. Whatever the labs demand and
// does not come throws Failed.
//
// Positions are log indices. A leader of ours begins its term with an entry of its own (§8), so
// where the labs count commands, `ordinal` does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/raft/mit/fleet.hpp"
#include "tests/raft/mit/list_machine.hpp"
#include "tests/raft/mit/measured.hpp"

namespace squall::raft::mit {

/// The labs' unit of time: within it a healthy cluster elects a leader.
inline constexpr Duration election_timeout = std::chrono::seconds(1);

struct LabOptions {
    std::uint64_t seed = 1;
    /// Who takes part, its seed and bug are set by the lab.
    CoreConfig core;
    Index snapshot_every = 0;  ///< Entries; 0: no snapshots.
    std::optional<zoo::Bug> bug;
};

class Lab {
  public:
    Lab(std::size_t servers, const LabOptions& options);

    Fleet fleet;
    Measures measures;

    // ---- time and chance

    void sleep(Duration duration) { fleet.sleep(duration); }

    [[nodiscard]] std::uint64_t below(std::uint64_t bound);

    /// A command that was never used, such as the labs' random numbers.
    [[nodiscard]] std::string fresh();

    // ---- leaders

    /// Looks ten times, about every half second: somebody leads and nobody else in that term.
    NodeId check_one_leader();
    void check_no_leader();
    /// The term that all connected servers are in.
    Term check_terms();

    // ---- commands

    /// Nothing: the server does not run or does not lead.
    std::optional<LogId> start(NodeId id, const std::string& command);

    struct Committed {
        std::size_t servers = 0;  ///< That have applied the entry.
        std::string command;
    };

    /// Fails when two servers applied different things.
    [[nodiscard]] Committed committed(Index index);

    /// The command is applied by so many servers within 10 s, started again where 2 s were not
    /// enough (once only if not `retry`). Where it stands.
    Index one(const std::string& command, std::size_t servers, bool retry = true);

    /// Several at once.
    std::vector<Index> all(const std::vector<std::string>& commands, std::size_t servers);

    /// How many commands stand at or before the index, as far as anybody has applied it.
    [[nodiscard]] std::size_t ordinal(Index index) const;

    /// Commands that anybody has applied.
    [[nodiscard]] std::size_t commands() const { return ordinal(agreed_.size()); }

    /// Everything that anybody has applied, from index 1.
    [[nodiscard]] const ListMachine::List& agreed() const { return agreed_; }

    // ---- servers, in the labs' numbering

    [[nodiscard]] std::size_t size() const { return fleet.size(); }

    /// The one so many places after, round the ring.
    [[nodiscard]] NodeId after(NodeId id, std::size_t places) const;

    [[nodiscard]] NodeId any_server() { return static_cast<NodeId>(below(fleet.size())) + 1; }

    void disconnect(NodeId id) { fleet.disconnect(id); }

    void connect(NodeId id) { fleet.connect(id); }

    /// Disconnects it, too.
    void crash(NodeId id);
    /// Crashes it if it runs, starts it and connects it.
    void restart(NodeId id);

    [[nodiscard]] Status status(NodeId id) { return fleet.machine(id).status(); }

    /// The largest log among the servers.
    [[nodiscard]] std::size_t log_bytes() const;

  private:
    [[nodiscard]] bool leads(NodeId id);
    void learn(NodeId id, const ListMachine::List& list);

    std::uint64_t seed_;
    std::uint64_t draws_ = 0;
    std::uint64_t commands_ = 0;
    std::map<NodeId, std::uint64_t> lives_;
    std::map<NodeId, Index> applied_;
    ListMachine::List agreed_;
    std::string forked_;  ///< Who applied what nobody else did.
};

}  // namespace squall::raft::mit
