#include "checker/engines.hpp"

#include <array>

#include "checker/counter_engine.hpp"
#include "checker/search.hpp"
#include "checker/set_engine.hpp"
#include "checker/zones.hpp"

namespace squall::checker {

namespace {

EngineResult judge_by_search(const KeyProblem& problem, const Budget& budget) {
    return search(problem, budget);
}

/// For engines that need no budget.
template <EngineResult (*Judge)(const KeyProblem&)>
EngineResult judge_by_shape(const KeyProblem& problem, const Budget& /*budget*/) {
    return Judge(problem);
}

}  // namespace

std::span<const EngineEntry> engines() {
    static constexpr std::array<EngineEntry, 4> all{{
        {EngineChoice::set, "set", true, judge_by_shape<judge_set>},
        {EngineChoice::counter, "counter", true, judge_by_shape<judge_counter>},
        {EngineChoice::zones, "zones", true, judge_by_zones},
        {EngineChoice::search, "search", false, judge_by_search},
    }};
    return all;
}

std::optional<EngineChoice> engine_named(std::string_view name) {
    if (name == "auto") {
        return EngineChoice::automatic;
    }
    for (const EngineEntry& entry : engines()) {
        if (entry.name == name) {
            return entry.engine;
        }
    }
    return std::nullopt;
}

}  // namespace squall::checker
