// Which row everything in a diagram stands in.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/report/sequence_layout.hpp"

namespace squall::harness::report {
namespace {

using What = SequencePoint::What;

constexpr int row = 17;           ///< Of what has a label.
constexpr int below_mark = 22;    ///< Of an arrow whose label stands under that of a mark.
constexpr int step = 6;           ///< Of what has none.
constexpr int gap_row = 22;       ///< Of a stretch of time that is left out.
constexpr int letter = 7;         ///< Width.
constexpr int width_least = 900;  ///< So that the sentence of a violation fits.
constexpr Time gap_min = std::chrono::milliseconds(40);

/// At one moment: what happened stands before what was said because of it.
int order(What what) {
    switch (what) {
        case What::received:
            return 0;
        case What::mark:
            return 1;
        case What::sent:
            return 2;
        case What::rule:
            break;
    }
    return 3;
}

class Placement {
  public:
    explicit Placement(MessageSequence& sequence) : sequence_(sequence) {}

    SequenceRows place(const std::vector<SequencePoint>& points) {
        SequenceRows rows;
        int y = sequence_top;
        std::optional<Time> before;
        for (const SequencePoint& point : points) {
            if (before && point.at - *before >= gap_min) {
                add_gap(y, *before, point.at);
                y += gap_row;
                last_mark_.reset();
            }
            y += height_of(point, before);
            set_y(point, y);
            rows.emplace_back(point.at, y);
            before = point.at;
        }
        sequence_.height = y + row;
        return rows;
    }

  private:
    /// The messages of one broadcast.
    struct Send {
        Time at{};
        std::size_t from = 0;
        std::string label;
        bool right = false;
        bool left = false;
    };

    void add_gap(int y, Time from, Time to) {
        const double seconds = std::chrono::duration<double>(to - from).count();
        sequence_.rules.push_back({.y = y + gap_row - 4,
                                   .at = to,
                                   .weight = Weight::detail,
                                   .kind = "gap",
                                   .text = fmt::format("{:.3f} s later", seconds)});
    }

    int height_of(const SequencePoint& point, const std::optional<Time>& before) {
        switch (point.what) {
            case What::received:
                return before == point.at ? 2 : step;
            case What::sent:
                return sent_height(sequence_.arrows[point.number]);
            case What::mark:
                last_mark_ = sequence_.marks[point.number].lane;
                break;
            case What::rule:
                last_mark_.reset();
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
            const bool under_mark = right && last_mark_ == arrow.from;
            last_mark_.reset();
            return under_mark ? below_mark : row;
        }
        bool& labelled = right ? last_send_->right : last_send_->left;
        if (labelled) {
            arrow.label.clear();
        }
        labelled = true;
        return 0;
    }

    void set_y(const SequencePoint& point, int y) {
        switch (point.what) {
            case What::mark:
                sequence_.marks[point.number].y = y;
                break;
            case What::rule:
                sequence_.rules[point.number].y = y;
                break;
            case What::sent:
                sequence_.arrows[point.number].sent = y;
                // Until it is known better: a lost message gets nowhere.
                sequence_.arrows[point.number].received = y + step;
                break;
            case What::received:
                if (sequence_.arrows[point.number].fate == Fate::arrived ||
                    sequence_.arrows[point.number].fate == Fate::nobody) {
                    sequence_.arrows[point.number].received = y;
                }
                break;
        }
    }

    MessageSequence& sequence_;
    std::optional<Send> last_send_;
    std::optional<std::size_t> last_mark_;  ///< Lane of the mark in the row above.
};

}  // namespace

SequenceRows place_rows(std::vector<SequencePoint> points, MessageSequence& sequence) {
    std::ranges::stable_sort(points, [](const SequencePoint& a, const SequencePoint& b) {
        return std::tuple(a.at, order(a.what)) < std::tuple(b.at, order(b.what));
    });
    SequenceRows rows = Placement(sequence).place(points);
    sequence.width = std::max(
        width_least, sequence_left + static_cast<int>(sequence.lanes.size()) * sequence_lane);
    for (const SequenceMark& mark : sequence.marks) {
        const int end = sequence_left + static_cast<int>(mark.lane) * sequence_lane +
                        (static_cast<int>(mark.label.size()) + 3) * letter;
        sequence.width = std::max(sequence.width, end);
    }
    return rows;
}

}  // namespace squall::harness::report
