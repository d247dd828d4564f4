#include "harness/compare/comparison_words.hpp"

#include <cmath>

#include <fmt/format.h>

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

std::string side_words(const Side& side) {
    return side.commit.empty() ? side.name
                               : fmt::format("{} ({})", side.name, side.commit.substr(0, 10));
}

}  // namespace squall::harness::compare
