// Leaders that nobody answered and that went on leading (dissertation §6.2: a leader steps down
// when an election timeout passes without a round of heartbeats to a majority). Pure. By times of
// the simulator, which alone saw the messages.
#pragma once

#include <cstdint>
#include <span>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"

namespace squall::harness::triage {

/// Some node sent messages as a leader for as long as `patience`, and in all that time and for
/// `patience` before it no majority, itself included, had told it anything. `records`: per node by
/// incarnation and sequence, in the times of the messages; `messages`: in the order of `sent`.
[[nodiscard]] bool led_unheard(std::span<const checker::TraceRecord> records,
                               std::span<const NodeMessage> messages,
                               std::uint32_t nodes,
                               history::Time patience);

}  // namespace squall::harness::triage
