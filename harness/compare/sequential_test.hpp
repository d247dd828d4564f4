// Does one side fail more often than the other? Pairs of runs of the same plan; only those count in
// which exactly one side failed (McNemar 1947). If the sides are equally good, each of these falls
// on either side with probability 1/2 at most, whatever the plans are and whatever chose them.
//
// The test is a bet against that: a uniform mixture of the likelihood ratios of all probabilities
// above 1/2 (Robbins 1970; Ramdas, Grünwald, Vovk, Shafer 2023, "Game-theoretic statistics and
// safe anytime-valid inference"). It is a supermartingale under the hypothesis, so by Ville's
// inequality it ever exceeds 1/a with probability a at most: one may look after every pair and stop
// at will.
#pragma once

#include <cstdint>
#include <optional>

namespace squall::harness::compare {

/// Pairs in which exactly one side failed.
struct Discordant {
    std::uint64_t against = 0;  ///< The side under suspicion failed alone.
    std::uint64_t opposite = 0;
};

/// Natural logarithm of the evidence that the side under suspicion fails more often. 0 without
/// pairs; may be minus infinity.
[[nodiscard]] double log_evidence(const Discordant& pairs);

/// The evidence suffices at error rate `alpha`.
[[nodiscard]] bool convicts(const Discordant& pairs, double alpha);

/// How many pairs against a side convict it, with so many for it.
[[nodiscard]] std::uint64_t convicting_pairs(double alpha, std::uint64_t opposite);

/// The smallest probability of one event in a pair with which `pairs` pairs show at least `needed`
/// events with probability `power` (Clopper and Pearson 1934). Nothing when so many pairs can not
/// show so many.
[[nodiscard]] std::optional<double> smallest_rate(std::uint64_t pairs,
                                                  std::uint64_t needed,
                                                  double power);

/// The largest probability that `failed` of `runs` leave possible, with confidence `level`.
[[nodiscard]] double largest_rate(std::uint64_t failed, std::uint64_t runs, double level);

}  // namespace squall::harness::compare
