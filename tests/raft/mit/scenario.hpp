// The labs' scenarios by name, each a script over a lab that throws Failed when something that the
// labs demand is not so.
#pragma once

#include <chrono>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/raft/mit/lab.hpp"

namespace squall::raft::mit {

struct Scenario {
    std::string_view name;
    std::size_t servers = 3;
    void (*run)(Lab&) = nullptr;
    Index snapshot_every = 0;
    bool unreliable = false;
};

/// Of the Raft labs: 2A elections, 2B agreement, 2C persistence, 2D snapshots.
[[nodiscard]] std::span<const Scenario> election_scenarios();
[[nodiscard]] std::span<const Scenario> agreement_scenarios();
[[nodiscard]] std::span<const Scenario> persistence_scenarios();
[[nodiscard]] std::span<const Scenario> snapshot_scenarios();

/// While it lives, a server that fails an assertion of its own ends the scenario and not the test.
class AssertionsFail {
  public:
    AssertionsFail();
    ~AssertionsFail();
    AssertionsFail(const AssertionsFail&) = delete;
    AssertionsFail& operator=(const AssertionsFail&) = delete;
};

/// The labs end a test that takes longer.
inline constexpr double longest_s = 120;

struct Outcome {
    std::string failed;  ///< In words; empty: it passed.
    std::vector<Measure> measures;
    Duration length{};  ///< Virtual.
};

/// Plays `script` in the lab, whichever it is, to its end or to what fails.
template <typename AnyLab, typename Script>
[[nodiscard]] Outcome play(AnyLab& lab, const Script& script) {
    const AssertionsFail guard;
    Outcome outcome;
    try {
        script(lab);
        lab.measures.at_most("s for the whole scenario",
                             std::chrono::duration<double>(lab.fleet.now()).count(),
                             longest_s);
    } catch (const std::runtime_error& failed) {
        // Failed, or a storage that refuses what it finds.
        outcome.failed = failed.what();
    }
    outcome.measures = lab.measures.all();
    outcome.length = lab.fleet.now();
    return outcome;
}

/// Runs it with the scenario's own snapshots on top of `options`.
[[nodiscard]] Outcome run(const Scenario& scenario, LabOptions options);

/// Aborts when there is none.
[[nodiscard]] const Scenario& find_scenario(std::string_view name);

}  // namespace squall::raft::mit
