// Sleeping and waiting for descriptors in virtual time.
#include <csignal>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include <threads.h>

#include "harness/process/clock_shim/shim_waits.hpp"

namespace squall::clock_shim {

namespace {

constexpr Nanoseconds nanoseconds_per_ms = 1'000'000;

constinit Hidden<int(clockid_t, int, const timespec*, timespec*)> hidden_sleep("clock_nanosleep");
constinit Hidden<int(pollfd*, nfds_t, const timespec*, const sigset_t*)> hidden_ppoll("ppoll");
constinit Hidden<int(int, epoll_event*, int, int, const sigset_t*)> hidden_epoll("epoll_pwait");
constinit Hidden<int(int, epoll_event*, int, const timespec*, const sigset_t*)> hidden_epoll2(
    "epoll_pwait2");
constinit Hidden<int(const sigset_t*, siginfo_t*, const timespec*)> hidden_sigtimedwait(
    "sigtimedwait");
constinit Hidden<int(int, fd_set*, fd_set*, fd_set*, const timespec*, const sigset_t*)>
    hidden_pselect("pselect");

/// To the nanosecond where the kernel can: at a high rate a millisecond is long.
int epoll_for(int epoll, epoll_event* events, int count, Nanoseconds time, const sigset_t* mask) {
    if (auto* finely = *hidden_epoll2; finely != nullptr) {
        const timespec raw = to_timespec(time);
        const int result = finely(epoll, events, count, &raw, mask);
        if (result >= 0 || errno != ENOSYS) {
            return result;
        }
    }
    const Nanoseconds rounded_up = (time + nanoseconds_per_ms - 1) / nanoseconds_per_ms;
    return (*hidden_epoll)(epoll, events, count, static_cast<int>(rounded_up), mask);
}

/// A select() empties its sets when it times out; they are needed again for the next slice.
class DescriptorSets {
  public:
    DescriptorSets(fd_set* read, fd_set* write, fd_set* except) : sets_{read, write, except} {
        for (int i = 0; i < 3; ++i) {
            if (sets_[i] != nullptr) {
                copies_[i] = *sets_[i];
            }
        }
    }

    void restore() {
        for (int i = 0; i < 3; ++i) {
            if (sets_[i] != nullptr) {
                *sets_[i] = copies_[i];
            }
        }
    }

  private:
    fd_set* sets_[3];
    fd_set copies_[3];
};

}  // namespace

int sleep_until(const Deadline& deadline, Nanoseconds* left) {
    for (;;) {
        const Nanoseconds slice = deadline.slice();
        if (slice == 0) {
            return 0;
        }
        const timespec raw = to_timespec(slice);
        const int problem = (*hidden_sleep)(CLOCK_MONOTONIC, 0, &raw, nullptr);
        if (problem != 0) {
            if (left != nullptr) {
                const Nanoseconds rest = deadline.left();
                *left = rest > 0 ? rest : 0;
            }
            return problem;
        }
    }
}

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* rest) {
    if (page() == nullptr || !ruled(clock) || !valid(*time)) {
        return (*hidden_sleep)(clock, flags, time, rest);
    }
    if ((flags & TIMER_ABSTIME) != 0) {
        return sleep_until({clock, to_nanoseconds(*time)}, nullptr);
    }
    Nanoseconds left = 0;
    const int problem = sleep_until(deadline_in(to_nanoseconds(*time)), &left);
    if (problem != 0 && rest != nullptr) {
        *rest = to_timespec(left);
    }
    return problem;
}

int nanosleep(const timespec* time, timespec* rest) {
    const int problem = clock_nanosleep(CLOCK_MONOTONIC, 0, time, rest);
    if (problem != 0) {
        errno = problem;
        return -1;
    }
    return 0;
}

int thrd_sleep(const timespec* time, timespec* rest) {
    const int problem = clock_nanosleep(CLOCK_MONOTONIC, 0, time, rest);
    return problem == 0 ? 0 : (problem == EINTR ? -1 : -2);
}

int usleep(useconds_t microseconds) {
    const timespec time = to_timespec(Nanoseconds{microseconds} * 1000);
    return nanosleep(&time, nullptr);
}

unsigned int sleep(unsigned int seconds) {
    const timespec time{.tv_sec = seconds, .tv_nsec = 0};
    timespec rest{};
    return nanosleep(&time, &rest) == 0 ? 0 : static_cast<unsigned int>(rest.tv_sec);
}

