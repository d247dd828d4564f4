// What processes have left behind, found without asking them: by a mark in the environment that
// every descendant of a process inherits, whatever its parents, group or session, and by the
// kernel's table of sockets.
#pragma once

#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace squall::harness::cli {

/// NAME=VALUE.
[[nodiscard]] std::string mark_of(const std::string& value);

struct FoundProcess {
    pid_t id = 0;
    char state = '?';  ///< As in /proc: T is stopped.
    std::string command;
};

/// Alive, and with the mark in their environment.
[[nodiscard]] std::vector<FoundProcess> processes_with(const std::string& mark);

/// Those whose command line names `part`.
[[nodiscard]] std::vector<FoundProcess> naming(const std::vector<FoundProcess>& processes,
                                               const std::string& part);

/// Addresses of listening TCP sockets, as the kernel writes them.
[[nodiscard]] std::set<std::string> listening();

/// The same, only those that one of the processes holds.
[[nodiscard]] std::set<std::string> listening(const std::vector<FoundProcess>& processes);

/// Names of files in a directory that name squall; everything in it when `all`.
[[nodiscard]] std::set<std::string> files_in(const std::string& directory, bool all);

[[nodiscard]] std::string to_string(const std::vector<FoundProcess>& processes);

[[nodiscard]] std::string content_of(const std::string& path);

}  // namespace squall::harness::cli
