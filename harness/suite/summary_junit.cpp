#include <iterator>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/suite/summary_outputs.hpp"

namespace squall::harness::suite {
namespace {

using report::escape_markup;
using store::CellState;

constexpr std::size_t message_bytes_max = 2000;

std::string message_of(const std::string& text) {
    return escape_markup(report::shortened(text.substr(0, text.find('\n')), message_bytes_max));
}

/// What stands inside a test case; empty when the cell is valid.
std::string inside(const CellLine& cell) {
    if (cell.state != CellState::done || cell.verdict == "quarantined") {
        return fmt::format("      <skipped message=\"{}\"/>\n", message_of(cell.reason));
    }
    if (cell.verdict == "valid") {
        return "";
    }
    std::string runs;
    for (const std::string& directory : cell.kept) {
        runs += directory + "\n";
    }
    const char* element = cell.verdict == "invalid" ? "failure" : "error";
    return fmt::format("      <{} type=\"{}\" message=\"{}\">{}</{}>\n",
                       element,
                       escape_markup(cell.verdict),
                       message_of(cell.reason),
                       escape_markup(runs),
                       element);
}

}  // namespace

std::string junit(const SuiteSummary& summary) {
    const std::string totals =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"",
                    summary.cells.size(),
                    summary.count("invalid"),
                    summary.count("unknown") + summary.count("void"),
                    summary.count("not_run") + summary.count("quarantined"),
                    static_cast<double>(summary.suite.elapsed_ms) / 1000);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    fmt::format_to(std::back_inserter(out),
                   "<testsuites name=\"squall\" {}>\n  <testsuite name=\"squall.{}\" {}>\n",
                   totals,
                   escape_markup(summary.suite.name),
                   totals);
    for (const CellLine& cell : summary.cells) {
        const std::size_t slash = cell.name.find('/');
        const std::string content = inside(cell);
        fmt::format_to(std::back_inserter(out),
                       "    <testcase classname=\"squall.{}\" name=\"{}\" time=\"{:.3f}\"",
                       escape_markup(cell.name.substr(0, slash)),
                       escape_markup(cell.name),
                       cell.duration_s);
        out += content.empty() ? "/>\n" : ">\n" + content + "    </testcase>\n";
    }
    out += "  </testsuite>\n</testsuites>\n";
    return out;
}

}  // namespace squall::harness::suite
