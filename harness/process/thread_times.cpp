#include "harness/process/thread_times.hpp"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

namespace squall::harness::process {

namespace {

/// "RAN WAITED TURNS", the first two in nanoseconds.
std::optional<ThreadTimes> read_schedstat(const std::filesystem::path& thread) {
    std::int64_t ran = 0;
    std::int64_t waited = 0;
    ThreadTimes times;
    std::ifstream file(thread / "schedstat");
    if (!(file >> ran >> waited >> times.turns)) {
        return std::nullopt;
    }
    times.ran = history::Duration(ran);
    times.waited = history::Duration(waited);
    return times;
}

/// "ID (NAME) STATE ...", where the name may hold anything.
bool is_runnable(const std::filesystem::path& thread) {
    std::ifstream file(thread / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    return name_end != std::string::npos && line.compare(name_end, 3, ") R") == 0;
}

}  // namespace

void read_threads(pid_t process, ThreadReadings& into) {
    std::error_code error;
    const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
    for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end;
         task.increment(error)) {
        const std::string name = task->path().filename();
        pid_t thread = 0;
        const auto [rest, problem] =
            std::from_chars(name.data(), name.data() + name.size(), thread);
        std::optional<ThreadTimes> times = read_schedstat(task->path());
        if (problem == std::errc() && times) {
            times->runnable = is_runnable(task->path());
            into.emplace(thread, *times);
        }
    }
}

}  // namespace squall::harness::process
