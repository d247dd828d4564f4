// What shrinking learnt about a run, told to that run: its results.json, and its reports with the
// link to what is left of it, and with how often the failure came again.
#pragma once

#include <optional>
#include <string>

#include "harness/results.hpp"

namespace squall::harness::cli {

/// Writes results and reports of the run again. Whoever is killed in between leaves the earlier or
/// the later text of each file, whole; `squall report` makes them one again. What is wrong is said
/// on stderr only: the run has been judged, and what is left of it is kept.
void record_shrinkage(const std::string& directory,
                      const Reproduction& measured,
                      const std::optional<Shrinkage>& shrunk_to);

/// Takes the link away before what it leads to is emptied. Does nothing where there is none.
void forget_shrinkage(const std::string& directory);

}  // namespace squall::harness::cli
