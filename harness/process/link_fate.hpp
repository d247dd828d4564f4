// What a link does to one message, decided from the rule, the seed and the message's number alone.
// Pure: the proxy carries it out. A cut is not decided here, since it needs no chance.
#pragma once

#include <cstdint>
#include <optional>

#include "history/random.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::process {

struct Fate {
    bool dropped = false;
    history::Duration delay{};
    /// Waits for `delay`, but does not make the messages behind it wait.
    bool held_back = false;
    /// A copy follows, this much after the original.
    std::optional<history::Duration> copy_after;
};

/// `ordinal` counts the messages of the link from 0, through all rules that it ever obeys.
[[nodiscard]] Fate decide_fate(const nemesis::LinkRule& rule,
                               const history::Stream& stream,
                               nemesis::Link link,
                               std::uint64_t ordinal);

}  // namespace squall::harness::process
