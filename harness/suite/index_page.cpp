#include "harness/suite/index_page.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/suite/index_style.hpp"
#include "harness/suite/index_words.hpp"
#include "harness/suite/summary_outputs.hpp"

namespace squall::harness::suite {
namespace {

using report::escape_markup;
using store::CellState;

constexpr std::size_t runs_per_cell_max = 5;

class Page {
  public:
    explicit Page(const SuiteSummary& summary) : summary_(summary) {}

    std::string text() {
        head();
        groups();
        matrix();
        trend();
        rest();
        out_ += "</main></body></html>\n";
        return std::move(out_);
    }

  private:
    template <typename... Args>
    void add(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
    }

    void head() {
        const store::SuiteRow& suite = summary_.suite;
        add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width\"><title>{}: {}</title>"
            "<style>{}</style></head><body><main>\n",
            escape_markup(suite.name),
            escape_markup(summary_.verdict),
            index_style);
        add("<h1 class=\"{}\">{}</h1>\n",
            escape_markup(summary_.verdict),
            escape_markup(index_title(summary_)));
        add("<p class=\"dim\">begun {} UTC, {} of work, squall {}, seed {}; "
            "<a href=\"summary.md\">summary.md</a> <a href=\"summary.json\">summary.json</a> "
            "<a href=\"junit.xml\">junit.xml</a></p>\n",
            time_text(suite.started),
            work_text(static_cast<double>(suite.elapsed_ms) / 1000),
            escape_markup(suite.version),
            suite.seed);
    }

    static std::string work_text(double seconds) {
        return seconds < 120 ? fmt::format("{:.0f} s", seconds)
                             : fmt::format("{:.0f} min", seconds / 60);
    }

    /// What belongs to this suite is linked relatively, so that the folder can be moved.
    [[nodiscard]] std::string link_to(const std::string& file) const {
        const std::string& own = summary_.suite.directory;
        return escape_markup(file.starts_with(own + "/") ? file.substr(own.size() + 1)
                                                         : "file://" + file);
    }

    /// The report of the cheapest run, and first what it was cut down to, where its command says
    /// so.
    [[nodiscard]] std::string reports_of(const triage::Group& group) const {
        const std::string run = group.directory + "/run";
        const std::string whole = fmt::format("<a href=\"{}\">report of the cheapest run</a>",
                                              link_to(run + "/report.html"));
        return group.command.find(run + "/shrunk/plan.json") == std::string::npos
                   ? whole
                   : fmt::format("<a href=\"{}\">report of what it was cut down to</a> · {}",
                                 link_to(run + "/shrunk/report.html"),
                                 whole);
    }

    void groups() {
        const bool any = std::ranges::any_of(
            summary_.groups, [](const SuiteGroup& entry) { return entry.group.failures > 0; });
        add("<h2>Failures</h2>\n{}", any ? "" : "<p>None this time.</p>\n");
        for (const SuiteGroup& entry : summary_.groups) {
            group(entry);
        }
    }

    void group(const SuiteGroup& entry) {
        const triage::Group& group = entry.group;
        const bool failing = group.failures > 0 && entry.quarantined.empty();
        const std::string_view state = state_of(entry);
        add("<div class=\"finding {0}\"><h3><span class=\"tag {0}\">{1}</span> {2} "
            "<small>{1}: {3}</small></h3>\n",
            failing ? "invalid" : "",
            state,
            escape_markup(group.signature),
            state_meaning(state));
        add("<p>{}</p>\n", escape_markup(group.reason));
        add("<div class=\"scroll\"><table><tr><th>this time</th><th>in all</th>"
            "<th>first seen (UTC)</th><th>last seen (UTC)</th><th>rate</th><th>faults</th>"
            "<th>cells</th></tr><tr><td>{}</td><td>{}</td><td class=\"when\">{}</td>"
            "<td class=\"when\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr></table></div>\n",
            group.failures,
            group.failures_total,
            time_text(group.first_seen),
            time_text(group.last_seen),
            rate_text(group),
            escape_markup(group.faults),
            group.cells.size());
        add("<pre>{}</pre>\n<p>{}{}{}</p></div>\n",
            escape_markup(group.command),
            reports_of(group),
            entry.quarantined.empty() ? "" : " · ",
            escape_markup(entry.quarantined));
    }

    void matrix() {
        // Rows: all of the name but the profile, which is the column.
        std::vector<std::string> columns;
        std::vector<std::string> rows;
        std::map<std::pair<std::string, std::string>, const CellLine*> at;
        for (const CellLine& cell : summary_.cells) {
            const auto [row, column] = split(cell.name);
            if (std::ranges::find(columns, column) == columns.end()) {
                columns.push_back(column);
            }
            if (std::ranges::find(rows, row) == rows.end()) {
                rows.push_back(row);
            }
            at[{row, column}] = &cell;
        }
        add("<h2>Cells</h2>\n<p class=\"legend\">");
        for (const char* verdict :
             {"valid", "invalid", "quarantined", "unknown", "void", "not_run"}) {
            if (const std::size_t count = summary_.count(verdict); count > 0) {
                add("<span><span class=\"swatch {}\"></span>{} {}</span> ",
                    verdict,
                    count,
                    std::string_view(verdict) == "not_run" ? "not run" : verdict);
            }
        }
        add("<span class=\"dim\">number: seeds tried; 2×: failures; links lead to their runs</span>"
            "</p>\n<div class=\"scroll\"><table class=\"matrix\"><tr><th></th>");
        for (const std::string& column : columns) {
            add("<th>{}</th>", escape_markup(column));
        }
        add("</tr>\n");
        for (const std::string& row : rows) {
            add("<tr><th>{}</th>", escape_markup(row));
            for (const std::string& column : columns) {
                const auto found = at.find({row, column});
                cell(found == at.end() ? nullptr : found->second);
            }
            add("</tr>\n");
        }
        add("</table></div>\n");
    }

