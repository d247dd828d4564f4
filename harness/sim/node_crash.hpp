// A node that fails an assertion of its own code: a real one aborts, a simulated one lives in our
// process and must not take it along. While a guard lives, failed assertions of the calling thread
// throw NodeCrash; whoever holds the guard gives up the node, whose state is worth nothing then.
#pragma once

#include <string>

#include "raft/assert.hpp"

namespace squall::harness::sim {

/// No std::exception, lest anybody takes it for an error that can be handled.
struct NodeCrash {
    std::string last_words;  ///< What a real node would have printed.
};

class NodeCrashGuard {
  public:
    NodeCrashGuard() { raft::assertion_handler = &crash; }

    ~NodeCrashGuard() { raft::assertion_handler = before_; }

    NodeCrashGuard(const NodeCrashGuard&) = delete;
    NodeCrashGuard& operator=(const NodeCrashGuard&) = delete;

  private:
    [[noreturn]] static void crash(const char* expression,
                                   const char* file,
                                   int line,
                                   const char* function);

    raft::AssertionHandler before_ = raft::assertion_handler;
};

}  // namespace squall::harness::sim
