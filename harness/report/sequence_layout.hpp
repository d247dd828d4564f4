// The steps that message_sequence takes: which row each thing stands in, and what each node was
// meanwhile. Used by message_sequence.cpp alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/report/cluster_past.hpp"
#include "harness/report/message_sequence.hpp"
#include "harness/report/story.hpp"

namespace squall::harness::report {

/// Something that needs a row: a mark, a rule, or one end of an arrow.
struct SequencePoint {
    enum class What : std::uint8_t { mark, rule, sent, received };
    Time at{};
    What what = What::mark;
    std::size_t number = 0;  ///< In its list.
};

/// Moments and their y, by time.
using SequenceRows = std::vector<std::pair<Time, int>>;

/// Sorts the points, gives everything that they name its y, adds rules where a stretch of time is
/// left out, and sets width and height.
[[nodiscard]] SequenceRows place_rows(std::vector<SequencePoint> points, MessageSequence& sequence);

/// What each node was, beside the rows.
[[nodiscard]] std::vector<SequenceBand> role_bands(const MessageSequence& sequence,
                                                   const SequenceRows& rows,
                                                   const ClusterPast& past,
                                                   const Story& story);

}  // namespace squall::harness::report
