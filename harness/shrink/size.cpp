#include "harness/shrink/size.hpp"

#include <fmt/format.h>

namespace squall::harness::shrink {
namespace {

std::string counted(std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

Size size_of(const Plan& plan, std::size_t operations) {
    return {.faults = plan.faults.size(),
            .operations = plan.operations ? plan.operations->size() : operations,
            .nodes = plan.nodes,
            .length = plan.time_limit};
}

std::string to_text(const Size& size) {
    return fmt::format("{}, {}, {}, {:.3f} s",
                       counted(size.faults, "fault"),
                       counted(size.operations, "operation"),
                       counted(size.nodes, "node"),
                       std::chrono::duration<double>(size.length).count());
}

}  // namespace squall::harness::shrink
