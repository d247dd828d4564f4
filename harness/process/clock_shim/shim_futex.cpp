// Timed waits on a futex through the C library's syscall(): what std::future,
// std::counting_semaphore and other waits on atomics are made of. Every other system call passes
// through untouched, so that a program which asks the kernel for the time gets the kernel's.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/process/clock_shim/shim_waits.hpp"

namespace squall::clock_shim {

namespace {

constinit Hidden<long(long, ...)> hidden_syscall("syscall");

/// A deadline that the shim understands: relative ones are of FUTEX_WAIT, absolute ones of
/// FUTEX_WAIT_BITSET. Others, of priority inheritance and requeueing, are left to the kernel.
bool timed_wait(int operation, const timespec* time) {
    const int command = operation & FUTEX_CMD_MASK;
    return (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET) && time != nullptr &&
           valid(*time);
}

long futex_wait(long word, int operation, long expected, const timespec& time, long mask) {
    Deadline deadline;
    if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT) {
        deadline = deadline_in(to_nanoseconds(time));
        mask = FUTEX_BITSET_MATCH_ANY;
    } else {
        deadline = {(operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                    to_nanoseconds(time)};
    }
    const int raw_operation = FUTEX_WAIT_BITSET | (operation & FUTEX_PRIVATE_FLAG);
    long result = 0;
    // Between two slices nobody can be woken, but the kernel looks at the word again, and whoever
    // wakes changes it first.
    timed_out(deadline, [&](const timespec& until) {
        result = (*hidden_syscall)(SYS_futex, word, raw_operation, expected, &until, nullptr, mask);
        return result != 0 && errno == ETIMEDOUT;
    });
    return result;
}

}  // namespace

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

// The arguments lie where those of `long syscall(long, ...)` do.
long squall_syscall(long number, long a, long b, long c, long d, long e, long f) __asm__("syscall");

long squall_syscall(long number, long a, long b, long c, long d, long e, long f) {
    if (number == SYS_futex && page() != nullptr) {
        const auto* time = reinterpret_cast<const timespec*>(d);
        if (const int operation = static_cast<int>(b); timed_wait(operation, time)) {
            return futex_wait(a, operation, c, *time, f);
        }
    }
    return (*hidden_syscall)(number, a, b, c, d, e, f);
}

}  // extern "C"
