// Every scenario of the labs, with several seeds (SQUALL_PROPERTY_CASES says how many); what
// was measured is printed.
#include <cstdio>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "tests/raft/mit/kv_scenario.hpp"
#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {
namespace {

/// Seeds of each scenario.
std::uint64_t cases(std::uint64_t otherwise) {
    const char* asked = std::getenv("SQUALL_PROPERTY_CASES");
    return asked != nullptr ? std::strtoull(asked, nullptr, 10) : otherwise;
}

std::vector<std::string_view> names() {
    std::vector<std::string_view> all;
    for (const auto scenarios : {election_scenarios(),
                                 agreement_scenarios(),
                                 persistence_scenarios(),
                                 snapshot_scenarios()}) {
        for (const Scenario& scenario : scenarios) {
            all.push_back(scenario.name);
        }
    }
    return all;
}

std::vector<std::string_view> kv_names() {
    std::vector<std::string_view> all;
    for (const KvScenario& scenario : kv_scenarios()) {
        all.push_back(scenario.name);
    }
    return all;
}

template <typename Some>
void expect_passes(const Some& scenario, std::uint64_t seeds) {
    std::map<std::string, Measure> worst;
    Duration length{};
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        LabOptions options;
        options.seed = seed;
        options.core.compaction_margin = 2;

        const Outcome outcome = run(scenario, options);

        EXPECT_EQ(outcome.failed, "") << "seed " << seed;
        length += outcome.length;
        for (const Measure& measure : outcome.measures) {
            Measure& known = worst.try_emplace(measure.what, measure).first->second;
            known.value = std::max(known.value, measure.value);
        }
    }
    std::printf("%s: %.0f virtual seconds\n",
                std::string(scenario.name).c_str(),
                std::chrono::duration<double>(length).count());
    for (const auto& [what, measure] : worst) {
        std::printf("  %s: at most %g, allowed %g\n", what.c_str(), measure.value, measure.most);
        EXPECT_GT(measure.value, 0) << what << " was never seen";
    }
}

class RaftLabs : public testing::TestWithParam<std::string_view> {};

TEST_P(RaftLabs, Passes) {
    expect_passes(find_scenario(GetParam()), cases(20));
}

class KvLabs : public testing::TestWithParam<std::string_view> {};

TEST_P(KvLabs, Passes) {
    expect_passes(find_kv_scenario(GetParam()), cases(3));
}

INSTANTIATE_TEST_SUITE_P(Mit, KvLabs, testing::ValuesIn(kv_names()), [](const auto& each) {
    return std::string(each.param);
});

INSTANTIATE_TEST_SUITE_P(Mit, RaftLabs, testing::ValuesIn(names()), [](const auto& each) {
    return std::string(each.param);
});

}  // namespace
}  // namespace squall::raft::mit
