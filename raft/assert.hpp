// ASSERT: a broken invariant of our own code. On in every build, prints the expression and where it
// stands, and aborts: for a Raft node crashing is legal, limping on is not. Never for anything that
// comes from outside.
#pragma once

#include <cstdio>
#include <cstdlib>

#define ASSERT(condition)                                     \
    do {                                                      \
        if (!(condition)) [[unlikely]] {                      \
            std::fprintf(stderr,                              \
                         "assertion failed: %s (%s:%d %s)\n", \
                         #condition,                          \
                         __FILE__,                            \
                         __LINE__,                            \
                         __func__);                           \
            std::abort();                                     \
        }                                                     \
    } while (false)
