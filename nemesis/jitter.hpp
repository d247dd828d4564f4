// How much later than others a message comes: laws of chance, all bounded, so that nothing is late
// for ever. Pure; who draws the random numbers is not decided here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace squall::nemesis {

/// From the lightest tail to the heaviest: of two rules on one link the later law wins.
enum class JitterLaw : std::uint8_t {
    uniform,
    normal,       ///< Around the middle, cut off at three standard deviations.
    exponential,  ///< Mean an eighth of the bound, cut off there.
    pareto        ///< Heavy-tailed (index 1.5) from a hundredth of the bound.
};

inline constexpr std::array all_jitter_laws{
    JitterLaw::uniform, JitterLaw::normal, JitterLaw::exponential, JitterLaw::pareto};

/// As in plan.json.
[[nodiscard]] std::string_view to_string(JitterLaw law);

[[nodiscard]] std::optional<JitterLaw> find_jitter_law(std::string_view name);

/// "uniform, normal, exponential, pareto".
[[nodiscard]] std::string jitter_law_names();

/// The jitter as a part of its bound, in [0, 1), from two independent numbers in [0, 1). `b` counts
/// for the normal law alone.
[[nodiscard]] double jitter_share(JitterLaw law, double a, double b);

/// Half of all messages are less late than this part of the bound.
[[nodiscard]] double median_jitter_share(JitterLaw law);

}  // namespace squall::nemesis
