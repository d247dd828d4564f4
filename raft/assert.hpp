// ASSERT: a broken invariant of our own code. On in every build, prints the expression and where it
// stands, and aborts: for a Raft node crashing is legal, limping on is not. Never for anything that
// comes from outside.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace squall::raft {

/// Takes over when an assertion fails. Must not return: it ends the node in another way.
using AssertionHandler = void (*)(const char* expression,
                                  const char* file,
                                  int line,
                                  const char* function);

/// Of this thread. Null, as it is but for who runs nodes within its own process: abort.
inline thread_local AssertionHandler assertion_handler = nullptr;

[[noreturn, gnu::cold, gnu::noinline]] inline void assertion_failed(const char* expression,
                                                                    const char* file,
                                                                    int line,
                                                                    const char* function) {
    if (assertion_handler != nullptr) {
        assertion_handler(expression, file, line, function);
    }
    std::fprintf(stderr, "assertion failed: %s (%s:%d %s)\n", expression, file, line, function);
    std::abort();
}

}  // namespace squall::raft

#define ASSERT(condition)                                                               \
    do {                                                                                \
        if (!(condition)) [[unlikely]] {                                                \
            ::squall::raft::assertion_failed(#condition, __FILE__, __LINE__, __func__); \
        }                                                                               \
    } while (false)
