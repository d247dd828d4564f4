#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/report/message_sequence.hpp"

namespace squall::harness::report {
namespace {

constexpr const char* style =
    "text{font:11px ui-monospace,monospace;fill:#1c2126}.dim{fill:#667078}"
    ".page{fill:#fff}.lane{stroke:#d5d9dd}.name{font-weight:700;font-size:13px;text-anchor:middle}"
    ".leader{fill:#2b8a4b}.follower{fill:#dfe7ee}.candidate{fill:#c79be8}.pre_candidate{fill:#"
    "e5d3f3}"
    ".down{fill:none;stroke:#cf2f2f;stroke-dasharray:3 3}"
    ".arrow{stroke:#5b6770;stroke-width:1.2;fill:none}.vote{stroke:#8b4fc0}.client{stroke:#2f74c0}"
    ".lost{stroke:#cf2f2f;stroke-dasharray:4 3}.derived{stroke-dasharray:2 3}"
    ".decisive{stroke:#cf2f2f;stroke-width:2}.halo{paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".bad{fill:#cf2f2f;font-weight:700}.rule{stroke:#d98e12;stroke-dasharray:6 4}"
    ".violation{stroke:#cf2f2f;stroke-width:2}.dot{fill:#1c2126}.dot.bad{fill:#cf2f2f}"
    "@media (prefers-color-scheme:dark){text{fill:#e4e7ea}.dim{fill:#929ba4}.page{fill:#14171a}"
    ".lane{stroke:#363c43}.leader{fill:#46b06c}.follower{fill:#2b343d}.candidate{fill:#7d4fa3}"
    ".pre_candidate{fill:#4b3a5c}.arrow{stroke:#929ba4}.vote{stroke:#b98ae0}.client{stroke:#5b9fe6}"
    ".lost,.decisive,.violation{stroke:#ff6b63}.halo{stroke:#14171a}.bad,.dot.bad{fill:#ff6b63}"
    ".dot{fill:#e4e7ea}.rule{stroke:#e0a030}}";

int x_of(std::size_t lane) {
    return sequence_left + static_cast<int>(lane) * sequence_lane;
}

void text(std::string& out,
          int x,
          int y,
          const char* classes,
          const std::string& words,
          const char* anchor = "start") {
    fmt::format_to(std::back_inserter(out),
                   "<text x=\"{}\" y=\"{}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n",
                   x,
                   y,
                   classes,
                   anchor,
                   escape_markup(clean_text(words)));
}

std::string seconds(Time at) {
    return fmt::format("{:.3f} s", std::chrono::duration<double>(at).count());
}

const char* kind_of(const SequenceArrow& arrow) {
    return arrow.name.starts_with("vote")                     ? " vote"
           : arrow.name == "request" || arrow.name == "reply" ? " client"
                                                              : "";
}

void draw(std::string& out, const SequenceArrow& arrow) {
    const bool lost = arrow.fate != Fate::arrived;
    const bool right = arrow.to > arrow.from;
    const int x0 = x_of(arrow.from);
    const int whole = x_of(arrow.to) - x0;
    // What is lost gets halfway; what comes to nobody, to its end.
    const bool halfway = lost && arrow.fate != Fate::nobody;
    const int x1 = x0 + (halfway ? whole / 2 : whole);
    const int y1 = arrow.received;
    const std::string classes = fmt::format("arrow{}{}{}{}",
                                            kind_of(arrow),
                                            lost ? " lost" : "",
                                            arrow.derived ? " derived" : "",
                                            arrow.decisive ? " decisive" : "");
    fmt::format_to(std::back_inserter(out),
                   "<path class=\"{}\" d=\"M{},{}L{},{}\"><title>{}</title></path>\n",
                   classes,
                   x0,
                   arrow.sent,
                   x1,
                   y1,
                   escape_markup(clean_text(arrow.text)));
    const double angle = std::atan2(y1 - arrow.sent, x1 - x0) * 180 / 3.14159265358979;
    fmt::format_to(std::back_inserter(out),
                   "<path class=\"{}\" style=\"stroke-dasharray:none\" "
                   "transform=\"translate({},{}) rotate({:.1f})\" d=\"{}\"/>\n",
                   classes,
                   x1,
                   y1,
                   angle,
                   lost ? "M-5,-5L5,5M-5,5L5,-5" : "M-8,-4L-1,0L-8,4");
    if (!arrow.label.empty()) {
        text(out,
             right ? x0 + 12 : x0 - 12,
             arrow.sent - 3,
             "halo dim",
             arrow.label,
             right ? "start" : "end");
    }
}

void draw(std::string& out, const SequenceRule& rule, int width) {
    if (rule.kind == "gap") {
        text(out, 4, rule.y, "dim", "… " + rule.text);
        return;
    }
    const bool bad = rule.kind == "violation";
    fmt::format_to(std::back_inserter(out),
                   "<path class=\"{}\" d=\"M4,{}H{}\"/>\n",
                   bad ? "violation" : "rule",
                   rule.y + 3,
                   width - 4);
    const std::size_t fits = static_cast<std::size_t>(width - 80) / 7;
    text(out, 68, rule.y, bad ? "halo bad" : "halo dim", shortened(rule.text, fits));
    text(out, 4, rule.y, "halo dim", seconds(rule.at));
}

}  // namespace

std::string sequence_svg(const MessageSequence& sequence, const std::string& title) {
    const int width = sequence.width;
    const int height = sequence.height + 24;
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
        "{1}\" role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n"
        "<rect class=\"page\" width=\"{0}\" height=\"{1}\"/>\n",
        width,
        height,
        escape_markup(clean_text(title)),
        style);
    for (std::size_t i = 0; i < sequence.lanes.size(); ++i) {
        text(out, x_of(i), 18, "name", sequence.lanes[i].name, "middle");
        fmt::format_to(std::back_inserter(out),
                       "<path class=\"lane\" d=\"M{},{}V{}\"/>\n",
                       x_of(i),
                       sequence_top - 8,
                       sequence.height);
    }
    for (const SequenceBand& band : sequence.bands) {
        fmt::format_to(std::back_inserter(out),
                       "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"8\" height=\"{}\"/>\n",
                       escape_markup(band.role),
                       x_of(band.lane) - 4,
                       band.from,
                       band.to - band.from);
    }
    for (const SequenceArrow& arrow : sequence.arrows) {
        draw(out, arrow);
    }
    for (const SequenceMark& mark : sequence.marks) {
        const bool bad = mark.weight == Weight::decisive;
        fmt::format_to(std::back_inserter(out),
                       "<circle class=\"dot{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>\n",
                       bad ? " bad" : "",
                       x_of(mark.lane),
                       mark.y,
                       bad ? 4 : 3);
        text(out, x_of(mark.lane) + 8, mark.y + 4, bad ? "halo bad" : "halo", mark.label);
        if (mark.weight >= Weight::telling) {
            text(out, 4, mark.y + 4, "dim", seconds(mark.at));
        }
    }
    for (const SequenceRule& rule : sequence.rules) {
        draw(out, rule, width);
    }
    std::string legend = "green: leader, violet: candidate; not to scale";
    if (sequence.derived) {
        legend += "; dashed: not seen, the traces say that it came";
    }
    if (sequence.routine + sequence.left_out > 0) {
        legend += fmt::format(
            "; left out: {} routine messages, {} others", sequence.routine, sequence.left_out);
    }
    text(out, 4, height - 7, "dim", legend);
    return out + "</svg>\n";
}

}  // namespace squall::harness::report
