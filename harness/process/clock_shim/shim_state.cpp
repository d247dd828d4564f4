#include "harness/process/clock_shim/shim_state.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/process/clock_shim/shim_vdso.hpp"

namespace squall::clock_shim {

namespace {

constinit std::atomic<ClockPage*> the_page = nullptr;
/// CLOCK_BOOTTIME minus CLOCK_MONOTONIC: constant while the machine is not suspended.
constinit std::atomic<Nanoseconds> boottime_ahead = 0;
/// The vDSO's own function, wherever it is now. Null: it is where the C library finds it. Set
/// before any second thread.
constinit ClockGettime* vdso_clock_gettime = nullptr;

// What callers of the vDSO get, on any stack and without thread-local storage. As there, errors are
// negative numbers.

int hooked_clock_gettime(clockid_t clock, timespec* out) {
    if (!ruled(clock)) {
        return vdso_clock_gettime(clock, out);
    }
    *out = to_timespec(read_clock(clock));
    return 0;
}

int hooked_gettimeofday(timeval* out, void* zone) {
    if (out != nullptr) {
        const timespec now = to_timespec(read_clock(CLOCK_REALTIME));
        *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    }
    if (zone != nullptr) {
        return static_cast<int>(::syscall(SYS_gettimeofday, nullptr, zone));
    }
    return 0;
}

time_t hooked_time(time_t* out) {
    const time_t seconds = to_timespec(read_clock(CLOCK_REALTIME)).tv_sec;
    if (out != nullptr) {
        *out = seconds;
    }
    return seconds;
}

ClockPage* map_page(const char* path) {
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return nullptr;
    }
    void* mapped = ::mmap(nullptr, sizeof(ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) {
        return nullptr;
    }
    auto* candidate = static_cast<ClockPage*>(mapped);
    return candidate->magic == page_magic ? candidate : nullptr;
}

__attribute__((constructor)) void start() {
    const char* path = std::getenv(page_variable);
    if (path == nullptr) {
        return;
    }
    ClockPage* mapped = map_page(path);
    if (mapped == nullptr) {
        ::dprintf(STDERR_FILENO, "squall_clock: %s is no clock page of this version\n", path);
        return;
    }
    boottime_ahead = raw_time(CLOCK_BOOTTIME) - raw_time(CLOCK_MONOTONIC);
    the_page = mapped;
    const char* problem =
        patch_vdso({hooked_clock_gettime, hooked_gettimeofday, hooked_time}, vdso_clock_gettime);
    if (problem != nullptr) {
        ::dprintf(STDERR_FILENO,
                  "squall_clock: the vDSO is left alone: %s. Only what reads it without the C "
                  "library, as Go does, is not under clock faults.\n",
                  problem);
    }
}

}  // namespace

ClockPage* page() {
    return the_page.load(std::memory_order_acquire);
}

Nanoseconds raw_time(clockid_t clock) {
    timespec now{};
    if (vdso_clock_gettime != nullptr) {
        vdso_clock_gettime(clock, &now);
        return to_nanoseconds(now);
    }
    // The C library's own function reads the vDSO; the system call is for those who start earlier
    // than the dynamic linker can find it.
    static constinit Hidden<ClockGettime> hidden("clock_gettime");
    if (auto* next = *hidden; next != nullptr) {
        next(clock, &now);
    } else {
        ::syscall(SYS_clock_gettime, clock, &now);
    }
    return to_nanoseconds(now);
}

bool ruled(clockid_t clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_REALTIME_COARSE:
        case CLOCK_MONOTONIC:
        case CLOCK_MONOTONIC_COARSE:
        case CLOCK_MONOTONIC_RAW:
        case CLOCK_BOOTTIME:
            return true;
        default:
            return false;
    }
}

Moment moment(clockid_t clock) {
    const ClockPage& shared = *page();
    Moment now;
    for (;;) {
        now.sequence = shared.sequence.load(std::memory_order_acquire);
        if (now.sequence % 2 != 0) {
            continue;
        }
        now.setting = load_setting(shared);
        now.true_wall = now.setting.realtime_true && is_wall(clock);
        now.raw = raw_time(now.true_wall ? clock : CLOCK_MONOTONIC);
        std::atomic_thread_fence(std::memory_order_acquire);
        if (shared.sequence.load(std::memory_order_relaxed) == now.sequence) {
            return now;
        }
    }
}

Nanoseconds virtual_time(const Moment& now, clockid_t clock) {
    if (now.true_wall) {
        return now.raw;
    }
    if (is_wall(clock)) {
        return virtual_realtime(now.setting, now.raw);
    }
    const Nanoseconds monotonic = virtual_monotonic(now.setting, now.raw);
    return clock == CLOCK_BOOTTIME ? monotonic + boottime_ahead : monotonic;
}

Nanoseconds virtual_time(clockid_t clock) {
    return virtual_time(moment(clock), clock);
}

}  // namespace squall::clock_shim
