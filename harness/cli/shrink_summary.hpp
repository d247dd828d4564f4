// What shrinking came to, on the terminal.
#pragma once

#include "harness/results.hpp"
#include "harness/shrink/session.hpp"

namespace squall::harness::cli {

/// `told`: the run that was shrunk, with `shrunk_to`, `reproduction` and its directory.
void print_shrunk(const Results& told, const shrink::Shrunk& shrunk, double seconds);

}  // namespace squall::harness::cli