int ppoll(pollfd* files, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    if (page() == nullptr || timeout == nullptr || !valid(*timeout)) {
        return (*hidden_ppoll)(files, count, timeout, mask);
    }
    return wait_until(deadline_in(to_nanoseconds(*timeout)), [&](Nanoseconds slice) {
        const timespec raw = to_timespec(slice);
        return (*hidden_ppoll)(files, count, &raw, mask);
    });
}

int poll(pollfd* files, nfds_t count, int timeout_ms) {
    if (timeout_ms < 0) {
        return (*hidden_ppoll)(files, count, nullptr, nullptr);
    }
    const timespec timeout = to_timespec(timeout_ms * nanoseconds_per_ms);
    return ppoll(files, count, &timeout, nullptr);
}

int epoll_pwait(int epoll, epoll_event* events, int count, int timeout_ms, const sigset_t* mask) {
    if (page() == nullptr || timeout_ms <= 0) {
        return (*hidden_epoll)(epoll, events, count, timeout_ms, mask);
    }
    return wait_until(deadline_in(timeout_ms * nanoseconds_per_ms), [&](Nanoseconds slice) {
        return epoll_for(epoll, events, count, slice, mask);
    });
}

int epoll_wait(int epoll, epoll_event* events, int count, int timeout_ms) {
    return epoll_pwait(epoll, events, count, timeout_ms, nullptr);
}

int epoll_pwait2(
    int epoll, epoll_event* events, int count, const timespec* timeout, const sigset_t* mask) {
    if (page() == nullptr || timeout == nullptr || !valid(*timeout)) {
        return (*hidden_epoll2)(epoll, events, count, timeout, mask);
    }
    return wait_until(deadline_in(to_nanoseconds(*timeout)), [&](Nanoseconds slice) {
        const timespec raw = to_timespec(slice);
        return (*hidden_epoll2)(epoll, events, count, &raw, mask);
    });
}

int pselect(int count,
            fd_set* read,
            fd_set* write,
            fd_set* except,
            const timespec* timeout,
            const sigset_t* mask) {
    // Larger sets than the type has are the caller's own arrangement; they are not copied.
    if (page() == nullptr || timeout == nullptr || !valid(*timeout) || count > FD_SETSIZE) {
        return (*hidden_pselect)(count, read, write, except, timeout, mask);
    }
    DescriptorSets sets(read, write, except);
    return wait_until(deadline_in(to_nanoseconds(*timeout)), [&](Nanoseconds slice) {
        sets.restore();
        const timespec raw = to_timespec(slice);
        return (*hidden_pselect)(count, read, write, except, &raw, mask);
    });
}

int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* timeout) {
    if (timeout == nullptr) {
        return (*hidden_pselect)(count, read, write, except, nullptr, nullptr);
    }
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) {
        errno = EINVAL;
        return -1;
    }
    const Nanoseconds whole =
        to_nanoseconds({.tv_sec = timeout->tv_sec, .tv_nsec = 0}) + timeout->tv_usec * 1000;
    const timespec time = to_timespec(whole);
    // Linux tells what is left.
    const auto now = [] {
        return page() != nullptr ? virtual_time(CLOCK_MONOTONIC) : raw_time(CLOCK_MONOTONIC);
    };
    const Nanoseconds until = now() + whole;
    const int result = pselect(count, read, write, except, &time, nullptr);
    const Nanoseconds left = until - now();
    const timespec rest = to_timespec(left > 0 && result != 0 ? left : 0);
    *timeout = {.tv_sec = rest.tv_sec, .tv_usec = rest.tv_nsec / 1000};
    return result;
}

int sigtimedwait(const sigset_t* __restrict signals,
                 siginfo_t* __restrict info,
                 const timespec* __restrict timeout) {
    if (page() == nullptr || timeout == nullptr || !valid(*timeout)) {
        return (*hidden_sigtimedwait)(signals, info, timeout);
    }
    return wait_until(deadline_in(to_nanoseconds(*timeout)), [&](Nanoseconds slice) {
        const timespec raw = to_timespec(slice);
        const int result = (*hidden_sigtimedwait)(signals, info, &raw);
        return result < 0 && errno == EAGAIN && slice > 0 ? 0 : result;
    });
}

}  // extern "C"
