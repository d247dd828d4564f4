#include "tests/raft/mit/scenario.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "raft/assert.hpp"

namespace squall::raft::mit {

AssertionsFail::AssertionsFail() {
    assertion_handler = [](const char* expression, const char* file, int line, const char*) {
        throw Failed(fmt::format("assertion failed: {} ({}:{})", expression, file, line));
    };
}

AssertionsFail::~AssertionsFail() {
    assertion_handler = nullptr;
}

Outcome run(const Scenario& scenario, LabOptions options) {
    if (scenario.snapshot_every > 0 && options.snapshot_every == 0) {
        options.snapshot_every = scenario.snapshot_every;
    }
    Lab lab(scenario.servers, options);
    lab.fleet.network.unreliable = scenario.unreliable;
    return play(lab, scenario.run);
}

const Scenario& find_scenario(std::string_view name) {
    for (const auto scenarios : {election_scenarios(),
                                 agreement_scenarios(),
                                 persistence_scenarios(),
                                 snapshot_scenarios()}) {
        const auto found = std::ranges::find(scenarios, name, &Scenario::name);
        if (found != scenarios.end()) {
            return *found;
        }
    }
    ASSERT(!"there is such a scenario");
    return election_scenarios().front();
}

}  // namespace squall::raft::mit
