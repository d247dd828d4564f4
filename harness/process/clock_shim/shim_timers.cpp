// Timers that the kernel runs for the program: timerfd and setitimer(ITIMER_REAL). They are set in
// raw time for the rate of the moment; a thread of the shim, started with the first timer, sets
// them anew whenever the page changes.
#include <csignal>
#include <limits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <pthread.h>

#include "harness/process/clock_shim/shim_state.hpp"

namespace squall::clock_shim {

namespace {

/// Timers of larger descriptors keep the rate that they were set at.
constexpr int descriptors_max = 4096;
/// While the clock stands still; a change of the page ends it.
constexpr Nanoseconds forever = nanoseconds_per_second * 3600 * 24 * 365;

struct Timer {
    clockid_t descriptor_clock = CLOCK_MONOTONIC;
    clockid_t clock = CLOCK_MONOTONIC;  ///< Of the deadline: a jump moves absolute times only.
    bool armed = false;
    Nanoseconds deadline = 0;  ///< Virtual.
    Nanoseconds interval = 0;  ///< Virtual; 0: fires once.
};

constinit pthread_mutex_t timers_mutex = PTHREAD_MUTEX_INITIALIZER;
constinit Timer timers[descriptors_max];
constinit Timer process_timer;
constinit int descriptors_end = 0;
constinit bool watching = false;

struct Locked {
    Locked() { ::pthread_mutex_lock(&timers_mutex); }

