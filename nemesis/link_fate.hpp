// What a link does to one message, decided from the rule, the seed and the message's number alone.
// Pure: the proxies of real processes and the simulated network carry it out. A cut is not decided
// here, since it needs no chance.
#pragma once

#include <cstdint>
#include <optional>

#include "history/random.hpp"
#include "nemesis/fault.hpp"

namespace squall::nemesis {

struct Fate {
    bool dropped = false;
    Duration delay{};
    /// Waits for `delay`, but does not make the messages behind it wait.
    bool held_back = false;
    /// A copy follows, this much after the original.
    std::optional<Duration> copy_after;
};

/// `ordinal` counts the messages of the link from 0, through all rules that it ever obeys.
[[nodiscard]] Fate decide_fate(const LinkRule& rule,
                               const history::Stream& stream,
                               Link link,
                               std::uint64_t ordinal);

}  // namespace squall::nemesis
