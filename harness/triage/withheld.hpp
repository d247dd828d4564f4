// Leaders that have entries for a node which follows them, and do not send them. Pure. By times of
// the simulator, which alone saw the messages.
#pragma once

#include <span>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"

namespace squall::harness::triage {

/// Some leader appended entries and sent some node nothing but heartbeats from then on, though the
/// node answered these for longer than `patience`, and what it lacked was not gone into a snapshot.
/// `records`: per node by incarnation and sequence, in the times of the messages; `messages`: in
/// the order of `sent`.
[[nodiscard]] bool withheld_entries(std::span<const checker::TraceRecord> records,
                                    std::span<const NodeMessage> messages,
                                    history::Time patience);

}  // namespace squall::harness::triage
