// The vDSO: the kernel's own clock functions, mapped into every process. Some programs (Go's
// runtime) find and call them without the C library, where nothing can be interposed. So the
// original is moved elsewhere, and a copy, in which every function is a jump, takes its place.
//
// Invariant: either all of it happened or nothing did.
#pragma once

#include <sys/time.h>

#include <time.h>

namespace squall::clock_shim {

using ClockGettime = int(clockid_t, timespec*);

/// Where the copy's clock functions jump to; its other functions jump to the original.
struct VdsoHooks {
    ClockGettime* clock_gettime;
    int (*gettimeofday)(timeval*, void*);
    time_t (*time)(time_t*);
};

/// `moved` gets the original's clock_gettime before any hook can be called. Returns why it cannot
/// be done, or null. Only while the process has one thread: another could be inside the vDSO.
[[nodiscard]] const char* patch_vdso(const VdsoHooks& hooks, ClockGettime*& moved);

}  // namespace squall::clock_shim
