// What the kernel says of the threads of a process (proc(5)).
#pragma once

#include <sys/types.h>

#include "harness/process/cpu_waits.hpp"

namespace squall::harness::process {

/// Adds all threads of the process. None where it has ended or the kernel keeps no such figures
/// (CONFIG_SCHED_INFO): nobody has waited then, as far as anybody knows.
void read_threads(pid_t process, ThreadReadings& into);

}  // namespace squall::harness::process
