// plan.json: writing and strict reading. The fields are those of Plan, durations are milliseconds
// (exact to the nanosecond), absent fields keep their defaults.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/json_fields.hpp"
#include "harness/plan.hpp"
#include "harness/plan_faults_json.hpp"
#include "harness/plan_limits.hpp"
#include "harness/plan_operations.hpp"
#include "history/text_input.hpp"

namespace squall::harness {

namespace {

using Json = JsonFields::Json;
using nemesis::PlannedFault;

constexpr std::uint32_t operations_per_key_max = 1'000'000'000;
constexpr std::size_t depth_max = 16;
constexpr Duration longest = limits::duration_max;
constexpr Duration shortest = std::chrono::nanoseconds(1);
/// Nodes count in these.
constexpr Duration shortest_timing = std::chrono::milliseconds(1);

// ---- writing

// ---- reading

class PlanReader {
  public:
    PlanReader(std::string file, const Json& json)
        : file_(std::move(file)), fields_(json, file_, "") {}

    Plan read() {
        std::uint64_t version = 0;
        fields_.read_unsigned("squall_plan", version);
        if (version != plan_version) {
            fields_.fail("squall_plan", "must be " + std::to_string(plan_version));
        }
        read_cluster();
        read_load();
        read_faults();
        read_deleted();
        if (const Json* json = fields_.find("operations")) {
            plan_.operations = operations_from_json(*json, file_, plan_);
        }
        fields_.finish();
        return std::move(plan_);
    }

  private:
    void read_cluster() {
        fields_.read_unsigned("seed", plan_.seed);
        fields_.read("system", plan_.system);
        fields_.read_unsigned("nodes", plan_.nodes, 1, limits::nodes_max);
        fields_.read_unsigned(
            "snapshot_interval", plan_.snapshot_interval, 1, limits::snapshot_interval_max);
        fields_.read("bug", plan_.bug);
        fields_.read("swarm", plan_.swarm);
        if (const Json* json = fields_.find("limits")) {
            read_limits(*json);
        }
        fields_.read("leader_pattern", plan_.leader_pattern);
        fields_.read_ms("latency_ms", plan_.latency, Duration::zero(), longest);
        if (const Json* json = fields_.find("program")) {
            for (const Json& entry : fields_.array("program", *json)) {
                if (!entry.is_string()) {
                    fields_.fail(JsonFields::element("program", plan_.program.size()),
                                 "must be a string");
                }
                plan_.program.push_back(entry.get<std::string>());
            }
        }
        if (const Json* json = fields_.find("timing")) {
            JsonFields timing(*json, file_, "timing");
            timing.read_ms("heartbeat_ms", plan_.timing.heartbeat, shortest_timing, longest);
            timing.read_ms("election_min_ms", plan_.timing.election_min, shortest_timing, longest);
            timing.read_ms("election_max_ms", plan_.timing.election_max, shortest_timing, longest);
            timing.finish();
            if (plan_.timing.election_min <= plan_.timing.heartbeat) {
                timing.fail("election_min_ms", "must be more than heartbeat_ms");
            }
            if (plan_.timing.election_max <= plan_.timing.election_min) {
                timing.fail("election_max_ms", "must be more than election_min_ms");
            }
        }
    }

    void read_limits(const Json& json) {
        constexpr std::uint32_t bytes_max = std::uint32_t{1} << 20U;
        NodeLimits& limits = plan_.limits.emplace();
        JsonFields fields(json, file_, "limits");
        fields.read_unsigned("segment_bytes", limits.segment_bytes, 4096, 1U << 30U);
        fields.read_unsigned("max_inflight", limits.max_inflight, 1, 65536);
        fields.read_unsigned("max_append_bytes", limits.max_append_bytes, 1, bytes_max);
        fields.read_unsigned("snapshot_chunk_bytes", limits.snapshot_chunk_bytes, 1, bytes_max);
        fields.finish();
    }

    void read_load() {
        fields_.read("workload", plan_.workload);
        fields_.read_unsigned("concurrency", plan_.concurrency, 1, limits::concurrency_max);
        fields_.read_number("rate", plan_.rate, 0, limits::rate_max);
        fields_.read_unsigned("keys", plan_.keys, 1, limits::keys_max);
        fields_.read_unsigned(
            "operations_per_key", plan_.operations_per_key, 1, operations_per_key_max);
        fields_.read_ms("time_limit_ms", plan_.time_limit, shortest, longest);
        fields_.read_ms("operation_timeout_ms", plan_.operation_timeout, shortest, longest);
        fields_.read_ms("recovery_bound_ms", plan_.recovery_bound, shortest, longest);
        const double operations =
            plan_.rate * std::chrono::duration<double>(plan_.time_limit).count();
        if (operations > limits::operations_max) {
            fields_.fail("rate",
                         fmt::format("for time_limit_ms amounts to {:.0f} operations, more than "
                                     "the {:.0f} that memory is for",
                                     operations,
                                     limits::operations_max));
        }
    }

