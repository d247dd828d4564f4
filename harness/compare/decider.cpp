#include "harness/compare/decider.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace squall::harness::compare {
namespace {

/// With fewer nothing is said about a tier.
constexpr std::uint64_t simulated_min = 100;
constexpr std::uint64_t real_min = 2;
/// Evidence, not enough for a conviction, with which "no difference" would be too much said.
constexpr double doubtful = 20;

void count(bool patch, bool base, Discordant& pairs) {
    pairs.against += patch && !base ? 1U : 0U;
    pairs.opposite += base && !patch ? 1U : 0U;
}

Tally& operator+=(Tally& sum, const Tally& more) {
    sum.pairs += more.pairs;
    sum.undecided += more.undecided;
    sum.identical += more.identical;
    sum.safety.against += more.safety.against;
    sum.safety.opposite += more.safety.opposite;
    sum.service.against += more.service.against;
    sum.service.opposite += more.service.opposite;
    sum.both += more.both;
    return sum;
}

Discordant turned(const Discordant& pairs) {
    return {pairs.opposite, pairs.against};
}

bool proved(const Confirmation& each) {
    return each.patch_again > 0 && each.base_failed == 0;
}

std::string sentence(const char* kind, const Discordant& pairs, const char* who) {
    return fmt::format("{}: in {} pairs the {} alone failed, in {} the other side alone",
                       kind,
                       pairs.against,
                       who,
                       pairs.opposite);
}

}  // namespace

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::no_difference:
            return "no difference found within budget";
        case Verdict::fixes_failures:
            return "patch fixes failures";
        case Verdict::introduces_failures:
            return "patch introduces failures";
        case Verdict::could_not_tell:
            return "could not tell";
        case Verdict::not_built:
            return "void: does not build";
    }
    return "could not tell";
}

int exit_code(Verdict verdict) {
    switch (verdict) {
        case Verdict::no_difference:
        case Verdict::fixes_failures:
            return 0;
        case Verdict::introduces_failures:
            return 1;
        case Verdict::could_not_tell:
            return 2;
        case Verdict::not_built:
            return 3;
    }
    return 2;
}

void Decider::add(const PairOutcome& pair) {
    Tally& tally = tallies_[{pair.tier, pair.profile}];
    // What a run of the base shows, it shows whatever became of the other run.
    base_failed_.insert(pair.base.safety.begin(), pair.base.safety.end());
    patch_failed_.insert(pair.patch.safety.begin(), pair.patch.safety.end());
    if (!pair.base.judged || !pair.patch.judged) {
        ++tally.undecided;
        base_problem_ = base_problem_.empty() ? pair.base.problem : base_problem_;
        patch_problem_ = patch_problem_.empty() ? pair.patch.problem : patch_problem_;
        return;
    }
    ++tally.pairs;
    tally.identical += pair.identical ? 1U : 0U;
    count(!pair.patch.safety.empty(), !pair.base.safety.empty(), tally.safety);
    count(!pair.patch.service.empty(), !pair.base.service.empty(), tally.service);
    const auto failed = [](const SideOutcome& side) {
        return !side.safety.empty() || !side.service.empty();
    };
    tally.both += failed(pair.base) && failed(pair.patch) ? 1U : 0U;
}

std::optional<std::string> Decider::suspicious(const PairOutcome& pair) const {
    for (const std::string& check : pair.patch.safety) {
        const auto known = [&](const Confirmation& each) {
            return each.check == check && (each.tier == pair.tier || proved(each));
        };
        if (!base_has(check) && std::ranges::none_of(confirmations_, known)) {
            return check;
        }
    }
    return std::nullopt;
}

void Decider::add(const Confirmation& confirmation) {
    confirmations_.push_back(confirmation);
    if (confirmation.base_failed > 0) {
        base_failed_.insert(confirmation.check);
    }
}

