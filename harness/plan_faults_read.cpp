// Reading the planned faults of plan.json, strictly.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/json_fields.hpp"
#include "harness/plan_faults_json.hpp"
#include "harness/plan_limits.hpp"

namespace squall::harness {

namespace {

using Json = JsonFields::Json;
using history::Duration;
using history::NodeId;
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

/// Beyond these a clock is no clock fault but nonsense.
constexpr double fastest_clock = 1000;
constexpr std::uint32_t bit_flips_max = 1000;
constexpr Duration longest_jump = std::chrono::hours(24 * 10);
constexpr Duration longest = limits::duration_max;

std::vector<NodeId> read_nodes(const JsonFields& fields,
                               const std::string& field,
                               const Json& json,
                               std::uint32_t count) {
    std::vector<NodeId> nodes;
    for (const Json& entry : fields.array(field, json)) {
        if (!entry.is_number_unsigned() || entry.get<std::uint64_t>() < 1 ||
            entry.get<std::uint64_t>() > count) {
            fields.fail(JsonFields::element(field, nodes.size()),
                        "must be a node from 1 to " + std::to_string(count));
        }
        const auto node = entry.get<NodeId>();
        if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) {
            fields.fail(JsonFields::element(field, nodes.size()),
                        "names a node for the second time");
        }
        nodes.push_back(node);
    }
    return nodes;
}

class FaultReader {
  public:
    FaultReader(std::string file, std::uint32_t nodes) : file_(std::move(file)), nodes_(nodes) {}

    PlannedFault read(const Json& json, const std::string& path) {
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
            fault.nodes = read_nodes(fields, "nodes", *nodes, nodes_);
        }
        if (const Json* action = fields.find("action")) {
            fault.action = read_action(*action, path + ".action");
        }
        fields.finish();
        return fault;
    }

  private:
    nemesis::Action read_action(const Json& json, const std::string& path) {
        JsonFields fields(json, file_, path);
        std::vector<nemesis::Action> actions;
        if (const Json* links = fields.find("links")) {
            actions.emplace_back(read_links(fields.array("links", *links), path + ".links"));
        }
        if (const Json* kill = fields.find("kill")) {
            actions.emplace_back(KillFault{read_nodes(fields, "kill", *kill, nodes_)});
        }
        if (const Json* pause = fields.find("pause")) {
            actions.emplace_back(PauseFault{read_nodes(fields, "pause", *pause, nodes_)});
        }
        if (const Json* clocks = fields.find("clocks")) {
            actions.emplace_back(read_clocks(fields.array("clocks", *clocks), path + ".clocks"));
        }
        if (const Json* disks = fields.find("disks")) {
            actions.emplace_back(read_disks(fields.array("disks", *disks), path + ".disks"));
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
            JsonFields fields(entry, file_, JsonFields::element(path, fault.rules.size()));
            nemesis::Link link;
            LinkRule rule;
            fields.read_unsigned("from", link.from, 1, nodes_);
            fields.read_unsigned("to", link.to, 1, nodes_);
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
            JsonFields fields(entry, file_, JsonFields::element(path, fault.rules.size()));
            NodeId node = 0;
            ClockRule rule;
            fields.read_unsigned("node", node, 1, nodes_);
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
            JsonFields fields(entry, file_, JsonFields::element(path, fault.rules.size()));
            NodeId node = 0;
            DiskRule rule;
            fields.read_unsigned("node", node, 1, nodes_);
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
            fault.nodes = read_nodes(fields, "nodes", *nodes, nodes_);
        }
        fields.read_unsigned("bit_flips", fault.bit_flips, 0, bit_flips_max);
        fields.finish();
        return fault;
    }

    std::string file_;
    std::uint32_t nodes_;
};

}  // namespace

nemesis::PlannedFault fault_from_json(const JsonFields::Json& json,
                                      const std::string& file,
                                      const std::string& path,
                                      std::uint32_t nodes) {
    return FaultReader(file, nodes).read(json, path);
}

}  // namespace squall::harness
