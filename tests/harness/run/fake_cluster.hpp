// A driver for Run without any nodes: answers come from a table of chances, in virtual time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/run.hpp"

namespace squall::harness {

struct FakeBehaviour {
    std::uint64_t seed = 0;
    // In percent; what is left over is ok.
    std::uint64_t never_answers = 0;
    std::uint64_t fails = 0;
    std::uint64_t is_unsure = 0;
    std::uint64_t fault_unconfirmed = 0;
    std::uint64_t fault_never_ends = 0;
    Duration answer_within = std::chrono::milliseconds(20);  ///< May exceed the timeout.
    std::set<NodeId> silent;                                 ///< Nodes that are never seen up.
    std::multimap<Time, Input> extra;                        ///< Comes besides.
};

struct FakeRun {
    std::vector<history::Event> events;
    std::vector<Invocation> invocations;
    std::set<OpId> abandoned;
    std::map<FaultId, Time> injected;
    std::map<FaultId, Time> healed;
    bool finished = false;
    Time ended{};
    std::uint64_t inputs = 0;
    std::uint64_t idle_wakes = 0;  ///< Wakes that led to nothing.
    std::string problem;           ///< The first broken promise of Run, if any.
    Plan realised;
    Progress progress;

    /// Index of the note with that text; -1 if there is none.
    [[nodiscard]] std::int64_t note(const std::string& text) const;
};

[[nodiscard]] FakeRun fake_run(const Plan& plan, const FakeBehaviour& behaviour = {});

}  // namespace squall::harness
