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

/// Is it one of the clocks that the page rules?
[[nodiscard]] bool ruled(clockid_t clock);

[[nodiscard]] inline bool is_wall(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

/// A ruled clock as the program reads it, with a report of that on the page. Only with a page.
[[nodiscard]] Nanoseconds read_clock(clockid_t clock);

/// A setting and the raw time that belongs to it: of CLOCK_MONOTONIC, from which all virtual clocks
/// follow; of the wall clock asked for while nothing bends it (`true_wall`).
struct Moment {
    Setting setting;
    Nanoseconds raw = 0;
    bool true_wall = false;
    std::uint32_t sequence = 0;
};

/// For a ruled clock. Only with a page.
[[nodiscard]] Moment moment(clockid_t clock);

/// Of the clock that the moment is for; for the shim's own use, the program has not seen it.
[[nodiscard]] Nanoseconds virtual_time(const Moment& moment, clockid_t clock);
[[nodiscard]] Nanoseconds virtual_time(clockid_t clock);

}  // namespace squall::clock_shim
