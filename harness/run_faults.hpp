// The faults of a run: resolves each when its time comes, has it injected and healed, and records
// what became of it. Every fault that was injected is healed, confirmed or not. Part of Run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/run_output.hpp"
#include "harness/run_watch.hpp"
#include "nemesis/active_faults.hpp"

namespace squall::harness {

class FaultBook {
  public:
    /// Throws Failure when the plan names a class that does not exist. All arguments live longer.
    FaultBook(const Plan& plan, RunOutput& output, ClusterWatch& watch);

    /// Injects and heals what is due.
    void run_due();

    /// Injects nothing more and heals everything that is active.
    void heal_all();

    /// Breaks the nodes in ways drawn by seed: down, or not heard, or deaf, or both. Nothing ever
    /// undoes that.
    void break_for_ever(const std::vector<NodeId>& nodes);

    void begun(FaultId id);
    void ended(FaultId id, const std::map<std::string, std::int64_t>& effect);

    /// But for what is for ever.
    [[nodiscard]] bool all_ended() const { return open_.size() == for_ever_.size(); }

    /// "partition 3, kill 7": those that were not undone yet.
    [[nodiscard]] std::string open_in_words() const;

    [[nodiscard]] std::optional<Time> next_due() const;

    /// What is in force, in words.
    [[nodiscard]] std::vector<std::string> active_details() const;

    /// A fault has damaged the node's files: it may refuse to start.
    [[nodiscard]] bool rotten(NodeId node) const { return rotten_.contains(node); }

    /// Nodes that are down, planned or not, ascending.
    [[nodiscard]] std::vector<NodeId> down() const;

    /// The faults that took hold, as plan entries that repeat them.
    [[nodiscard]] std::vector<nemesis::PlannedFault> realised() const;

  private:
    struct Open {
        nemesis::PlannedFault planned;
        nemesis::Fault fault;
        std::vector<history::FaultTarget> targets;
        bool begun = false;
        Time begun_at{};
        Time heal_at{};
        bool healing = false;
    };

    [[nodiscard]] std::optional<nemesis::Fault> resolve(const nemesis::PlannedFault& planned) const;
    void inject(const nemesis::PlannedFault& planned);
    void inject_for_ever(const std::string& detail, NodeId node, nemesis::Action action);
    void heal(FaultId id, Open& open);
    void record(const Open& open,
                history::FaultPhase phase,
                const std::map<std::string, std::int64_t>& effect = {});

    const Plan& plan_;
    RunOutput& output_;
    ClusterWatch& watch_;
    std::size_t next_ = 0;  ///< Of the plan's entries.
    std::map<FaultId, Open> open_;
    std::set<FaultId> for_ever_;
    std::set<NodeId> rotten_;
    nemesis::ActiveFaults active_;
    std::map<FaultId, nemesis::PlannedFault> realised_;
};

}  // namespace squall::harness
