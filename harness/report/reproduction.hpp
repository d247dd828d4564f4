// How to see a failure again, how often it came when that was tried, and what shrinking left of it:
// every report and the terminal take the words from here.
#pragma once

#include <string>
#include <vector>

#include "harness/results.hpp"

namespace squall::harness::report {

/// One command that asks for the failure again.
struct WayAgain {
    std::string what;  ///< "this run", "cut down".
    std::string command;
    std::string how_often;  ///< "7 of 10 runs failed again (70 %)".
    std::string page;       ///< Its report.html, from the directory of the run; empty: this one.
};

/// The best first: of a run that was cut down what is left of it, then the run itself.
[[nodiscard]] std::vector<WayAgain> ways_again(const Results& results);

/// "Cut down to 1 fault, 2 operations, 2 nodes, 0.415 s that still fail linearizable, from ...".
/// Empty: nobody shrank it.
[[nodiscard]] std::string shrinkage_words(const Results& results);

/// What to do about a failure that nobody has cut down: the command; empty where there is nothing
/// to be done.
[[nodiscard]] std::string shrink_command(const Results& results);

/// How sure the commands are to fail in the same way, and why.
[[nodiscard]] std::string reproduction_words(const Results& results);

}  // namespace squall::harness::report
