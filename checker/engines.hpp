// The engines there are, by name. Which of them judges a key is decided in dispatch.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "checker/engine.hpp"

namespace squall::checker {

enum class EngineChoice : std::uint8_t {
    automatic,  ///< The first quick one that can judge the key, or else the search.
    set,
    counter,
    zones,
    search
};

struct EngineEntry {
    EngineChoice engine = EngineChoice::automatic;
    std::string_view name;
    /// Decides in about linear time whatever it can judge, so that it is asked first and needs no
    /// share of the steps.
    bool quick = false;
    EngineResult (*judge)(const KeyProblem& problem, const Budget& budget) = nullptr;
};

/// In the order in which they are asked.
[[nodiscard]] std::span<const EngineEntry> engines();

/// "auto", "search"... or nothing.
[[nodiscard]] std::optional<EngineChoice> engine_named(std::string_view name);

}  // namespace squall::checker
