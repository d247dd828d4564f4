// plan.json: writing and strict reading. The fields are those of Plan, durations are milliseconds
// (exact to the nanosecond), absent fields keep their defaults.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/json_fields.hpp"
#include "harness/plan.hpp"
#include "harness/plan_limits.hpp"
#include "harness/plan_operations.hpp"
#include "history/text_input.hpp"

namespace squall::harness {

namespace {

using Json = JsonFields::Json;
using nemesis::ClockFault;
using nemesis::ClockRule;
using nemesis::DiskFault;
using nemesis::DiskRule;
using nemesis::JitterLaw;
using nemesis::KillFault;
using nemesis::LinkFault;
using nemesis::LinkRule;
using nemesis::PauseFault;
using nemesis::PlannedFault;
using nemesis::PowerFault;

constexpr std::uint32_t operations_per_key_max = 1'000'000'000;
constexpr std::size_t depth_max = 16;
/// Beyond these a clock is no clock fault but nonsense.
constexpr double fastest_clock = 1000;
constexpr std::uint32_t bit_flips_max = 1000;
constexpr Duration longest_jump = std::chrono::hours(24 * 10);
constexpr Duration longest = limits::duration_max;
constexpr Duration shortest = std::chrono::nanoseconds(1);
/// Nodes count in these.
constexpr Duration shortest_timing = std::chrono::milliseconds(1);

// ---- writing

Json ms(Duration duration) {
    return JsonFields::to_ms(duration);
}

Json write_links(const LinkFault& fault) {
    Json links = Json::array();
    for (const auto& [link, rule] : fault.rules) {
        Json entry{{"from", link.from},
                   {"to", link.to},
                   {"cut", rule.cut},
                   {"delay_ms", ms(rule.delay)},
                   {"jitter_ms", ms(rule.jitter)},
                   {"drop", rule.drop},
                   {"duplicate", rule.duplicate},
                   {"reorder", rule.reorder}};
        if (rule.law != JitterLaw::uniform) {
            entry["jitter_law"] = nemesis::to_string(rule.law);
        }
        links.push_back(std::move(entry));
    }
    return links;
}

Json write_clocks(const ClockFault& fault) {
    Json clocks = Json::array();
    for (const auto& [node, rule] : fault.rules) {
        clocks.push_back(
            {{"node", node}, {"rate", rule.rate}, {"realtime_jump_ms", ms(rule.realtime_jump)}});
    }
    return clocks;
}

Json write_disks(const DiskFault& fault) {
    Json disks = Json::array();
    for (const auto& [node, rule] : fault.rules) {
        disks.push_back({{"node", node},
                         {"sync_delay_ms", ms(rule.sync_delay)},
                         {"stuck", rule.stuck},
                         {"sync_error", rule.sync_error},
                         {"write_error", rule.write_error},
                         {"full", rule.full}});
    }
    return disks;
}

Json write_action(const nemesis::Action& action) {
    if (const auto* links = std::get_if<LinkFault>(&action)) {
        return {{"links", write_links(*links)}};
    }
    if (const auto* kill = std::get_if<KillFault>(&action)) {
        return {{"kill", kill->nodes}};
    }
    if (const auto* clocks = std::get_if<ClockFault>(&action)) {
        return {{"clocks", write_clocks(*clocks)}};
    }
    if (const auto* disks = std::get_if<DiskFault>(&action)) {
        return {{"disks", write_disks(*disks)}};
    }
    if (const auto* power = std::get_if<PowerFault>(&action)) {
        return {{"power_loss", {{"nodes", power->nodes}, {"bit_flips", power->bit_flips}}}};
    }
    return {{"pause", std::get<PauseFault>(action).nodes}};
}

Json write_fault(const PlannedFault& fault) {
    Json json{{"id", fault.id},
              {"name", fault.name},
              {"shape", fault.shape},
              {"at_ms", ms(fault.at)},
              {"duration_ms", ms(fault.duration)},
              {"draw", fault.draw}};
    if (!fault.nodes.empty()) {
        json["nodes"] = fault.nodes;
    }
    if (fault.action) {
        json["detail"] = fault.detail;
        json["action"] = write_action(*fault.action);
    }
    return json;
}

// ---- reading

std::string element(const std::string& field, std::size_t index) {
    return field + "[" + std::to_string(index) + "]";
}

/// An array's elements with the names that messages use for them.
const Json& array_of(const JsonFields& fields, const std::string& field, const Json& json) {
    if (!json.is_array()) {
        fields.fail(field, "must be an array");
    }
    return json;
}

std::vector<NodeId> read_nodes(const JsonFields& fields,
                               const std::string& field,
                               const Json& json,
                               std::uint32_t count) {
    std::vector<NodeId> nodes;
    for (const Json& entry : array_of(fields, field, json)) {
        if (!entry.is_number_unsigned() || entry.get<std::uint64_t>() < 1 ||
            entry.get<std::uint64_t>() > count) {
            fields.fail(element(field, nodes.size()),
                        "must be a node from 1 to " + std::to_string(count));
        }
        const auto node = entry.get<NodeId>();
        if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) {
            fields.fail(element(field, nodes.size()), "names a node for the second time");
        }
        nodes.push_back(node);
    }
    return nodes;
}

class Reader {
  public:
    Reader(std::string file, const Json& json) : file_(std::move(file)), fields_(json, file_, "") {}

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
            for (const Json& entry : array_of(fields_, "program", *json)) {
                if (!entry.is_string()) {
                    fields_.fail(element("program", plan_.program.size()), "must be a string");
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
            for (const Json& entry : array_of(fields_, "fault_classes", *json)) {
                if (!entry.is_string()) {
                    fields_.fail(element("fault_classes", plan_.fault_classes.size()),
                                 "must be a string");
                }
                plan_.fault_classes.push_back(entry.get<std::string>());
            }
        }
        if (const Json* json = fields_.find("faults")) {
            std::set<FaultId> ids;
            for (const Json& entry : array_of(fields_, "faults", *json)) {
                const std::string path = element("faults", plan_.faults.size());
                PlannedFault fault = read_fault(entry, path);
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

    PlannedFault read_fault(const Json& json, const std::string& path) {
        JsonFields fields(json, file_, path);
        PlannedFault fault;
        fields.read_unsigned("id", fault.id, 1);
        if (fault.id == 0) {
            fields.fail("id", "is missing");
        }
        fields.read("name", fault.name);
        fields.read("shape", fault.shape);
        fields.read_ms("at_ms", fault.at, Duration::zero(), longest);
        fields.read_ms("duration_ms", fault.duration, Duration::zero(), longest);
        fields.read_unsigned("draw", fault.draw);
        fields.read("detail", fault.detail);
        if (const Json* nodes = fields.find("nodes")) {
            fault.nodes = read_nodes(fields, "nodes", *nodes, plan_.nodes);
        }
        if (const Json* action = fields.find("action")) {
            fault.action = read_action(*action, path + ".action");
        }
        fields.finish();
        return fault;
    }

    nemesis::Action read_action(const Json& json, const std::string& path) {
        JsonFields fields(json, file_, path);
        std::vector<nemesis::Action> actions;
        if (const Json* links = fields.find("links")) {
            actions.emplace_back(read_links(array_of(fields, "links", *links), path + ".links"));
        }
        if (const Json* kill = fields.find("kill")) {
            actions.emplace_back(KillFault{read_nodes(fields, "kill", *kill, plan_.nodes)});
        }
        if (const Json* pause = fields.find("pause")) {
            actions.emplace_back(PauseFault{read_nodes(fields, "pause", *pause, plan_.nodes)});
        }
        if (const Json* clocks = fields.find("clocks")) {
            actions.emplace_back(
                read_clocks(array_of(fields, "clocks", *clocks), path + ".clocks"));
        }
        if (const Json* disks = fields.find("disks")) {
            actions.emplace_back(read_disks(array_of(fields, "disks", *disks), path + ".disks"));
        }
        if (const Json* power = fields.find("power_loss")) {
            actions.emplace_back(read_power(*power, path + ".power_loss"));
        }
        fields.finish();
        if (actions.size() != 1) {
            fields.fail("links",
                        "there must be one of links, kill, pause, clocks, disks and power_loss");
        }
        return actions.front();
    }

    LinkFault read_links(const Json& json, const std::string& path) {
        LinkFault fault;
        for (const Json& entry : json) {
            JsonFields fields(entry, file_, element(path, fault.rules.size()));
            nemesis::Link link;
            LinkRule rule;
            fields.read_unsigned("from", link.from, 1, plan_.nodes);
            fields.read_unsigned("to", link.to, 1, plan_.nodes);
            fields.read("cut", rule.cut);
            fields.read_ms("delay_ms", rule.delay, Duration::zero(), longest);
            fields.read_ms("jitter_ms", rule.jitter, Duration::zero(), longest);
            read_jitter_law(fields, rule);
            fields.read_number("drop", rule.drop, 0, 1);
            fields.read_number("duplicate", rule.duplicate, 0, 1);
            fields.read_number("reorder", rule.reorder, 0, 1);
            fields.finish();
            if (link.from == link.to || link.from == 0 || link.to == 0) {
                fields.fail("to", "a link joins two different nodes");
            }
            if (!fault.rules.emplace(link, rule).second) {
                fields.fail("to", "the link has a rule already");
            }
        }
        return fault;
    }

    static void read_jitter_law(JsonFields& fields, LinkRule& rule) {
        std::string name(nemesis::to_string(rule.law));
        fields.read("jitter_law", name);
        const std::optional<JitterLaw> law = nemesis::find_jitter_law(name);
        if (!law) {
            fields.fail("jitter_law", "must be one of " + nemesis::jitter_law_names());
        }
        if (*law != JitterLaw::uniform && rule.jitter == Duration::zero()) {
            fields.fail("jitter_law", "needs a jitter_ms above 0, which bounds it");
        }
        rule.law = *law;
    }

    ClockFault read_clocks(const Json& json, const std::string& path) {
        ClockFault fault;
        for (const Json& entry : json) {
            JsonFields fields(entry, file_, element(path, fault.rules.size()));
            NodeId node = 0;
            ClockRule rule;
            fields.read_unsigned("node", node, 1, plan_.nodes);
            fields.read_number("rate", rule.rate, 0, fastest_clock);
            fields.read_ms("realtime_jump_ms", rule.realtime_jump, -longest_jump, longest_jump);
            fields.finish();
            if (node == 0 || !fault.rules.emplace(node, rule).second) {
                fields.fail("node", "must be given, and once only");
            }
        }
        return fault;
    }

    DiskFault read_disks(const Json& json, const std::string& path) {
        DiskFault fault;
        for (const Json& entry : json) {
            JsonFields fields(entry, file_, element(path, fault.rules.size()));
            NodeId node = 0;
            DiskRule rule;
            fields.read_unsigned("node", node, 1, plan_.nodes);
            fields.read_ms("sync_delay_ms", rule.sync_delay, Duration::zero(), longest);
            fields.read("stuck", rule.stuck);
            fields.read_number("sync_error", rule.sync_error, 0, 1);
            fields.read_number("write_error", rule.write_error, 0, 1);
            fields.read("full", rule.full);
            fields.finish();
            if (node == 0 || !fault.rules.emplace(node, rule).second) {
                fields.fail("node", "must be given, and once only");
            }
        }
        return fault;
    }

    PowerFault read_power(const Json& json, const std::string& path) {
        JsonFields fields(json, file_, path);
        PowerFault fault;
        if (const Json* nodes = fields.find("nodes")) {
            fault.nodes = read_nodes(fields, "nodes", *nodes, plan_.nodes);
        }
        fields.read_unsigned("bit_flips", fault.bit_flips, 0, bit_flips_max);
        fields.finish();
        return fault;
    }

    void read_deleted() {
        const Json* json = fields_.find("deleted_operations");
        if (json == nullptr) {
            return;
        }
        std::size_t index = 0;
        for (const Json& entry : array_of(fields_, "deleted_operations", *json)) {
            if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() ||
                !entry[1].is_number_unsigned() ||
                entry[0].get<std::uint64_t>() >= plan_.concurrency) {
                fields_.fail(element("deleted_operations", index), "must be [slot, ordinal]");
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
              {"time_limit_ms", ms(plan.time_limit)},
              {"operation_timeout_ms", ms(plan.operation_timeout)},
              {"recovery_bound_ms", ms(plan.recovery_bound)},
              {"timing",
               {{"heartbeat_ms", ms(plan.timing.heartbeat)},
                {"election_min_ms", ms(plan.timing.election_min)},
                {"election_max_ms", ms(plan.timing.election_max)}}},
              {"snapshot_interval", plan.snapshot_interval},
              {"bug", plan.bug},
              {"fault_classes", plan.fault_classes},
              {"fault_interval_ms", ms(plan.fault_interval)},
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
        json["latency_ms"] = ms(plan.latency);
    }
    for (const PlannedFault& fault : plan.faults) {
        json["faults"].push_back(write_fault(fault));
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
    return Reader(name, json).read();
}

}  // namespace squall::harness
