// How documented bugs are convicted, measured in the simulator: not a test, and built only when
// asked for.
//   measure_neighbours runs PROFILE BUG SEEDS [FIRST]
//       A line for each run: what its plan was like, and which checks failed.
//   measure_neighbours rate BUG SEEDS PROFILE [CLASS SHAPE lasting|quick quorum|all NODES RATE]
//       A way that is being thought of: in how many runs safety and service checks fail. "-" is
//       for what is drawn.
//   measure_neighbours pairs BUG TRIES MOST
//       How many targeted pairs it takes to convict a patch that has the bug: by profiles alone,
//       with all neighbours, with all but the bug itself, and the same when the patch changes
//       another function of the file. At most so many; "-": not convicted by them.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/compare/decider.hpp"
#include "harness/compare/pair_outcome.hpp"
#include "harness/compare/profiles.hpp"
#include "harness/compare/targeting.hpp"
#include "harness/judge.hpp"
#include "harness/sim/simulate.hpp"
#include "sites_of_today.hpp"

namespace squall::harness::compare {
namespace {

constexpr checker::Budget budget{.steps = 5'000'000, .bytes = std::uint64_t{256} << 20U};

SideOutcome simulated(Plan plan, const std::string& bug) {
    plan.bug = bug;
    return outcome_of(judge(sim::simulate(plan, {.keep_traces = true}).record,
                            {.budget = budget, .version = "", .command = "sim"}));
}

/// Classes with their shapes.
std::string faults_of(const Plan& plan) {
    std::map<std::string, std::set<std::string>> shapes;
    for (const nemesis::PlannedFault& fault : plan.faults) {
        shapes[fault.name].insert(fault.shape);
    }
    std::string text;
    for (const auto& [name, of_class] : shapes) {
        text += fmt::format("{}{}:{}", text.empty() ? "" : "+", name, fmt::join(of_class, ","));
    }
    return text;
}

void show(const std::string& bug, const Profile& profile, std::uint64_t seed) {
    const Plan plan = plan_of(profile, seed, false);
    const SideOutcome outcome = simulated(plan, bug);
    double longest = 0;
    for (const nemesis::PlannedFault& fault : plan.faults) {
        longest = std::max(longest,
                           std::chrono::duration<double>(fault.duration) /
                               std::chrono::duration<double>(plan.timing.election_max));
    }
    fmt::print(
        "{}\t{}\t{}\t{}\t{}\tnodes={}\t{}\t{}\tlongest={:.1f}\tquorum_only={}\trate={:.0f}\tkeys={}"
        "\t"
        "snapshot={}\tinflight={}\tappend={}\ttightness={:.2f}\n",
        bug,
        profile.name,
        seed,
        fmt::join(outcome.safety, ","),
        fmt::join(outcome.service, ","),
        plan.nodes,
        plan.workload,
        faults_of(plan),
        longest,
        plan.heal_quorum_only,
        plan.rate,
        plan.keys,
        plan.snapshot_interval,
        plan.limits->max_inflight,
        plan.limits->max_append_bytes,
        std::chrono::duration<double>(plan.timing.election_max) /
            std::chrono::duration<double>(plan.timing.election_min));
    std::fflush(stdout);
}

/// Words of a way: class, shape, "lasting" or "quick", "quorum" or "all", nodes, rate; "-" for what
/// is drawn.
Narrowing narrowing_of(std::span<const std::string> words) {
    const auto word = [&](std::size_t i) {
        return i < words.size() && words[i] != "-" ? std::string_view(words[i])
                                                   : std::string_view();
    };
    const auto number = [&](std::size_t i) {
        return word(i).empty() ? 0U : static_cast<std::uint32_t>(std::stoul(words[i]));
    };
    Narrowing narrowing{.fault_class = word(0), .shape = word(1)};
    if (!word(2).empty()) {
        narrowing.lasting = word(2) == "lasting";
    }
    if (!word(3).empty()) {
        narrowing.quorum_only = word(3) == "quorum";
    }
    narrowing.nodes = number(4);
    narrowing.rate = number(5);
    return narrowing;
}

/// In how many of these runs the bug showed.
void show_rate(const std::string& bug, std::uint64_t seeds, std::span<const std::string> words) {
    const Profile& profile = *find_profile(words[0]);
    const Narrowing narrowing = narrowing_of(words.subspan(1));
    std::uint64_t safety = 0;
    std::uint64_t service = 0;
    for (std::uint64_t seed = 4'000'000; seed < 4'000'000 + seeds; ++seed) {
        const SideOutcome outcome = simulated(plan_of(profile, seed, false, narrowing), bug);
        safety += outcome.safety.empty() ? 0U : 1U;
        service += outcome.service.empty() ? 0U : 1U;
    }
    fmt::print("{}\t{}\t{}\t{}\t{}\n",
               bug,
               to_text(Way{"", profile.name, narrowing}),
               seeds,
               safety,
               service);
    std::fflush(stdout);
}

/// The base is taken to be valid: it costs half of the time and changes nothing.
std::string pairs_to_conviction(const std::string& bug,
                                const Target& target,
                                std::uint64_t first,
                                std::uint64_t most) {
    Decider decider;
    for (std::uint64_t n = 0; n < most; ++n) {
        const Mix mix = mix_of_pair(target, n);
        PairOutcome pair{.profile = mix.name, .seed = first + n};
        pair.base.judged = true;
        pair.patch = simulated(plan_of(*mix.profile, pair.seed, false, mix.narrowing), bug);
        decider.add(pair);
        if (const auto check = decider.suspicious(pair)) {
            decider.add(Confirmation{.check = *check, .patch_again = 1, .patch_runs = 1});
        }
        if (decider.settled()) {
            return std::to_string(n + 1);
        }
    }
    return "-";
}

void show_pairs(const std::string& bug, std::uint64_t tries, std::uint64_t most) {
    const std::vector<BugSite> all = sites_of_today();
    std::vector<BugSite> others = all;
    std::erase_if(others, [&](const BugSite& site) { return site.bug == bug; });
    const BugSite site = *std::ranges::find(all, bug, &BugSite::bug);
    const std::vector<ChangedFile> here{{site.path, {site.function}, 1}};
    const std::vector<ChangedFile> elsewhere{{site.path, {}, 1}};
    const std::array<std::pair<const char*, Target>, 4> targets{
        std::pair("profiles", target_of(here)),
        std::pair("neighbours", target_of(here, all)),
        std::pair("others", target_of(here, others)),
        std::pair("file", target_of(elsewhere, others))};
    for (const auto& [name, target] : targets) {
        fmt::print("{}\t{}\t{}", bug, name, target.neighbours.size());
        for (std::uint64_t i = 1; i <= tries; ++i) {
            fmt::print("\t{}", pairs_to_conviction(bug, target, i * 1'000'000, most));
            std::fflush(stdout);
        }
        fmt::print("\n");
    }
}

int measure(const std::vector<std::string>& words) {
    if (words.at(0) == "rate") {
        show_rate(words.at(1), std::stoull(words.at(2)), std::span(words).subspan(3));
        return 0;
    }
    if (words.at(0) == "pairs") {
        show_pairs(words.at(1), std::stoull(words.at(2)), std::stoull(words.at(3)));
        return 0;
    }
    const std::uint64_t first = words.size() > 4 ? std::stoull(words[4]) : 1;
    for (std::uint64_t seed = first; seed < first + std::stoull(words.at(3)); ++seed) {
        show(words.at(2), *find_profile(words.at(1)), seed);
    }
    return 0;
}

}  // namespace
}  // namespace squall::harness::compare

int main(int argc, char** argv) {
    return squall::harness::compare::measure({argv + 1, argv + argc});
}
