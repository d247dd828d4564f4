#include "harness/compare/comparison_words.hpp"

#include <cmath>

#include <fmt/format.h>

#include "harness/compare/sequential_test.hpp"

namespace squall::harness::compare {

std::string rate_words(const std::optional<double>& rate) {
    if (!rate) {
        return "none";
    }
    return *rate >= 0.1 ? fmt::format("{:.0f} %", *rate * 100)
                        : fmt::format("1 in {:.0f}", 1 / *rate);
}

std::vector<std::string> sight_lines(const Comparison& comparison) {
    std::vector<std::string> lines;
    for (const PairTier tier : {PairTier::simulator, PairTier::processes}) {
        const Sight sight = comparison.decider.sight(tier);
        if (sight.pairs > 0) {
            const auto convicted = [](const char* kind, const std::optional<double>& rate) {
                return rate ? fmt::format("{} by {}", rate_words(rate), kind)
                            : fmt::format("too few for {}", kind);
            };
            lines.push_back(
                fmt::format("{}: {} pairs; how often a patch would have had to fail alone to be "
                            "convicted with {:.0f} % power: {}, {}",
                            to_string(tier),
                            sight.pairs,
                            comparison.decider.options().power * 100,
                            convicted("safety", sight.safety),
                            convicted("service", sight.service)));
        }
    }
    return lines;
}

std::string number_words(double value) {
    const double size = std::abs(value);
    return fmt::format(fmt::runtime(size >= 100 ? "{:.0f}"
                                    : size >= 1 ? "{:.2f}"
                                                : "{:.3f}"),
                       value);
}

std::string change_words(const MetricDifference& each, double alpha) {
    const PairedDifference& difference = each.difference;
    const std::optional<double> half = difference.half_width(alpha);
    const double base = std::abs(difference.base_mean());
    if (!half || base == 0) {
        return "";
    }
    const auto percent = [base](double value) { return 100 * value / base; };
    return fmt::format("{:+.1f} % (between {:+.1f} % and {:+.1f} %)",
                       percent(difference.mean()),
                       percent(difference.mean() - *half),
                       percent(difference.mean() + *half));
}

bool clear(const MetricDifference& each, double alpha) {
    const std::optional<double> half = each.difference.half_width(alpha);
    return half && std::abs(each.difference.mean()) > *half;
}

std::vector<std::string> details_of(const KeptFailure& failure, std::size_t most) {
    std::vector<std::string> details;
    for (const std::string& detail : failure.details) {
        if (detail != failure.reason && details.size() < most) {
            details.push_back(detail);
        }
    }
    return details;
}

std::string shrinking_words(const KeptFailure& failure) {
    if (failure.shrunk.empty()) {
        return failure.not_shrunk.empty() ? "" : "not shrunk: " + failure.not_shrunk;
    }
    std::string text = "shrunk to " + failure.shrunk;
    if (failure.tier == PairTier::simulator || !failure.reproduced) {
        return failure.base_on_shrunk.empty()
                   ? text
                   : fmt::format("{}; on that, the base {}", text, failure.base_on_shrunk);
    }
    // One-sided limits, so that few runs do not look like certainty.
    constexpr double level = 0.95;
    const Reproduced& measured = *failure.reproduced;
    return fmt::format(
        "{}; of that, {} of {} runs of the patch fail (with {:.0f} % confidence at least {:.0f} "
        "%), "
        "{} of {} of the base (at most {:.0f} %)",
        text,
        measured.failed,
        measured.runs,
        100 * level,
        100 * (1 - largest_rate(measured.runs - measured.failed, measured.runs, level)),
        measured.base_failed,
        measured.base_runs,
        100 * largest_rate(measured.base_failed, measured.base_runs, level));
}

std::string side_words(const Side& side) {
    return side.commit.empty() ? side.name
                               : fmt::format("{} ({})", side.name, side.commit.substr(0, 10));
}

}  // namespace squall::harness::compare
