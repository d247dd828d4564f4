#include "harness/cli/shrink_summary.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "harness/report/reproduction.hpp"
#include "harness/shrink/fault_edits.hpp"

namespace squall::harness::cli {
namespace {

void print_faults_left(const Plan& plan) {
    constexpr std::size_t shown_max = 8;
    for (std::size_t i = 0; i < std::min(plan.faults.size(), shown_max); ++i) {
        const nemesis::PlannedFault& fault = plan.faults[i];
        fmt::print("  {}  {} from {:.3f} s to {:.3f} s\n",
                   i == 0 ? "faults    " : "          ",
                   fault.action ? shrink::words_of(*fault.action)
                                : fmt::format("{} {}", fault.name, fault.shape),
                   std::chrono::duration<double>(fault.at).count(),
                   std::chrono::duration<double>(fault.at + fault.duration).count());
    }
}

}  // namespace

void print_shrunk(const Results& told, const shrink::Shrunk& shrunk, double seconds) {
    const std::vector<report::WayAgain> ways = report::ways_again(told);
    const std::string directory = told.directory + "/shrunk";
    fmt::print("\nshrunk{}: {} still fails\n",
               shrunk.complete ? "" : " as far as time allowed",
               told.reproduction->check);
    fmt::print("  before      {}\n", to_text(told.shrunk_to->before));
    fmt::print("  after       {}\n", to_text(told.shrunk_to->after));
    print_faults_left(shrunk.plan);
    fmt::print(
        "  tried       {} plans in {} runs and {:.1f} s\n", shrunk.attempts, shrunk.runs, seconds);
    // Where chance is part of it, both rates are worth knowing.
    fmt::print("  reproduces  {}{}\n",
               ways.front().how_often,
               told.command == "sim"
                   ? ""
                   : fmt::format("; of the run before shrinking, {}", ways.back().how_often));
    fmt::print("  replay      {}\n", ways.front().command);
    if (std::error_code ignored; std::filesystem::exists(directory + "/report.html", ignored)) {
        fmt::print("  report      {}/report.html\n", directory);
    }
    fmt::print("  kept in     {}\n", directory);
}

}  // namespace squall::harness::cli
