#include "nemesis/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace squall::nemesis {

namespace {

constexpr double pi = 3.14159265358979323846;

/// Standard deviations between the middle and either bound.
constexpr double normal_reach = 3;

/// Means between 0 and the bound.
constexpr double exponential_reach = 8;

/// Below 2 the unbounded law has no variance: waits that matter come from single messages.
constexpr double pareto_index = 1.5;
constexpr double pareto_least = 0.01;

/// One coordinate of a point of the plane (Box and Muller's transformation), whose distance from
/// the middle is kept within the reach: bounded without drawing again.
double normal(double a, double b) {
    const double tail = std::exp(-normal_reach * normal_reach / 2);
    const double distance = std::sqrt(-2 * std::log1p(-a * (1 - tail)));
    return (1 + distance * std::cos(2 * pi * b) / normal_reach) / 2;
}

double exponential(double a) {
    return -std::log1p(-a * (1 - std::exp(-exponential_reach))) / exponential_reach;
}

double pareto(double a) {
    const double tail = std::pow(pareto_least, pareto_index);
    return pareto_least / std::pow(1 - a * (1 - tail), 1 / pareto_index);
}

double unbounded_share(JitterLaw law, double a, double b) {
    switch (law) {
        case JitterLaw::uniform:
            return a;
        case JitterLaw::normal:
            return normal(a, b);
        case JitterLaw::exponential:
            return exponential(a);
        case JitterLaw::pareto:
            return pareto(a);
    }
    return a;
}

}  // namespace

std::string_view to_string(JitterLaw law) {
    switch (law) {
        case JitterLaw::uniform:
            return "uniform";
        case JitterLaw::normal:
            return "normal";
        case JitterLaw::exponential:
            return "exponential";
        case JitterLaw::pareto:
            return "pareto";
    }
    return "";
}

std::optional<JitterLaw> find_jitter_law(std::string_view name) {
    const auto* const found =
        std::find_if(all_jitter_laws.begin(), all_jitter_laws.end(), [name](JitterLaw law) {
            return to_string(law) == name;
        });
    return found == all_jitter_laws.end() ? std::nullopt : std::optional(*found);
}

std::string jitter_law_names() {
    std::string names;
    for (const JitterLaw law : all_jitter_laws) {
        names += names.empty() ? "" : ", ";
        names += to_string(law);
    }
    return names;
}

double jitter_share(JitterLaw law, double a, double b) {
    // The laws end at the bound, which rounding may reach.
    constexpr double below_one = 1 - std::numeric_limits<double>::epsilon() / 2;
    return std::clamp(unbounded_share(law, a, b), 0.0, below_one);
}

double median_jitter_share(JitterLaw law) {
    return jitter_share(law, 0.5, 0.25);
}

}  // namespace squall::nemesis
