// Condition variables, mutexes and semaphores that wait in virtual time. Underneath all of them
// wait on the raw monotonic clock.
#include <pthread.h>
#include <semaphore.h>

#include "harness/process/clock_shim/shim_waits.hpp"

namespace squall::clock_shim {

namespace {

using CondWait = int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*);

constinit Hidden<CondWait> hidden_cond_clockwait("pthread_cond_clockwait");
constinit Hidden<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> hidden_cond_timedwait(
    "pthread_cond_timedwait", "GLIBC_2.3.2");
constinit Hidden<int(pthread_mutex_t*, clockid_t, const timespec*)> hidden_mutex_clocklock(
    "pthread_mutex_clocklock");
constinit Hidden<int(sem_t*, clockid_t, const timespec*)> hidden_sem_clockwait("sem_clockwait");

/// The clock that the attributes gave the condition variable. glibc keeps it in the variable, since
/// 2.25; there is no function that tells.
clockid_t clock_of(const pthread_cond_t& condition) {
    constexpr unsigned int monotonic = 2;
    return (condition.__data.__wrefs & monotonic) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

/// One slice only: between two the mutex is free, and a signal that comes then would be lost to a
/// waiter that does not look at its predicate. What ends before the deadline is a spurious wakeup,
/// which every caller must expect.
int wait_once(pthread_cond_t* condition, pthread_mutex_t* mutex, const Deadline& deadline) {
    const Nanoseconds slice = deadline.slice();
    const timespec until = to_timespec(raw_time(CLOCK_MONOTONIC) + slice);
    const int result = (*hidden_cond_clockwait)(condition, mutex, CLOCK_MONOTONIC, &until);
    return result == ETIMEDOUT && deadline.left() > 0 ? 0 : result;
}

int lock_until(pthread_mutex_t* mutex, const Deadline& deadline) {
    int result = 0;
    timed_out(deadline, [&](const timespec& until) {
        result = (*hidden_mutex_clocklock)(mutex, CLOCK_MONOTONIC, &until);
        return result == ETIMEDOUT;
    });
    return result;
}

int take_until(sem_t* semaphore, const Deadline& deadline) {
    int result = 0;
    timed_out(deadline, [&](const timespec& until) {
        result = (*hidden_sem_clockwait)(semaphore, CLOCK_MONOTONIC, &until);
        return result != 0 && errno == ETIMEDOUT;
    });
    return result;
}

}  // namespace

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

int pthread_cond_timedwait(pthread_cond_t* __restrict condition,
                           pthread_mutex_t* __restrict mutex,
                           const timespec* __restrict until) {
    if (page() == nullptr || !valid(*until)) {
        return (*hidden_cond_timedwait)(condition, mutex, until);
    }
    return wait_once(condition, mutex, {clock_of(*condition), to_nanoseconds(*until)});
}

int pthread_cond_clockwait(pthread_cond_t* __restrict condition,
                           pthread_mutex_t* __restrict mutex,
                           clockid_t clock,
                           const timespec* __restrict until) {
    if (page() == nullptr || !ruled(clock) || !valid(*until)) {
        return (*hidden_cond_clockwait)(condition, mutex, clock, until);
    }
    return wait_once(condition, mutex, {clock, to_nanoseconds(*until)});
}

int pthread_mutex_clocklock(pthread_mutex_t* __restrict mutex,
                            clockid_t clock,
                            const timespec* __restrict until) noexcept {
    if (page() == nullptr || !ruled(clock) || !valid(*until)) {
        return (*hidden_mutex_clocklock)(mutex, clock, until);
    }
    return lock_until(mutex, {clock, to_nanoseconds(*until)});
}

int pthread_mutex_timedlock(pthread_mutex_t* __restrict mutex,
                            const timespec* __restrict until) noexcept {
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

int sem_clockwait(sem_t* __restrict semaphore, clockid_t clock, const timespec* __restrict until) {
    if (page() == nullptr || !ruled(clock) || !valid(*until)) {
        return (*hidden_sem_clockwait)(semaphore, clock, until);
    }
    return take_until(semaphore, {clock, to_nanoseconds(*until)});
}

int sem_timedwait(sem_t* __restrict semaphore, const timespec* __restrict until) {
    return sem_clockwait(semaphore, CLOCK_REALTIME, until);
}

}  // extern "C"
