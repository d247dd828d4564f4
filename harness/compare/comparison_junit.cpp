// The comparison as a suite of one case for the patch and one for every kind of plans.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/compare/comparison.hpp"
#include "harness/report/escape.hpp"

namespace squall::harness::compare {

std::string to_junit(const Comparison& comparison) {
    using report::escape_markup;
    const bool bad = comparison.decision.verdict == Verdict::introduces_failures;
    const bool built = comparison.decision.verdict != Verdict::not_built;
    const bool open = comparison.decision.verdict == Verdict::could_not_tell || !built;
    const std::string totals =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"",
                    comparison.decider.tallies().size() + 1,
                    bad ? 1 : 0,
                    open ? 1 : 0,
                    comparison.build_seconds + comparison.compare_seconds);
    std::string out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"squall\" {0}>\n"
        "  <testsuite name=\"squall.compare\" skipped=\"0\" {0}>\n"
        "    <testcase classname=\"squall.compare\" name=\"patch\" "
        "time=\"{1:.3f}\">\n",
        totals,
        comparison.compare_seconds);
    if (bad || open) {
        const char* element = bad ? "failure" : "error";
        std::vector<std::string> lines = comparison.decision.reasons;
        for (const KeptFailure& failure : comparison.failures) {
            lines.push_back(failure.check + ": " + failure.reason);
            lines.insert(lines.end(), failure.details.begin(), failure.details.end());
        }
        out += fmt::format(
            "      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n",
            element,
            bad     ? "introduces-failures"
            : built ? "could-not-tell"
                    : "does-not-build",
            escape_markup(report::shortened(
                lines.empty() ? to_string(comparison.decision.verdict) : lines.front(), 2000)),
            escape_markup(report::shortened(fmt::format("{}", fmt::join(lines, "\n")), 20'000)));
    }
    out += "    </testcase>\n";
    for (const auto& [where, tally] : comparison.decider.tallies()) {
        out += fmt::format(
            "    <testcase classname=\"squall.compare.{}\" name=\"{}\" time=\"0\">\n"
            "      <system-out>{} pairs; patch alone failed {}, base alone {}</system-out>\n"
            "    </testcase>\n",
            to_string(where.first),
            escape_markup(where.second),
            tally.pairs,
            tally.safety.against + tally.service.against,
            tally.safety.opposite + tally.service.opposite);
    }
    return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace squall::harness::compare
