// Every workload, in the order in which `squall list` shows them.
#include <algorithm>
#include <array>

#include "workloads/workload.hpp"

namespace squall::workloads {

const Workload& append_workload();
const Workload& counter_workload();
const Workload& election_workload();
const Workload& lin_kv_create_workload();
const Workload& lin_kv_workload();
const Workload& register_workload();
const Workload& set_workload();

std::span<const Workload* const> workloads() {
    static const std::array<const Workload*, 7> all{
        &register_workload(),
        &append_workload(),
        &set_workload(),
        &counter_workload(),
        &lin_kv_workload(),
        &lin_kv_create_workload(),
        &election_workload(),
    };
    return all;
}

const Workload* find_workload(std::string_view name) {
    const auto all = workloads();
    const auto found = std::find_if(all.begin(), all.end(), [name](const auto* candidate) {
        return candidate->name() == name;
    });
    return found == all.end() ? nullptr : *found;
}

bool is_mutation(std::string_view function) {
    return function != "read" && function != "leader" && function != "echo";
}

bool is_conditional(std::string_view function) {
    return function == "cas" || function == "cas-or-create";
}

}  // namespace squall::workloads
