// The harness itself could not do its job: cannot spawn, bind, write, parse its own plan. Caught at
// the run boundary (the run is *void*) and in main. Never a verdict about the system under test.
#pragma once

#include <stdexcept>

namespace squall::harness {

class Failure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The user's input is wrong; exit code 64. The message names what and the remedy.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace squall::harness
