// The story, its diagram and what the faults hit, as the page takes them.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/report/escape.hpp"
#include "harness/report/fault_coverage.hpp"
#include "harness/report/message_sequence.hpp"
#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t line_bytes_max = 1000;

std::int64_t microseconds(Time at) {
    return at.count() / 1000;
}

std::string line(const std::string& text) {
    return shortened(text, line_bytes_max);
}

Json sequence_json(const MessageSequence& sequence) {
    Json lanes = Json::array();
    for (const SequenceLane& lane : sequence.lanes) {
        lanes.push_back({lane.name, lane.node});
    }
    Json bands = Json::array();
    for (const SequenceBand& band : sequence.bands) {
        bands.push_back({band.lane, band.from, band.to, band.role, band.term});
    }
    Json arrows = Json::array();
    for (const SequenceArrow& arrow : sequence.arrows) {
        arrows.push_back({arrow.from,
                          arrow.to,
                          arrow.sent,
                          arrow.received,
                          arrow.name,
                          line(arrow.label),
                          line(arrow.text),
                          to_string(arrow.fate),
                          arrow.decisive});
    }
    Json marks = Json::array();
    for (const SequenceMark& mark : sequence.marks) {
        marks.push_back({mark.lane,
                         mark.y,
                         microseconds(mark.at),
                         static_cast<int>(mark.weight),
                         mark.kind,
                         line(mark.label),
                         line(mark.text),
                         mark.line});
    }
    Json rules = Json::array();
    for (const SequenceRule& rule : sequence.rules) {
        rules.push_back({rule.y, microseconds(rule.at), rule.kind, line(rule.text), rule.line});
    }
    return {{"left", sequence_left},
            {"lane", sequence_lane},
            {"top", sequence_top},
            {"width", sequence.width},
            {"height", sequence.height},
            {"routine", sequence.routine},
            {"left_out", sequence.left_out},
            {"derived", sequence.derived},
            {"lanes", std::move(lanes)},
            {"bands", std::move(bands)},
            {"arrows", std::move(arrows)},
            {"marks", std::move(marks)},
            {"rules", std::move(rules)}};
}

}  // namespace

Json page_story(const Story& story, const Material& material, Time origin) {
    Json lines = Json::array();
    for (const Happening& each : story.lines) {
        lines.push_back(
            {microseconds(each.at), static_cast<int>(each.weight), each.kind, line(each.text)});
    }
    return {{"check", line(story.check)},
            {"reason", line(story.reason)},
            {"lines", std::move(lines)},
            {"left_out", story.left_out},
            {"sequence", sequence_json(message_sequence(story, material, origin))}};
}

Json page_coverage(const Material& material, Time origin) {
    const FaultCoverage coverage = fault_coverage(material, origin);
    Json rows = Json::array();
    for (const auto& [fault, cells] : coverage.cells) {
        Json counts = Json::array();
        for (const auto& [role, phase] : coverage.columns) {
            const auto found = cells.find({role, phase});
            counts.push_back(found == cells.end() ? 0 : found->second);
        }
        rows.push_back({line(fault), std::move(counts)});
    }
    return {{"columns", coverage.columns}, {"rows", std::move(rows)}};
}

}  // namespace squall::harness::report
