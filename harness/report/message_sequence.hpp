// A message-sequence diagram of what a story tells: a lane for each client and node, time
// downwards, an arrow for each message, marks where something happened. Laid out once, in pixels,
// for the page and for report.svg alike. Distances are not to scale.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/node_message.hpp"
#include "harness/report/cluster_past.hpp"
#include "harness/report/material.hpp"
#include "harness/report/story.hpp"

namespace squall::harness::report {

struct SequenceLane {
    NodeId node = 0;                ///< 0: of clients.
    history::ClientId client = -1;  ///< -1: of all clients, or of a node.
    std::string name;               ///< n1, c0, clients.
};

struct SequenceArrow {
    std::size_t from = 0;  ///< Number of the lane.
    std::size_t to = 0;
    int sent = 0;  ///< y.
    int received = 0;
    Time at{};
    std::string name;   ///< As in NodeMessage.
    std::string label;  ///< Empty: its neighbour of the same broadcast has it.
    std::string text;   ///< In full.
    Fate fate = Fate::arrived;
    bool derived = false;  ///< Nobody saw it: the traces say that there was one.
    bool decisive = false;
};

struct SequenceMark {
    std::size_t lane = 0;
    int y = 0;
    Time at{};
    Weight weight = Weight::ordinary;
    std::string kind;
    std::string label;
    std::string text;
    std::size_t line = 0;  ///< Number of the story's line.
};

/// Across all lanes: faults, phases, the violation, a stretch in which nothing is shown.
struct SequenceRule {
    int y = 0;
    Time at{};
    Weight weight = Weight::ordinary;
    std::string kind;  ///< As in Happening; "gap".
    std::string text;
    std::size_t line = 0;  ///< Number of the story's line; not of a gap.
};

struct SequenceBand {
    std::size_t lane = 0;
    int from = 0;
    int to = 0;
    std::string role;
    std::uint64_t term = 0;
};

struct MessageSequence {
    std::vector<SequenceLane> lanes;
    std::vector<SequenceBand> bands;
    std::vector<SequenceArrow> arrows;
    std::vector<SequenceMark> marks;
    std::vector<SequenceRule> rules;
    int width = 0;  ///< With room for what stands beside the last lane.
    int height = 0;
    std::size_t routine = 0;   ///< Messages left out that every idle cluster sends.
    std::size_t left_out = 0;  ///< Others, for want of room.
    bool derived = false;      ///< Of real processes nobody saw the messages.
};

struct SequenceLimits {
    std::size_t arrows = 160;
    std::size_t marks = story_lines_max;
};

/// Empty when there is no story or no node is known.
[[nodiscard]] MessageSequence message_sequence(const Story& story,
                                               const Material& material,
                                               Time origin,
                                               const SequenceLimits& limits = {});

/// The messages that a diagram may show, and of real processes what stands for them. `routine`
/// counts those that it may not.
[[nodiscard]] std::vector<NodeMessage> messages_to_draw(const Story& story,
                                                        const Material& material,
                                                        const ClusterPast& past,
                                                        std::size_t& routine);

/// It is part of what a decisive line of the story tells.
[[nodiscard]] bool part_of_decision(const NodeMessage& message, const Story& story);

/// Leaves `most` of them, by time: those, and then those nearest to the violation. How many went.
std::size_t keep_nearest(std::vector<NodeMessage>& messages, const Story& story, std::size_t most);

/// A client's mark names the operation; who is asked, the arrow shows. `own_lanes`: each client has
/// one, so that its name need not be said.
[[nodiscard]] std::string mark_label(const Happening& line, bool own_lanes);

/// "vote t4", "append #3 t4".
[[nodiscard]] std::string message_label(const NodeMessage& message);

/// A whole sentence.
[[nodiscard]] std::string message_words(const NodeMessage& message);

/// Where lanes stand, for whoever draws: x of lane 0, and from one to the next.
inline constexpr int sequence_left = 86;
inline constexpr int sequence_lane = 168;
inline constexpr int sequence_top = 34;

/// The diagram as a picture of its own, for light and dark surroundings. Safe as XML whatever the
/// texts hold.
[[nodiscard]] std::string sequence_svg(const MessageSequence& sequence, const std::string& title);

}  // namespace squall::harness::report