    void read_faults() {
        fields_.read("heal_quorum_only", plan_.heal_quorum_only);
        fields_.read_ms("fault_interval_ms", plan_.fault_interval, shortest, longest);
        if (const Json* json = fields_.find("fault_classes")) {
            for (const Json& entry : fields_.array("fault_classes", *json)) {
                if (!entry.is_string()) {
                    fields_.fail(JsonFields::element("fault_classes", plan_.fault_classes.size()),
                                 "must be a string");
                }
                plan_.fault_classes.push_back(entry.get<std::string>());
            }
        }
        if (const Json* json = fields_.find("faults")) {
            std::set<FaultId> ids;
            for (const Json& entry : fields_.array("faults", *json)) {
                const std::string path = JsonFields::element("faults", plan_.faults.size());
                PlannedFault fault = fault_from_json(entry, file_, path, plan_.nodes);
                if (!ids.insert(fault.id).second) {
                    fields_.fail(path + ".id", "is not unique");
                }
                if (!plan_.faults.empty() && fault.at < plan_.faults.back().at) {
                    fields_.fail(path + ".at_ms", "must not come before the entry above");
                }
                plan_.faults.push_back(std::move(fault));
            }
        }
    }

    void read_deleted() {
        const Json* json = fields_.find("deleted_operations");
        if (json == nullptr) {
            return;
        }
        std::size_t index = 0;
        for (const Json& entry : fields_.array("deleted_operations", *json)) {
            if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() ||
                !entry[1].is_number_unsigned() ||
                entry[0].get<std::uint64_t>() >= plan_.concurrency) {
                fields_.fail(JsonFields::element("deleted_operations", index),
                             "must be [slot, ordinal]");
            }
            plan_.deleted_operations.emplace(entry[0].get<std::uint32_t>(),
                                             entry[1].get<std::uint64_t>());
            ++index;
        }
    }

    std::string file_;
    JsonFields fields_;
    Plan plan_;
};

}  // namespace

std::string to_json(const Plan& plan) {
    Json json{{"squall_plan", plan_version},
              {"seed", plan.seed},
              {"system", plan.system},
              {"workload", plan.workload},
              {"nodes", plan.nodes},
              {"concurrency", plan.concurrency},
              {"rate", plan.rate},
              {"keys", plan.keys},
              {"operations_per_key", plan.operations_per_key},
              {"time_limit_ms", JsonFields::to_ms(plan.time_limit)},
              {"operation_timeout_ms", JsonFields::to_ms(plan.operation_timeout)},
              {"recovery_bound_ms", JsonFields::to_ms(plan.recovery_bound)},
              {"timing",
               {{"heartbeat_ms", JsonFields::to_ms(plan.timing.heartbeat)},
                {"election_min_ms", JsonFields::to_ms(plan.timing.election_min)},
                {"election_max_ms", JsonFields::to_ms(plan.timing.election_max)}}},
              {"snapshot_interval", plan.snapshot_interval},
              {"bug", plan.bug},
              {"fault_classes", plan.fault_classes},
              {"fault_interval_ms", JsonFields::to_ms(plan.fault_interval)},
              {"faults", Json::array()},
              {"deleted_operations", plan.deleted_operations}};
    if (plan.heal_quorum_only) {
        json["heal_quorum_only"] = true;
    }
    if (plan.limits) {
        json["limits"] = {{"segment_bytes", plan.limits->segment_bytes},
                          {"max_inflight", plan.limits->max_inflight},
                          {"max_append_bytes", plan.limits->max_append_bytes},
                          {"snapshot_chunk_bytes", plan.limits->snapshot_chunk_bytes}};
    }
    if (plan.swarm) {
        json["swarm"] = true;
    }
    if (!plan.program.empty()) {
        json["program"] = plan.program;
        json["leader_pattern"] = plan.leader_pattern;
        json["latency_ms"] = JsonFields::to_ms(plan.latency);
    }
    for (const PlannedFault& fault : plan.faults) {
        json["faults"].push_back(fault_to_json(fault));
    }
    if (plan.operations) {
        json["operations"] = operations_to_json(*plan.operations);
    }
    return json.dump(2) + "\n";
}

Plan plan_from_json(const std::string& text, const std::string& name) {
    if (history::nests_deeper(text, depth_max)) {
        throw Failure(name + ": document: JSON deeper than " + std::to_string(depth_max));
    }
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        throw Failure(name + ": document: " + history::why_not_json(text));
    }
    return PlanReader(name, json).read();
}

}  // namespace squall::harness
