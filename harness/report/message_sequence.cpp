#include "harness/report/message_sequence.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/report/sequence_layout.hpp"

namespace squall::harness::report {
namespace {

constexpr std::size_t client_lanes_max = 4;
constexpr std::size_t label_bytes_max = 26;

class Layout {
  public:
    Layout(const Story& story, const Material& material, Time origin, const SequenceLimits& limits)
        : story_(story), past_(material.traces, origin, material.messages), limits_(limits) {
        sequence_.derived = material.messages.empty();
        messages_ = messages_to_draw(story, material, past_, sequence_.routine);
    }

    MessageSequence go() {
        const std::set<NodeId> nodes = past_.nodes();
        if (story_.lines.empty() || nodes.empty()) {
            return {};
        }
        sequence_.left_out = keep_nearest(messages_, story_, limits_.arrows);
        // Where there are none at all, nothing is to be explained.
        sequence_.derived = sequence_.derived && !messages_.empty();
        make_lanes(nodes);
        collect();
        const SequenceRows rows = place_rows(std::move(points_), sequence_);
        sequence_.bands = role_bands(sequence_, rows, past_, story_);
        return std::move(sequence_);
    }

  private:
    void make_lanes(const std::set<NodeId>& nodes) {
        std::set<history::ClientId> clients;
        for (const Happening& line : story_.lines) {
            if (line.client >= 0) {
                clients.insert(line.client);
            }
        }
        for (const NodeMessage& message : messages_) {
            if (message.client >= 0) {
                clients.insert(message.client);
            }
        }
        if (clients.size() > client_lanes_max) {
            clients = {-1};
        }
        for (const history::ClientId client : clients) {
            sequence_.lanes.push_back(
                {0, client, client < 0 ? std::string("clients") : fmt::format("c{}", client)});
        }
        for (const NodeId node : nodes) {
            sequence_.lanes.push_back({node, -1, fmt::format("n{}", node)});
        }
    }

    [[nodiscard]] std::size_t lane_of(NodeId node, history::ClientId client) const {
        for (std::size_t i = 0; i < sequence_.lanes.size(); ++i) {
            const SequenceLane& lane = sequence_.lanes[i];
            if (node != 0 ? lane.node == node
                          : lane.node == 0 && (lane.client == client || lane.client < 0)) {
                return i;
            }
        }
        return 0;
    }

    void collect() {
        const std::size_t skip = story_.lines.size() - std::min(story_.lines.size(), limits_.marks);
        for (std::size_t i = 0; i < story_.lines.size(); ++i) {
            const Happening& line = story_.lines[i];
            if (i < skip && line.weight != Weight::decisive) {
                continue;
            }
            const bool client = line.kind == "request" || line.kind == "answer";
            if (line.kind == "violation" || (line.node == 0 && !client)) {
                points_.push_back({line.at, SequencePoint::What::rule, sequence_.rules.size()});
                sequence_.rules.push_back({.at = line.at,
                                           .weight = line.weight,
                                           .kind = line.kind,
                                           .text = line.text,
                                           .line = i});
                continue;
            }
            points_.push_back({line.at, SequencePoint::What::mark, sequence_.marks.size()});
            sequence_.marks.push_back(
                {.lane = lane_of(client ? 0 : line.node, line.client),
                 .at = line.at,
                 .weight = line.weight,
                 .kind = line.kind,
                 .label = shortened(mark_label(line, sequence_.lanes.front().client >= 0),
                                    label_bytes_max),
                 .text = line.text,
                 .line = i});
        }
        std::ranges::stable_sort(messages_, {}, &NodeMessage::sent);
        for (const NodeMessage& message : messages_) {
            const std::size_t number = sequence_.arrows.size();
            points_.push_back({message.sent, SequencePoint::What::sent, number});
            points_.push_back({message.received, SequencePoint::What::received, number});
            sequence_.arrows.push_back({.from = lane_of(message.from, message.client),
                                        .to = lane_of(message.to, message.client),
                                        .at = message.sent,
                                        .name = message.name,
                                        .label = message_label(message),
                                        .text = message_words(message),
                                        .fate = message.fate,
                                        .derived = sequence_.derived,
                                        .decisive = part_of_decision(message, story_)});
        }
    }

    const Story& story_;
    ClusterPast past_;
    const SequenceLimits& limits_;
    MessageSequence sequence_;
    std::vector<NodeMessage> messages_;
    std::vector<SequencePoint> points_;
};

}  // namespace

MessageSequence message_sequence(const Story& story,
                                 const Material& material,
                                 Time origin,
                                 const SequenceLimits& limits) {
    return Layout(story, material, origin, limits).go();
}

}  // namespace squall::harness::report
