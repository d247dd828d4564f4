#include "harness/report/message_sequence.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/report/escape.hpp"

namespace squall::harness::report {
namespace {

constexpr int row = 17;      ///< Of what has a label.
constexpr int step = 6;      ///< Of what has none.
constexpr int gap_row = 22;  ///< Of a stretch of time that is left out.
constexpr int letter = 7;    ///< Width.
constexpr Time gap_min = std::chrono::milliseconds(40);
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
        make_lanes(nodes);
        collect();
        place();
        make_bands();
        return std::move(sequence_);
    }

  private:
    struct Point {
        enum class What : std::uint8_t { mark, rule, sent, received };
        Time at{};
        What what = What::mark;
        std::size_t number = 0;  ///< In its list.
    };

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
                points_.push_back({line.at, Point::What::rule, sequence_.rules.size()});
                sequence_.rules.push_back({.at = line.at,
                                           .weight = line.weight,
                                           .kind = line.kind,
                                           .text = line.text,
                                           .line = i});
                continue;
            }
            points_.push_back({line.at, Point::What::mark, sequence_.marks.size()});
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
            points_.push_back({message.sent, Point::What::sent, number});
            points_.push_back({message.received, Point::What::received, number});
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
        // What happened stands before what was said because of it.
        std::ranges::stable_sort(points_, [](const Point& a, const Point& b) {
            return std::tuple(a.at, order(a.what)) < std::tuple(b.at, order(b.what));
        });
    }

    static int order(Point::What what) {
        switch (what) {
            case Point::What::received:
                return 0;
            case Point::What::mark:
                return 1;
            case Point::What::sent:
                return 2;
            case Point::What::rule:
                break;
        }
        return 3;
    }

    void place() {
        int y = sequence_top;
        std::optional<Time> before;
        for (const Point& point : points_) {
            if (before && point.at - *before >= gap_min) {
                sequence_.rules.push_back(
                    {.y = y + gap_row - 4,
                     .at = point.at,
                     .weight = Weight::detail,
                     .kind = "gap",
                     .text =
                         fmt::format("{:.3f} s later",
                                     std::chrono::duration<double>(point.at - *before).count())});
                y += gap_row;
            }
            y += height_of(point, before);
            set_y(point, y);
            rows_.emplace_back(point.at, y);
            before = point.at;
        }
        sequence_.height = y + row;
        sequence_.width = sequence_left + static_cast<int>(sequence_.lanes.size()) * sequence_lane;
        for (const SequenceMark& mark : sequence_.marks) {
            const int end = sequence_left + static_cast<int>(mark.lane) * sequence_lane +
                            (static_cast<int>(mark.label.size()) + 3) * letter;
            sequence_.width = std::max(sequence_.width, end);
        }
    }

    int height_of(const Point& point, const std::optional<Time>& before) {
        switch (point.what) {
            case Point::What::received:
                return before == point.at ? 2 : step;
            case Point::What::sent:
                return sent_height(sequence_.arrows[point.number]);
            case Point::What::mark:
            case Point::What::rule:
                break;
        }
        last_send_.reset();
        return row;
    }

    /// The messages of a broadcast leave together; one to each side has the label.
    int sent_height(SequenceArrow& arrow) {
        const bool right = arrow.to > arrow.from;
        const bool same = last_send_ && last_send_->at == arrow.at &&
                          last_send_->from == arrow.from && last_send_->label == arrow.label;
        if (!same) {
            last_send_ = Send{arrow.at, arrow.from, arrow.label, right, !right};
            return row;
        }
        bool& labelled = right ? last_send_->right : last_send_->left;
        if (labelled) {
            arrow.label.clear();
        }
        labelled = true;
        return 0;
    }

    void set_y(const Point& point, int y) {
        switch (point.what) {
            case Point::What::mark:
                sequence_.marks[point.number].y = y;
                break;
            case Point::What::rule:
                sequence_.rules[point.number].y = y;
                break;
            case Point::What::sent:
                sequence_.arrows[point.number].sent = y;
                // Until it is known better: a lost message gets nowhere.
                sequence_.arrows[point.number].received = y + step;
                break;
            case Point::What::received:
                if (sequence_.arrows[point.number].fate == Fate::arrived ||
                    sequence_.arrows[point.number].fate == Fate::nobody) {
                    sequence_.arrows[point.number].received = y;
                }
                break;
        }
    }

    [[nodiscard]] int y_at(Time at) const {
        const auto found =
            std::ranges::lower_bound(rows_, at, {}, [](const auto& each) { return each.first; });
        return found == rows_.end() ? sequence_.height : found->second;
    }

    /// A life ends at what ended it, or, not knowing that, with its last word.
    [[nodiscard]] Time down_since(NodeId node, Time heard, Time restarted) const {
        for (const Happening& each : story_.details) {
            const bool killed = each.text.starts_with("fault begins: ") &&
                                (each.text.find("kill") != std::string::npos ||
                                 each.text.find("power off") != std::string::npos) &&
                                std::ranges::find(each.others, node) != each.others.end();
            if (each.at >= heard && each.at < restarted &&
                (killed || (each.kind == "exit" && each.node == node))) {
                return each.at;
            }
        }
        return heard;
    }

    void make_bands() {
        const Time first = rows_.front().first;
        for (std::size_t lane = 0; lane < sequence_.lanes.size(); ++lane) {
            if (sequence_.lanes[lane].node == 0) {
                continue;
            }
            const auto& roles = past_.roles(sequence_.lanes[lane].node);
            for (std::size_t i = 0; i < roles.size(); ++i) {
                const bool last = i + 1 == roles.size();
                if (!last && roles[i + 1].at <= first) {
                    continue;
                }
                const Time at =
                    roles[i].role == "down" && !last
                        ? down_since(sequence_.lanes[lane].node, roles[i].at, roles[i + 1].at)
                        : roles[i].at;
                const int from = at <= first ? sequence_top : y_at(at);
                const int to = last ? sequence_.height : y_at(roles[i + 1].at);
                if (to > from) {
                    sequence_.bands.push_back({lane, from, to, roles[i].role, roles[i].term});
                }
            }
        }
    }

    struct Send {
        Time at{};
        std::size_t from = 0;
        std::string label;
        bool right = false;
        bool left = false;
    };

    const Story& story_;
    ClusterPast past_;
    const SequenceLimits& limits_;
    MessageSequence sequence_;
    std::vector<NodeMessage> messages_;
    std::vector<Point> points_;
    std::vector<std::pair<Time, int>> rows_;
    std::optional<Send> last_send_;
};

}  // namespace

MessageSequence message_sequence(const Story& story,
                                 const Material& material,
                                 Time origin,
                                 const SequenceLimits& limits) {
    return Layout(story, material, origin, limits).go();
}

}  // namespace squall::harness::report
