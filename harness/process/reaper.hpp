// Cleans up after a squall that dies in any way, also by SIGKILL. Three processes, each the only
// parent of the next:
//
//   front    the one that the user started, and ends with the worker's exit code. It does nothing
//            but hold the only write end of the lifeline pipe and pass SIGINT and SIGTERM down it.
//   reaper   a session of its own, out of the terminal's reach. A child subreaper: whatever the
//            worker starts stays its descendant, however it forks, changes groups or sessions, or
//            loses its parents. When the lifeline closes or the worker ends it kills its children,
//            inherits theirs, and so on until the kernel says that it has none.
//   worker   all that squall does.
//
// Nothing is registered, so nothing can be forgotten, and no moment is too early to die. Only own
// children are signalled, whose ids cannot have passed to anybody else. Should the reaper itself be
// killed, the worker dies with it and the front ends what is left of its session.
//
// It keeps no list of files: sockets, shared memory and locks of a run are held by descriptors, and
// go with the processes; what stays is the directory of the run, on purpose.
#pragma once

namespace squall::harness::process {

/// Returns in the worker only. Call it before any thread exists, with the handlers of SIGINT and
/// SIGTERM installed that the worker is to have. Throws Failure when processes cannot be made.
void live_under_a_reaper();

}  // namespace squall::harness::process
