// The interpreter of a plan: decides everything about a run's course (when to invoke, time out,
// retire a client, inject, heal, settle, read finally, finish) and nothing about how. Pure: no
// clock, no I/O, no waiting. Two drivers carry out its actions: real time (harness/process) and
// virtual time (harness/sim).
//
// Phases: main (operations and faults) -> heal (everything undone) -> settle (until every node
// answers and a leader is known, or the bound has passed) -> final (every key read through every
// node) -> done.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/cluster.hpp"
#include "harness/plan.hpp"
#include "history/event.hpp"
#include "history/operation.hpp"

namespace squall::harness {

// ---- inputs

/// Time has come for something; also the first input of a run.
struct Wake {};

/// How an operation ended, by the rules of docs/outcomes-and-verdicts.md.
struct Answer {
    history::Outcome outcome = history::Outcome::info;
    history::Value value;  ///< ok: read's result, failed cas's current value.
    std::optional<bool> applied;
    std::string error;  ///< fail, info: slug.
    std::optional<history::LogPosition> position;
    NodeId node = 0;  ///< Who answered; 0 if nobody.
};

struct Replied {
    OpId op = 0;
    Answer answer;
};

/// The fault is in force.
struct FaultBegun {
    FaultId id = 0;
};

/// The fault is undone. `effect` was measured, see docs/fault-model.md.
struct FaultEnded {
    FaultId id = 0;
    std::map<std::string, std::int64_t> effect;
};

/// What a node says of itself when asked. `up == false`: it does not answer.
struct Observed {
    NodeId node = 0;
    bool up = false;
    std::string role;  ///< leader, follower, candidate, pre_candidate, or unknown.
    std::uint64_t term = 0;
    NodeId leader = 0;
};

/// A node ended though nobody ended it.
struct NodeExited {
    NodeId node = 0;
    std::string how;         ///< "signal 6 (Aborted)", "exit code 3".
    std::string last_words;  ///< End of its stderr.
    bool by_fault = false;   ///< A fault made it end, as it should: no finding.
    bool for_ever = false;   ///< It will not start again.
};

/// Somebody wants the run to end: go to the heal phase now.
struct StopRequested {
    std::string reason;
};

using Input =
    std::variant<Wake, Replied, FaultBegun, FaultEnded, Observed, NodeExited, StopRequested>;

// ---- actions, to be carried out in order

/// Append to the history: before anything that follows.
struct Record {
    history::Event event;
};

struct Invoke {
    Invocation invocation;
};

struct Abandon {
    OpId op = 0;
};

struct Inject {
    FaultId id = 0;
    nemesis::Fault fault;
};

struct Heal {
    FaultId id = 0;
};

/// Nothing more will come; everything is healed.
struct Finish {};

using RunAction = std::variant<Record, Invoke, Abandon, Inject, Heal, Finish>;

/// For the progress line.
struct Progress {
    std::string phase;
    std::uint64_t invoked = 0;
    std::uint64_t ok = 0;
    std::uint64_t fail = 0;
    std::uint64_t info = 0;
    std::vector<std::string> active_faults;  ///< Their details.
    NodeId leader = 0;
    Duration remaining{};  ///< Of the main phase.
};

class Run {
  public:
    /// Throws Failure when the plan names a workload or fault class that does not exist.
    explicit Run(const Plan& plan);
    ~Run();
    Run(Run&&) noexcept;
    Run& operator=(Run&&) noexcept;

    /// Time starts at 0 with a Wake. Inputs come in the order of their times.
    [[nodiscard]] std::vector<RunAction> on(Time now, const Input& input);

    /// When it wants a Wake, at the latest; nothing when only outside input can move it.
    [[nodiscard]] std::optional<Time> next_wake() const;

    [[nodiscard]] Progress progress(Time now) const;

    /// The plan as it happened: faults with the actions and times that were really injected.
    [[nodiscard]] Plan realised() const;

    /// Nodes that nobody healed on purpose (the plan heals a quorum only), ascending.
    [[nodiscard]] const std::vector<NodeId>& given_up() const;

    /// Exits that nobody asked for.
    [[nodiscard]] const std::vector<NodeExited>& unplanned_exits() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::harness