std::vector<std::string> Decider::proofs() const {
    std::vector<std::string> found;
    for (const Confirmation& each : confirmations_) {
        if (!proved(each) || base_has(each.check)) {
            continue;
        }
        found.push_back(
            each.tier == PairTier::simulator
                ? fmt::format("{}: the patch's build fails it in the simulator, again at every "
                              "replay of the plan; the base does not, nor in {} plans around it, "
                              "of which the patch fails {} of {}",
                              each.check,
                              each.base_runs - 1,
                              each.around_failed,
                              each.around_runs)
                : fmt::format("{}: the patch's build fails it on real processes, and again in {} "
                              "of {} more runs of the plan; the base in none of {}",
                              each.check,
                              each.patch_again,
                              each.patch_runs,
                              each.base_runs));
    }
    return found;
}

std::vector<std::string> Decider::open_questions() const {
    std::vector<std::string> open;
    for (const std::string& check : patch_failed_) {
        const auto settled = [&](const Confirmation& each) {
            return each.check == check && proved(each);
        };
        // What the base has, too, is for the tests.
        if (!base_has(check) && std::ranges::none_of(confirmations_, settled)) {
            open.push_back(check + ": the patch failed it, but not again");
        }
    }
    const Tally all = total();
    const auto doubt = [&](const char* kind, const Discordant& pairs) {
        if (log_evidence(pairs) >= std::log(doubtful)) {
            open.push_back(sentence(kind, pairs, "patch") + ", which is suspicious, but no proof");
        }
    };
    doubt("safety", all.safety);
    doubt("service", all.service);
    Tally simulated;
    Tally real;
    for (const auto& [where, tally] : tallies_) {
        (where.first == PairTier::simulator ? simulated : real) += tally;
    }
    if (simulated.pairs < simulated_min && real.pairs < real_min) {
        // Where most could not be judged, time is not what they need.
        const bool unfit = all.undecided > all.pairs;
        open.push_back(fmt::format(
            "only {} simulated and {} real pairs could be judged; {}",
            simulated.pairs,
            real.pairs,
            unfit ? fmt::format("{} could not", all.undecided) : "give it more time (--budget)"));
        for (const auto& [who, problem] :
             {std::pair("base", base_problem_), std::pair("patch", patch_problem_)}) {
            if (unfit && !problem.empty()) {
                open.push_back(
                    fmt::format("the {}'s first run that could not be judged is {}", who, problem));
            }
        }
    }
    return open;
}

bool Decider::settled() const {
    const Tally all = total();
    return !proofs().empty() || convicts(all.safety, alpha_of_test()) ||
           convicts(all.service, alpha_of_test());
}

Decision Decider::decision(const std::string& cut_short) const {
    const Tally all = total();
    const double alpha = alpha_of_test();
    Decision bad{Verdict::introduces_failures, proofs()};
    Decision good{Verdict::fixes_failures, {}};
    const auto test = [&](const char* kind, const Discordant& pairs) {
        if (convicts(pairs, alpha)) {
            bad.reasons.push_back(sentence(kind, pairs, "patch"));
        }
        if (convicts(turned(pairs), alpha)) {
            good.reasons.push_back(sentence(kind, turned(pairs), "base"));
        }
    };
    test("safety", all.safety);
    test("service", all.service);
    if (!bad.reasons.empty()) {
        bad.reasons.insert(bad.reasons.end(), good.reasons.begin(), good.reasons.end());
        return bad;
    }
    std::vector<std::string> open = open_questions();
    if (!cut_short.empty() && good.reasons.empty()) {
        open.insert(open.begin(), cut_short);
    }
    if (!open.empty()) {
        return {Verdict::could_not_tell, std::move(open)};
    }
    return good.reasons.empty() ? Decision{} : good;
}

Tally Decider::total() const {
    Tally sum;
    for (const auto& [where, tally] : tallies_) {
        sum += tally;
    }
    return sum;
}

Sight Decider::sight(PairTier tier) const {
    Tally sum;
    for (const auto& [where, tally] : tallies_) {
        if (where.first == tier) {
            sum += tally;
        }
    }
    const Tally all = total();
    Sight sight{tier, sum.pairs, {}, {}};
    const std::uint64_t proof = tier == PairTier::simulator ? 1 : 2;
    sight.safety = smallest_rate(sum.pairs, proof, options_.power);
    sight.service = smallest_rate(
        sum.pairs, convicting_pairs(alpha_of_test(), all.service.opposite), options_.power);
    return sight;
}

}  // namespace squall::harness::compare
