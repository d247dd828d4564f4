#include "harness/sim/node_crash.hpp"

#include <string_view>

#include <fmt/format.h>

namespace squall::harness::sim {

void NodeCrashGuard::crash(const char* expression,
                           const char* file,
                           int line,
                           const char* function) {
    // Where the build stood is of no interest, and would make equal runs differ.
    std::string_view name = file;
    name = name.substr(name.rfind('/') + 1);
    throw NodeCrash{
        fmt::format("assertion failed: {} ({}:{} {})", expression, name, line, function)};
}

}  // namespace squall::harness::sim
