// What the interposed functions of the shim share: the page, the functions that they hide, raw and
// virtual time. Everything works, as if there were no shim, before the page is there and without
// one.
#pragma once

#include <atomic>
#include <cstdint>

#include <dlfcn.h>
#include <time.h>

#include "harness/process/clock_shim/clock_page.hpp"

namespace squall::clock_shim {

inline constexpr Nanoseconds nanoseconds_per_second = 1'000'000'000;

/// A sleeping thread learns of a new rate within this time.
inline constexpr Nanoseconds slice_max = 20'000'000;

/// The next definition of a function that the shim interposes.
template <typename Function>
class Hidden {
  public:
    constexpr explicit Hidden(const char* name, const char* version = nullptr)
        : name_(name), version_(version) {}

    Function* operator*() {
        void* found = found_.load(std::memory_order_relaxed);
        if (found == nullptr) {
            if (version_ != nullptr) {
                found = ::dlvsym(RTLD_NEXT, name_, version_);
            }
            if (found == nullptr) {
                found = ::dlsym(RTLD_NEXT, name_);
            }
            found_.store(found, std::memory_order_relaxed);
        }
        return reinterpret_cast<Function*>(found);
    }

  private:
    const char* name_;
    const char* version_;
    std::atomic<void*> found_ = nullptr;
};

/// Null: this process's clocks are left alone.
[[nodiscard]] ClockPage* page();

/// What the kernel says.
[[nodiscard]] Nanoseconds raw_time(clockid_t clock);
int raw_clock_gettime(clockid_t clock, timespec* out);

/// Is it one of the clocks that the page rules?
[[nodiscard]] bool ruled(clockid_t clock);

/// A setting and a raw monotonic time that belong together.
struct Moment {
    Setting setting;
    Nanoseconds raw = 0;
    std::uint32_t sequence = 0;
};

/// Only with a page.
[[nodiscard]] Moment moment();

/// Of a ruled clock. Only with a page.
[[nodiscard]] Nanoseconds virtual_time(const Moment& moment, clockid_t clock);
[[nodiscard]] Nanoseconds virtual_time(clockid_t clock);

/// Raw time in which `duration`, > 0, passes at this rate; `longest` when that is sooner, also for
/// a clock that stands still.
[[nodiscard]] Nanoseconds raw_duration(Nanoseconds duration, double rate, Nanoseconds longest);

[[nodiscard]] Nanoseconds to_nanoseconds(const timespec& time);
[[nodiscard]] timespec to_timespec(Nanoseconds time);

/// Neither negative nor a fraction of more than a second.
[[nodiscard]] bool valid(const timespec& time);

}  // namespace squall::clock_shim
