// What the pairs seen so far amount to. Pure: told of every pair, and of what became of a failure
// when it was looked into, it says whether to go on.
//
// A *safety* failure of the patch is a proof about the patch's build, so one suffices, if it comes
// again (exactly, in the simulator; at least once more on real processes) and the base has never
// failed the same check: neither in its pairs nor around the plan in question. A *service* failure
// is chance as well as fault, and is judged by the sequential test alone; so is a safety failure
// that the base has, too.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/compare/pair_outcome.hpp"
#include "harness/compare/sequential_test.hpp"

namespace squall::harness::compare {

struct DeciderOptions {
    double alpha = 0.01;  ///< Of saying wrongly that a side fails more often, over all tests.
    double power = 0.95;  ///< For what could have been seen.
};

/// A safety failure of the patch, looked into.
struct Confirmation {
    std::string check;
    PairTier tier = PairTier::simulator;
    std::uint64_t patch_again = 0;  ///< How often it came again...
    std::uint64_t patch_runs = 0;   ///< ...in how many runs of the same plan, after the first.
    std::uint64_t base_failed = 0;  ///< On the same plan and around it.
    std::uint64_t base_runs = 0;
    std::uint64_t around_failed = 0;  ///< The patch, on the plans around it.
    std::uint64_t around_runs = 0;
};

struct Tally {
    std::uint64_t pairs = 0;      ///< Judged on both sides.
    std::uint64_t undecided = 0;  ///< Not: unknown or void on either.
    std::uint64_t identical = 0;
    Discordant safety;       ///< against: the patch alone failed.
    Discordant service;      ///< The same.
    std::uint64_t both = 0;  ///< Both failed in some way.
};

enum class Verdict : std::uint8_t {
    no_difference,
    fixes_failures,
    introduces_failures,
    could_not_tell,
    not_built  ///< A side cannot be compiled; nothing was compared.
};

/// "no difference found within budget"...
[[nodiscard]] const char* to_string(Verdict verdict);

/// 0 no difference or fixes, 1 introduces, 2 could not tell, 3 not built.
[[nodiscard]] int exit_code(Verdict verdict);

struct Decision {
    Verdict verdict = Verdict::no_difference;
    std::vector<std::string> reasons;  ///< A sentence each.
};

/// The smallest rates that would have been noticed; nothing: none would.
struct Sight {
    PairTier tier = PairTier::simulator;
    std::uint64_t pairs = 0;
    std::optional<double> safety;
    std::optional<double> service;
};

class Decider {
  public:
    explicit Decider(const DeciderOptions& options = {}) : options_(options) {}

    void add(const PairOutcome& pair);

    /// To be asked after `add`: the check of a safety failure of the patch alone that is worth
    /// looking into. Nothing: it is known, or the base has it.
    [[nodiscard]] std::optional<std::string> suspicious(const PairOutcome& pair) const;

    void add(const Confirmation& confirmation);

    /// The patch is convicted: nothing that may still come acquits it.
    [[nodiscard]] bool settled() const;

    /// As of now. `cut_short`: not empty when the budget was not used up; then that nothing was
    /// found says nothing, and this is why.
    [[nodiscard]] Decision decision(const std::string& cut_short = "") const;

    [[nodiscard]] Tally total() const;

    [[nodiscard]] const std::map<std::pair<PairTier, std::string>, Tally>& tallies() const {
        return tallies_;
    }

    [[nodiscard]] const std::vector<Confirmation>& confirmations() const { return confirmations_; }

    [[nodiscard]] Sight sight(PairTier tier) const;

    [[nodiscard]] const DeciderOptions& options() const { return options_; }

    /// Of one of the four tests: two kinds, two directions (Bonferroni).
    [[nodiscard]] double alpha_of_test() const { return options_.alpha / 4; }

  private:
    [[nodiscard]] bool base_has(const std::string& check) const {
        return base_failed_.contains(check);
    }

    [[nodiscard]] std::vector<std::string> proofs() const;
    [[nodiscard]] std::vector<std::string> open_questions() const;

    DeciderOptions options_;
    std::map<std::pair<PairTier, std::string>, Tally> tallies_;
    std::vector<Confirmation> confirmations_;
    std::set<std::string> base_failed_;   ///< Safety checks.
    std::set<std::string> patch_failed_;  ///< The same, looked into or not.
    std::string base_problem_;            ///< Of its first run that could not be judged.
    std::string patch_problem_;
};

}  // namespace squall::harness::compare
