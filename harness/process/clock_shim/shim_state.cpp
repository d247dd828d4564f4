#include "harness/process/clock_shim/shim_state.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace squall::clock_shim {

namespace {

constinit std::atomic<ClockPage*> the_page = nullptr;
/// CLOCK_BOOTTIME minus CLOCK_MONOTONIC: constant while the machine is not suspended.
constinit std::atomic<Nanoseconds> boottime_ahead = 0;

__attribute__((constructor)) void map_page() {
    const char* path = std::getenv(page_variable);
    if (path == nullptr) {
        return;
    }
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void* mapped = ::mmap(nullptr, sizeof(ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) {
        return;
    }
    auto* candidate = static_cast<ClockPage*>(mapped);
    if (candidate->magic == page_magic) {
        boottime_ahead = raw_time(CLOCK_BOOTTIME) - raw_time(CLOCK_MONOTONIC);
        the_page = candidate;
    }
}

}  // namespace

ClockPage* page() {
    return the_page.load(std::memory_order_acquire);
}

int raw_clock_gettime(clockid_t clock, timespec* out) {
    // The C library's own function reads the vDSO; the system call is for those who start earlier
    // than the dynamic linker can find it.
    static constinit Hidden<int(clockid_t, timespec*)> hidden("clock_gettime");
    auto* next = *hidden;
    return next != nullptr ? next(clock, out)
                           : static_cast<int>(::syscall(SYS_clock_gettime, clock, out));
}

Nanoseconds raw_time(clockid_t clock) {
    timespec now{};
    raw_clock_gettime(clock, &now);
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

Moment moment() {
    const ClockPage& shared = *page();
    Moment now;
    for (;;) {
        now.sequence = shared.sequence.load(std::memory_order_acquire);
        if (now.sequence % 2 == 0) {
            now.setting = load_setting(shared);
            now.raw = raw_time(CLOCK_MONOTONIC);
            std::atomic_thread_fence(std::memory_order_acquire);
            if (shared.sequence.load(std::memory_order_relaxed) == now.sequence) {
                return now;
            }
        }
    }
}

Nanoseconds virtual_time(const Moment& now, clockid_t clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_REALTIME_COARSE:
            return now.setting.realtime_true ? raw_time(clock)
                                             : virtual_realtime(now.setting, now.raw);
        case CLOCK_BOOTTIME:
            return virtual_monotonic(now.setting, now.raw) + boottime_ahead;
        default:
            return virtual_monotonic(now.setting, now.raw);
    }
}

Nanoseconds virtual_time(clockid_t clock) {
    return virtual_time(moment(), clock);
}

Nanoseconds raw_duration(Nanoseconds duration, double rate, Nanoseconds longest) {
    // Compared before it is divided: no overflow, and a rate of 0 is no special case.
    if (static_cast<double>(duration) >= static_cast<double>(longest) * rate) {
        return longest;
    }
    return static_cast<Nanoseconds>(static_cast<double>(duration) / rate) + 1;
}

Nanoseconds to_nanoseconds(const timespec& time) {
    constexpr Nanoseconds seconds_max =
        std::numeric_limits<Nanoseconds>::max() / nanoseconds_per_second / 2;
    const Nanoseconds seconds = time.tv_sec < seconds_max ? time.tv_sec : seconds_max;
    return seconds * nanoseconds_per_second + time.tv_nsec;
}

timespec to_timespec(Nanoseconds time) {
    timespec split{.tv_sec = time / nanoseconds_per_second,
                   .tv_nsec = time % nanoseconds_per_second};
    if (split.tv_nsec < 0) {
        split.tv_nsec += nanoseconds_per_second;
        --split.tv_sec;
    }
    return split;
}

bool valid(const timespec& time) {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < nanoseconds_per_second;
}

}  // namespace squall::clock_shim
