// How small failing runs become and how long that takes: the bugs of the zoo, from the seeds given,
// as `squall zoo` runs them. One line per bug with medians; --each for every seed.
// Usage: shrink_bench [SEEDS] [FIRST] [--each] [BUG...]
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/judge.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/swarm.hpp"
#include "raft/zoo/zoo.hpp"

namespace {

using namespace squall::harness;  // NOLINT(google-build-using-namespace)

struct Outcome {
    shrink::Size before;
    shrink::Size after;
    std::uint64_t attempts = 0;
    double seconds = 0;
    bool fails_again = false;
};

Plan storm(std::uint64_t seed, const std::string& bug) {
    Plan plan = swarm_plan(seed);
    plan.bug = bug;
    return plan;
}

Results judged(const Plan& plan) {
    return judge(sim::simulate(plan).record, {.version = "bench", .command = "sim"});
}

std::optional<Outcome> shrink_storm(const Plan& plan, std::string& check) {
    const RunRecord record = sim::simulate(plan).record;
    const Results results = judge(record, {.version = "bench", .command = "sim"});
    check = shrink::failing_check(results);
    if (check.empty()) {
        return std::nullopt;
    }
    shrink::ObservedRun run{plan,
                            shrink::operations_of(record.events, plan),
                            record.realised.faults,
                            shrink::violation_time(results, check, record.events)};
    shrink::SessionOptions options = shrink::exact();
    options.run = [&](const Plan& smaller) { return shrink::fails(judged(smaller), check); };
    const auto begin = std::chrono::steady_clock::now();
    const shrink::Shrunk shrunk = shrink::shrink(run, options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return Outcome{shrink::size_of(plan, run.operations.size()),
                   shrink::size_of(shrunk.plan, 0),
                   shrunk.attempts,
                   took.count(),
                   shrink::fails(judged(shrunk.plan), check)};
}

template <typename Property>
auto median(const std::vector<Outcome>& outcomes, const Property& property) {
    std::vector<decltype(property(outcomes.front()))> values;
    for (const Outcome& outcome : outcomes) {
        values.push_back(property(outcome));
    }
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10;
    const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const bool each = argc > 3 && std::strcmp(argv[3], "--each") == 0;
    const std::vector<std::string> wanted(argv + std::min(argc, each ? 4 : 3), argv + argc);
    for (const auto& bug : squall::raft::zoo::catalogue) {
        if (!wanted.empty() && std::ranges::find(wanted, bug.slug) == wanted.end()) {
            continue;
        }
        std::vector<Outcome> outcomes;
        for (std::uint64_t seed = first; outcomes.size() < seeds && seed < first + 400 * seeds;
             ++seed) {
            std::string check;
            const auto outcome = shrink_storm(storm(seed, std::string(bug.slug)), check);
            if (outcome) {
                outcomes.push_back(*outcome);
            }
            if (outcome && each) {
                fmt::print("{} seed {}: {}: {} -> {}; {} plans, {:.1f} s{}\n",
                           bug.slug,
                           seed,
                           check,
                           shrink::to_text(outcome->before),
                           shrink::to_text(outcome->after),
                           outcome->attempts,
                           outcome->seconds,
                           outcome->fails_again ? "" : "; DOES NOT FAIL AGAIN");
                std::fflush(stdout);
            }
        }
        if (outcomes.empty()) {
            fmt::print("{}: no seed failed\n", bug.slug);
            continue;
        }
        fmt::print(
            "{}: {} failing seeds; median {} faults, {} operations, {} nodes, {:.3f} s simulated; "
            "{} plans and {:.2f} s to shrink (worst {:.2f} s); {} fail again\n",
            bug.slug,
            outcomes.size(),
            median(outcomes, [](const Outcome& o) { return o.after.faults; }),
            median(outcomes, [](const Outcome& o) { return o.after.operations; }),
            median(outcomes, [](const Outcome& o) { return o.after.nodes; }),
            std::chrono::duration<double>(
                median(outcomes, [](const Outcome& o) { return o.after.length; }))
                .count(),
            median(outcomes, [](const Outcome& o) { return o.attempts; }),
            median(outcomes, [](const Outcome& o) { return o.seconds; }),
            std::ranges::max(outcomes, {}, &Outcome::seconds).seconds,
            std::ranges::count_if(outcomes, &Outcome::fails_again));
    }
    return 0;
}
