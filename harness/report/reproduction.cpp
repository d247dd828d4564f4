#include "harness/report/reproduction.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

constexpr const char* exact = "every time: the simulator is exact";

std::string shrunk_plan(const Results& results) {
    Results smaller = results;
    smaller.directory =
        results.directory.empty() ? "shrunk" : fmt::format("{}/shrunk", results.directory);
    smaller.plan_given = true;
    return reproduce_command(smaller);
}

std::string rate_words(std::uint64_t failed, std::uint64_t runs, const char* otherwise) {
    if (runs == 0) {
        return otherwise;
    }
    const double share = 100 * static_cast<double>(failed) / static_cast<double>(runs);
    return failed == 0
               ? fmt::format("none of {} failed", counted(runs, "more run"))
               : fmt::format(
                     "{} of {} failed again ({:.0f} %)", failed, counted(runs, "run"), share);
}

std::string how_often_this_fails(const Results& results) {
    const auto& measured = results.reproduction;
    const bool never = measured && measured->runs > 0 && measured->failed == 0;
    if (results.command == "sim") {
        return never ? "it did not fail again: another build of the Raft, or of squall"
                     : std::string(exact);
    }
    return measured ? rate_words(measured->failed, measured->runs, "not measured: this was one try")
                    : "not measured: this was one try";
}

/// The check that shrinking was about.
std::string shrunk_check(const Results& results) {
    if (results.reproduction) {
        return results.reproduction->check;
    }
    const auto failed =
        std::ranges::find(results.checks, checker::Verdict::invalid, &checker::Check::verdict);
    return failed == results.checks.end() ? "a check" : failed->name;
}

}  // namespace

std::vector<WayAgain> ways_again(const Results& results) {
    if (results.command == "check") {
        return {{.what = "this history",
                 .command = reproduce_command(results),
                 .how_often = "every time",
                 .page = ""}};
    }
    std::vector<WayAgain> ways;
    if (results.shrunk_to) {
        ways.push_back({.what = "cut down",
                        .command = shrunk_plan(results),
                        .how_often = results.command == "sim"
                                         ? exact
                                         : rate_words(results.shrunk_to->failed,
                                                      results.shrunk_to->runs,
                                                      "not measured: shrinking was cut short"),
                        .page = "shrunk/report.html"});
    }
    const bool failed = results.verdict == RunVerdict::invalid;
    ways.push_back({.what = "this run",
                    .command = reproduce_command(results),
                    .how_often = failed ? how_often_this_fails(results)
                                 : results.command == "sim"
                                     ? "exact: the same history, byte for byte"
                                     : "the same plan; real processes are not deterministic",
                    .page = ""});
    return ways;
}

std::string shrinkage_words(const Results& results) {
    const auto& shrinkage = results.shrunk_to ? results.shrunk_to : results.shrunk_from;
    if (!shrinkage) {
        return "";
    }
    const char* cut_short =
        shrinkage->complete ? "" : " The search was cut short: less may be enough.";
    return results.shrunk_to
               ? fmt::format("Cut down to {} in which {} still fails; this run had {}.{}",
                             to_text(shrinkage->after),
                             shrunk_check(results),
                             to_text(shrinkage->before),
                             cut_short)
               : fmt::format("This is what is left ({}) of a run of {}; {} still fails.{}",
                             to_text(shrinkage->after),
                             to_text(shrinkage->before),
                             shrunk_check(results),
                             cut_short);
}

std::string shrink_command(const Results& results) {
    const bool wants = results.verdict == RunVerdict::invalid && results.command != "check" &&
                       !results.plan.operations && !results.shrunk_to && !results.shrunk_from;
    return wants ? fmt::format(
                       "scripts/squall shrink {}",
                       results.directory.empty() ? "DIRECTORY" : as_shell_word(results.directory))
                 : "";
}

std::string reproduction_words(const Results& results) {
    if (results.command == "check") {
        return "";
    }
    if (results.command == "sim") {
        return "The simulation is exact: the same plan and build give the same history, byte for "
               "byte, every time.";
    }
    std::string words =
        "Real processes are not deterministic: the plan gives the same operations and faults, not "
        "the same interleaving. What was really injected, and when, is in realised.json.";
    if (results.reproduction) {
        const Reproduction& measured = *results.reproduction;
        words += fmt::format(" Measured: {} failed in {} of {} runs of {}",
                             measured.check,
                             measured.failed,
                             measured.runs,
                             results.shrunk_from || measured.runs_before > 0
                                 ? "this plan"
                                 : "what happened here: its operations and faults at their times");
        if (measured.runs_before > 0) {
            words += fmt::format(", and in {} of {} of the one that it was shrunk from",
                                 measured.failed_before,
                                 measured.runs_before);
        } else if (results.shrunk_to && results.shrunk_to->runs > 0) {
            words += fmt::format(", and in {} of {} of what is left of it",
                                 results.shrunk_to->failed,
                                 results.shrunk_to->runs);
        }
        words += ".";
    } else if (results.verdict == RunVerdict::invalid) {
        words +=
            " How often it fails has not been measured: this was one try. To shrink the run is to "
            "try again and again, and says how often it failed.";
    }
    return words;
}

}  // namespace squall::harness::report
