// Condition variables, locks, semaphores and ends of threads that are waited for in virtual time.
// Underneath all of them wait on the raw monotonic clock.
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

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

using SharedLock = int(pthread_rwlock_t*, clockid_t, const timespec*);
constinit Hidden<SharedLock> hidden_clockrdlock("pthread_rwlock_clockrdlock");
constinit Hidden<SharedLock> hidden_clockwrlock("pthread_rwlock_clockwrlock");
constinit Hidden<int(pthread_t, void**, clockid_t, const timespec*)> hidden_clockjoin(
    "pthread_clockjoin_np");

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

/// `wait` is one of the clock... functions, given CLOCK_MONOTONIC and a raw deadline of it.
template <typename Wait>
int lock_until(clockid_t clock, const timespec& time, Wait wait) {
    if (page() == nullptr || !ruled(clock) || !valid(time)) {
        return wait(clock, time);
    }
    int result = 0;
    timed_out({clock, to_nanoseconds(time)}, [&](const timespec& until) {
        result = wait(CLOCK_MONOTONIC, until);
        return result == ETIMEDOUT;
    });
    return result;
}

int lock_shared(Hidden<SharedLock>& lock,
                pthread_rwlock_t* shared,
                clockid_t clock,
                const timespec& until) {
    return lock_until(clock, until, [&](clockid_t raw_clock, const timespec& raw) {
        return (*lock)(shared, raw_clock, &raw);
    });
}

/// As C11 numbers it.
int c_result(int result) {
    return result == 0 ? thrd_success : (result == ETIMEDOUT ? thrd_timedout : thrd_error);
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
    return lock_until(clock, *until, [&](clockid_t raw_clock, const timespec& raw) {
        return (*hidden_mutex_clocklock)(mutex, raw_clock, &raw);
    });
}

int pthread_mutex_timedlock(pthread_mutex_t* __restrict mutex,
                            const timespec* __restrict until) noexcept {
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* __restrict lock,
                               clockid_t clock,
                               const timespec* __restrict until) noexcept {
    return lock_shared(hidden_clockrdlock, lock, clock, *until);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict until) noexcept {
    return lock_shared(hidden_clockrdlock, lock, CLOCK_REALTIME, *until);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* __restrict lock,
                               clockid_t clock,
                               const timespec* __restrict until) noexcept {
    return lock_shared(hidden_clockwrlock, lock, clock, *until);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* __restrict lock,
                               const timespec* __restrict until) noexcept {
    return lock_shared(hidden_clockwrlock, lock, CLOCK_REALTIME, *until);
}

int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
    return lock_until(clock, *until, [&](clockid_t raw_clock, const timespec& raw) {
        return (*hidden_clockjoin)(thread, result, raw_clock, &raw);
    });
}

int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
    return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, until);
}

// C11's locks are glibc's own under other names, but do not call them by name.

int cnd_timedwait(cnd_t* __restrict condition,
                  mtx_t* __restrict mutex,
                  const timespec* __restrict until) {
    return c_result(pthread_cond_timedwait(reinterpret_cast<pthread_cond_t*>(condition),
                                           reinterpret_cast<pthread_mutex_t*>(mutex),
                                           until));
}

int mtx_timedlock(mtx_t* __restrict mutex, const timespec* __restrict until) {
    return c_result(pthread_mutex_timedlock(reinterpret_cast<pthread_mutex_t*>(mutex), until));
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