    ~Locked() { ::pthread_mutex_unlock(&timers_mutex); }

    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
};

// ---- raw timers

int raw_set(int file, int flags, const itimerspec& value, itimerspec* old) {
    return static_cast<int>(::syscall(SYS_timerfd_settime, file, flags, &value, old));
}

int raw_get(int file, itimerspec& value) {
    return static_cast<int>(::syscall(SYS_timerfd_gettime, file, &value));
}

int raw_set(const itimerval& value, itimerval* old) {
    return static_cast<int>(::syscall(SYS_setitimer, ITIMER_REAL, &value, old));
}

Nanoseconds to_nanoseconds(const timeval& time) {
    return time.tv_sec * nanoseconds_per_second + time.tv_usec * 1000;
}

timeval to_timeval(Nanoseconds time) {
    const timespec split = to_timespec(time + 999);
    return {.tv_sec = split.tv_sec, .tv_usec = split.tv_nsec / 1000};
}

/// Raw times from now for a timer that is armed.
itimerspec raw_value(const Timer& timer) {
    const Moment now = moment(timer.clock);
    const Nanoseconds left = timer.deadline - virtual_time(now, timer.clock);
    const Nanoseconds first = left > 0 ? raw_duration(left, now.setting.rate, forever) : 1;
    const Nanoseconds interval =
        timer.interval > 0 ? raw_duration(timer.interval, now.setting.rate, forever) : 0;
    return {.it_interval = to_timespec(interval), .it_value = to_timespec(first)};
}

itimerval raw_process_value(const Timer& timer) {
    const itimerspec value = raw_value(timer);
    return {.it_interval = to_timeval(clock_shim::to_nanoseconds(value.it_interval) / 1000 * 1000),
            .it_value = to_timeval(clock_shim::to_nanoseconds(value.it_value))};
}

// ---- following the page

/// On to the next time at which a repeating timer fires.
void skip_past(Timer& timer) {
    const Nanoseconds late = virtual_time(timer.clock) - timer.deadline;
    if (timer.interval > 0 && late >= 0) {
        timer.deadline += (late / timer.interval + 1) * timer.interval;
    }
}

void set_all_anew() {
    const Locked lock;
    for (int file = 0; file < descriptors_end; ++file) {
        Timer& timer = timers[file];
        itimerspec value{};
        if (timer.armed) {
            // A timer that has fired for good, or whose descriptor is something else now.
            timer.armed =
                raw_get(file, value) == 0 && clock_shim::to_nanoseconds(value.it_value) != 0;
        }
        if (timer.armed) {
            skip_past(timer);
            raw_set(file, 0, raw_value(timer), nullptr);
        }
    }
    if (process_timer.armed) {
        itimerval value{};
        ::syscall(SYS_getitimer, ITIMER_REAL, &value);
        process_timer.armed = to_nanoseconds(value.it_value) != 0;
        if (process_timer.armed) {
            skip_past(process_timer);
            raw_set(raw_process_value(process_timer), nullptr);
        }
    }
}

void* watch(void*) {
    ClockPage& shared = *page();
    auto* word = reinterpret_cast<std::uint32_t*>(&shared.sequence);
    std::uint32_t done = shared.sequence.load();
    set_all_anew();
    for (;;) {
        const std::uint32_t seen = shared.sequence.load();
        if (seen % 2 == 0 && seen != done) {
            done = seen;
            set_all_anew();
        } else {
            ::syscall(SYS_futex, word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
        }
    }
}

void forget_watch() {
    // The child of a fork has the timers' table but no second thread.
    timers_mutex = PTHREAD_MUTEX_INITIALIZER;
    watching = false;
    process_timer.armed = false;
}

/// Only with the lock.
void start_watch() {
    if (watching) {
        return;
    }
    watching = true;
    static constinit bool prepared = false;
    if (!prepared) {
        prepared = true;
        ::pthread_atfork(nullptr, nullptr, forget_watch);
    }
    // Signals are the program's.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, watch, nullptr) == 0) {
        ::pthread_detach(thread);
    } else {
        watching = false;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool follows(int file) {
    return page() != nullptr && file >= 0 && file < descriptors_max &&
           ruled(timers[file].descriptor_clock);
}

/// What a raw timer shows, as the program sees it.
itimerspec to_virtual(const itimerspec& raw, const Timer& timer) {
    if (clock_shim::to_nanoseconds(raw.it_value) == 0) {
        return {};
    }
    Timer next = timer;
    skip_past(next);
    const Nanoseconds left = next.deadline - virtual_time(next.clock);
    return {.it_interval = to_timespec(next.interval),
            .it_value = to_timespec(left > 0 ? left : 1)};
}

}  // namespace

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

int timerfd_create(clockid_t clock, int flags) noexcept {
    const int file = static_cast<int>(::syscall(SYS_timerfd_create, clock, flags));
    if (file >= 0 && file < descriptors_max) {
        const Locked lock;
        timers[file] = {.descriptor_clock = clock};
        descriptors_end = file >= descriptors_end ? file + 1 : descriptors_end;
    }
    return file;
}

int timerfd_settime(int file, int flags, const itimerspec* value, itimerspec* old) noexcept {
    if (!follows(file) || !valid(value->it_value) || !valid(value->it_interval)) {
        return raw_set(file, flags, *value, old);
    }
    const Locked lock;
    const clockid_t own_clock = timers[file].descriptor_clock;
    Timer timer{.descriptor_clock = own_clock,
                .clock = own_clock,
                .armed = to_nanoseconds(value->it_value) != 0,
                .deadline = to_nanoseconds(value->it_value),
                .interval = to_nanoseconds(value->it_interval)};
    if ((flags & TFD_TIMER_ABSTIME) == 0) {
        timer.clock = CLOCK_MONOTONIC;
        timer.deadline += virtual_time(timer.clock);
    }
    itimerspec before{};
    const int result = raw_set(file, 0, timer.armed ? raw_value(timer) : itimerspec{}, &before);
    if (result != 0) {
        return result;
    }
    if (old != nullptr) {
        *old = to_virtual(before, timers[file]);
    }
    timers[file] = timer;
    if (timer.armed) {
        start_watch();
    }
    return 0;
}

int timerfd_gettime(int file, itimerspec* value) noexcept {
    itimerspec raw{};
    const int result = raw_get(file, raw);
    if (result == 0) {
        const Locked lock;
        *value = follows(file) ? to_virtual(raw, timers[file]) : raw;
    }
    return result;
}

int setitimer(int which, const itimerval* value, itimerval* old) noexcept {
    if (page() == nullptr || which != ITIMER_REAL || value == nullptr) {
        return static_cast<int>(::syscall(SYS_setitimer, which, value, old));
    }
    const Locked lock;
    Timer timer{.armed = to_nanoseconds(value->it_value) != 0,
                .deadline = virtual_time(CLOCK_MONOTONIC) + to_nanoseconds(value->it_value),
                .interval = to_nanoseconds(value->it_interval)};
    itimerval before{};
    const int result = raw_set(timer.armed ? raw_process_value(timer) : itimerval{}, &before);
    if (result != 0) {
        return result;
    }
    if (old != nullptr) {
        const itimerspec left =
            to_virtual({.it_value = to_timespec(to_nanoseconds(before.it_value))}, process_timer);
        *old = {.it_interval = to_timeval(to_nanoseconds(left.it_interval)),
                .it_value = to_timeval(to_nanoseconds(left.it_value))};
    }
    process_timer = timer;
    if (timer.armed) {
        start_watch();
    }
    return 0;
}

unsigned int alarm(unsigned int seconds) noexcept {
    const itimerval value{.it_value = {.tv_sec = seconds}};
    itimerval old{};
    setitimer(ITIMER_REAL, &value, &old);
    return static_cast<unsigned int>(old.it_value.tv_sec + (old.it_value.tv_usec > 0 ? 1 : 0));
}

}  // extern "C"