    static std::pair<std::string, std::string> split(const std::string& name) {
        std::vector<std::string> parts;
        std::size_t begin = 0;
        for (std::size_t slash = name.find('/'); slash != std::string::npos;
             slash = name.find('/', begin)) {
            parts.push_back(name.substr(begin, slash - begin));
            begin = slash + 1;
        }
        parts.push_back(name.substr(begin));
        constexpr std::size_t profile = 3;
        if (parts.size() <= profile) {
            return {name, "drawn"};
        }
        std::string row;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i != profile) {
                row += (row.empty() ? "" : " / ") + parts[i];
            }
        }
        return {row, parts[profile]};
    }

    void cell(const CellLine* line) {
        if (line == nullptr) {
            add("<td></td>");
            return;
        }
        const char* shown = line->state == CellState::done ? line->verdict.c_str() : "not_run";
        const std::string title =
            escape_markup(line->reason.empty() ? line->name : line->name + ": " + line->reason);
        add("<td class=\"cell {}\" title=\"{}\">", escape_markup(shown), title);
        add("{}", line->seeds);
        if (line->failures > 0) {
            add(" <b>{}×</b>", line->failures);
        }
        // What is void left no report, mostly.
        const char* file = line->verdict == "void" ? "output.log" : "run/report.html";
        const std::size_t runs = std::min(line->kept.size(), runs_per_cell_max);
        for (std::size_t i = 0; i < runs; ++i) {
            add(" <a href=\"{}/{}\">{}</a>",
                escape_markup(line->kept[i]),
                file,
                runs == 1 ? std::string("run") : fmt::format("run&nbsp;{}", i + 1));
        }
        add("</td>");
    }

    void trend() {
        add("<h2>Nights</h2>\n<div class=\"scroll\"><table><tr><th>begun (UTC)</th><th>verdict</th>"
            "<th>cells</th><th>groups</th><th>seeds</th><th>work</th><th>squall</th></tr>\n");
        for (auto night = summary_.nights.rbegin(); night != summary_.nights.rend(); ++night) {
            add("<tr><td class=\"when\">{}</td><td><span class=\"tag {}\">{}</span></td><td>{}</td>"
                "<td>{}</td>"
                "<td>{}</td><td>{}</td><td>{}</td></tr>\n",
                time_text(night->started),
                escape_markup(night->verdict),
                escape_markup(night->verdict),
                bar(*night),
                night->groups,
                night->seeds,
                work_text(night->elapsed_s),
                escape_markup(night->version));
        }
        add("</table></div>\n");
    }

    static std::string bar(const Night& night) {
        std::size_t all = 0;
        for (const auto& [verdict, count] : night.cells) {
            all += count;
        }
        std::string out = "<span class=\"bar\">";
        for (const char* verdict : {"invalid", "void", "unknown", "not_run", "pending", "valid"}) {
            const auto found = night.cells.find(verdict);
            if (found != night.cells.end() && all > 0) {
                fmt::format_to(
                    std::back_inserter(out),
                    "<i class=\"{}\" style=\"width:{:.1f}%\" title=\"{} {}\"></i>",
                    verdict,
                    100.0 * static_cast<double>(found->second) / static_cast<double>(all),
                    found->second,
                    verdict);
            }
        }
        return out + "</span>";
    }

    void rest() {
        std::size_t shown = 0;
        for (const CellLine& line : summary_.cells) {
            const bool bad = line.state != CellState::done ||
                             (line.verdict != "valid" && line.verdict != "invalid");
            if (!bad) {
                continue;
            }
            if (shown++ == 0) {
                add("<h2>What else is not valid</h2>\n<p class=\"dim\">unknown: nothing wrong was "
                    "found, but some runs could not be decided, or no fault took effect in them; "
                    "void: the harness failed; not run: its turn did not come</p>\n"
                    "<div class=\"scroll\"><table class=\"rest\">\n");
            }
            add("<tr><td><span class=\"tag {0}\">{0}</span></td><td>{1}</td><td>{2}</td></tr>\n",
                escape_markup(line.state == CellState::done ? line.verdict : "not run"),
                escape_markup(line.name),
                escape_markup(report::shortened(line.reason, 400)));
        }
        add("{}", shown > 0 ? "</table></div>\n" : "");
        if (!summary_.left_out.empty()) {
            add("<details><summary>{} combinations left out</summary>"
                "<div class=\"scroll\"><table>\n",
                summary_.left_out.size());
            for (const LeftOut& left_out : summary_.left_out) {
                add("<tr><td>{}</td><td>{}</td></tr>\n",
                    escape_markup(left_out.name),
                    escape_markup(left_out.reason));
            }
            add("</table></div></details>\n");
        }
    }

    const SuiteSummary& summary_;
    std::string out_;
};

}  // namespace

std::string index_page(const SuiteSummary& summary) {
    return Page(summary).text();
}

}  // namespace squall::harness::suite
