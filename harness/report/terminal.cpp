#include "harness/report/terminal.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

constexpr std::size_t detail_lines_max = 20;

}  // namespace

std::string check_lines(const std::vector<checker::Check>& checks, const std::string& said) {
    std::string out;
    for (const checker::Check& check : checks) {
        if (check.verdict == checker::Verdict::valid) {
            continue;
        }
        if (check.name + ": " + check.reason != said) {
            fmt::format_to(std::back_inserter(out),
                           "  {} {}: {}\n",
                           checker::to_string(check.verdict),
                           check.name,
                           check.reason);
        }
        const std::span<const std::string> details = further_details(check);
        for (std::size_t i = 0; i < details.size() && i < detail_lines_max; ++i) {
            fmt::format_to(std::back_inserter(out), "      {}\n", details[i]);
        }
        if (details.size() > detail_lines_max) {
            fmt::format_to(std::back_inserter(out),
                           "      ... {} more lines in the report\n",
                           details.size() - detail_lines_max);
        }
    }
    return out;
}

std::string terminal_summary(const Results& results, const std::string& directory) {
    std::string out = fmt::format("\n{}\n", verdict_sentence(results));
    std::vector<checker::Check> findings;
    std::ranges::copy_if(results.checks, std::back_inserter(findings), [&](const auto& check) {
        return is_finding(check, results.verdict);
    });
    out += check_lines(findings, results.reasons.empty() ? "" : results.reasons.front());
    if (const std::string undecided = undecided_words(results); !undecided.empty()) {
        fmt::format_to(std::back_inserter(out), "  {}\n", undecided);
    }
    fmt::format_to(std::back_inserter(out),
                   "  operations  {}; final reads {}\n",
                   counts_line(results.operations),
                   counts_line(results.final_reads));
    for (const auto& [name, summary] : results.faults) {
        fmt::format_to(std::back_inserter(out), "  {:<10}  {}\n", name, fault_line(summary));
    }
    fmt::format_to(std::back_inserter(out), "  reproduce   {}\n", reproduce_command(results));
    if (!directory.empty()) {
        fmt::format_to(std::back_inserter(out),
                       "  report      {0}/report.html\n  kept in     {0}\n",
                       directory);
    }
    return out;
}

}  // namespace squall::harness::report
