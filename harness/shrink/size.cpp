#include "harness/shrink/size.hpp"

namespace squall::harness::shrink {

Size size_of(const Plan& plan, std::size_t operations) {
    return {.faults = plan.faults.size(),
            .operations = plan.operations ? plan.operations->size() : operations,
            .nodes = plan.nodes,
            .length = plan.time_limit};
}

}  // namespace squall::harness::shrink
