#include "harness/cli/suite_owner.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace squall::harness::cli {
namespace {

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string boot_id() {
    return first_line("/proc/sys/kernel/random/boot_id");
}

struct ProcessState {
    bool exists = false;
    std::int64_t start_ticks = 0;
};

ProcessState state_of(std::int64_t pid) {
    const std::string line = first_line("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t end_of_name = line.rfind(") ");
    if (end_of_name == std::string::npos) {
        return {};
    }
    // From the state on, which is the third field; a zombie has ended.
    std::istringstream rest(line.substr(end_of_name + 2));
    const std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {});
    constexpr std::size_t start_time = 19;
    if (fields.size() <= start_time || fields[0] == "Z" || fields[0] == "X") {
        return {};
    }
    return {true, std::atoll(fields[start_time].c_str())};
}

}  // namespace

store::Owner this_process() {
    return {host_name(), boot_id(), ::getpid(), state_of(::getpid()).start_ticks};
}

bool still_works(const store::Owner& owner, store::UnixMs heartbeat, store::UnixMs now) {
    if (owner.host != host_name()) {
        constexpr store::UnixMs patience = 60'000;
        return now - heartbeat < patience;
    }
    if (owner.boot_id != boot_id()) {
        return false;
    }
    const ProcessState found = state_of(owner.pid);
    return found.exists && found.start_ticks == owner.start_ticks;
}

store::UnixMs unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace squall::harness::cli
