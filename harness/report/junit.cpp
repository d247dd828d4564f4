#include "harness/report/junit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/report/reproduction.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

using checker::Verdict;

constexpr std::size_t message_bytes_max = 2000;
constexpr std::size_t lines_max = 200;

/// An attribute is one line to those who read it.
std::string message_of(std::string_view text) {
    return escape_markup(shortened(text.substr(0, text.find('\n')), message_bytes_max));
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), lines_max); ++i) {
        text += i == 0 ? "" : "\n";
        text += shortened(lines[i], message_bytes_max);
    }
    if (lines.size() > lines_max) {
        text += fmt::format("\n... {} more lines in results.json", lines.size() - lines_max);
    }
    return escape_markup(text);
}

void outcome(const char* element,
             std::string_view type,
             std::string_view message,
             const std::vector<std::string>& details,
             std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   "      <{} type=\"{}\" message=\"{}\">{}</{}>\n",
                   element,
                   escape_markup(type),
                   message_of(message),
                   text_of(details),
                   element);
}

void test_case(const checker::Check& check, const std::string& suite, std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   "    <testcase classname=\"{}.{}\" name=\"{}\" time=\"0\">\n",
                   suite,
                   escape_markup(check.detector),
                   escape_markup(check.name));
    switch (check.verdict) {
        case Verdict::valid:
            break;
        case Verdict::unknown:
            outcome("error", "unknown", check.reason, check.details, out);
            break;
        case Verdict::invalid:
            outcome("failure", "invalid", check.reason, check.details, out);
            break;
    }
    out += "    </testcase>\n";
}

/// What a reader of the log needs to see it again, a line each.
std::string again(const Results& results) {
    std::string out;
    for (const WayAgain& way : ways_again(results)) {
        out += fmt::format("reproduce{}: {} ({})\n",
                           way.page.empty() ? "" : " " + way.what,
                           way.command,
                           way.how_often);
        if (!way.page.empty()) {
            out += fmt::format("report {}: {}\n", way.what, way.page);
        }
    }
    if (const std::string words = shrinkage_words(results); !words.empty()) {
        out += words + "\n";
    }
    return out;
}

/// Of a run that was cut down.
std::string properties_of_shrunk(const Results& results) {
    if (!results.shrunk_to) {
        return "";
    }
    const WayAgain way = ways_again(results).front();
    std::string out;
    for (const auto& [name, value] :
         {std::pair<const char*, std::string>("reproduce_shrunk", way.command),
          {"reproduce_shrunk_how_often", way.how_often},
          {"report_shrunk", way.page},
          {"shrunk_before", to_text(results.shrunk_to->before)},
          {"shrunk_after", to_text(results.shrunk_to->after)}}) {
        out +=
            fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escape_markup(value));
    }
    return out;
}

}  // namespace

std::string junit(const Results& results) {
    const auto count = [&results](Verdict verdict) {
        return std::ranges::count(results.checks, verdict, &checker::Check::verdict);
    };
    const bool is_void = results.verdict == RunVerdict::void_run;
    const double seconds = std::chrono::duration<double>(results.elapsed).count();
    const std::string suite =
        escape_markup(fmt::format("squall.{}.{}", results.plan.system, results.plan.workload));
    // The harness itself is a case: a void run must not look like one that passed.
    const std::string totals =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"",
                    results.checks.size() + 1,
                    count(Verdict::invalid),
                    count(Verdict::unknown) + (is_void ? 1 : 0),
                    seconds);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    fmt::format_to(std::back_inserter(out), "<testsuites name=\"squall\" {}>\n", totals);
    fmt::format_to(
        std::back_inserter(out), "  <testsuite name=\"{}\" skipped=\"0\" {}>\n", suite, totals);
    fmt::format_to(std::back_inserter(out),
                   "    <properties>\n"
                   "      <property name=\"verdict\" value=\"{}\"/>\n"
                   "      <property name=\"reproduce\" value=\"{}\"/>\n"
                   "      <property name=\"seed\" value=\"{}\"/>\n"
                   "      <property name=\"version\" value=\"{}\"/>\n"
                   "{}    </properties>\n",
                   escape_markup(to_string(results.verdict)),
                   escape_markup(reproduce_command(results)),
                   results.plan.seed,
                   escape_markup(results.version),
                   properties_of_shrunk(results));
    fmt::format_to(std::back_inserter(out),
                   "    <testcase classname=\"{}\" name=\"run\" time=\"{:.3f}\">\n",
                   suite,
                   seconds);
    if (is_void) {
        outcome("error", "void", verdict_sentence(results), results.reasons, out);
    }
    out += "    </testcase>\n";
    for (const checker::Check& check : results.checks) {
        test_case(check, suite, out);
    }
    fmt::format_to(std::back_inserter(out),
                   "    <system-out>{}\n{}</system-out>\n",
                   escape_markup(shortened(verdict_sentence(results), message_bytes_max)),
                   escape_markup(again(results)));
    out += "  </testsuite>\n</testsuites>\n";
    return out;
}

}  // namespace squall::harness::report
