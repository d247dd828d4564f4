#include "harness/run_size.hpp"

#include <chrono>

#include <fmt/format.h>

namespace squall::harness {
namespace {

std::string count_of_things(std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const RunSize& size) {
    return fmt::format("{}, {}, {}, {:.3f} s",
                       count_of_things(size.faults, "fault"),
                       count_of_things(size.operations, "operation"),
                       count_of_things(size.nodes, "node"),
                       std::chrono::duration<double>(size.length).count());
}

}  // namespace squall::harness
