// Writing the planned faults of plan.json.
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/json_fields.hpp"
#include "harness/plan_faults_json.hpp"

namespace squall::harness {

namespace {

using Json = JsonFields::Json;
using history::Duration;
using nemesis::ClockFault;
using nemesis::DiskFault;
using nemesis::JitterLaw;
using nemesis::KillFault;
using nemesis::LinkFault;
using nemesis::PauseFault;
using nemesis::PowerFault;

Json write_links(const LinkFault& fault) {
    Json links = Json::array();
    for (const auto& [link, rule] : fault.rules) {
        Json entry{{"from", link.from},
                   {"to", link.to},
                   {"cut", rule.cut},
                   {"delay_ms", JsonFields::to_ms(rule.delay)},
                   {"jitter_ms", JsonFields::to_ms(rule.jitter)},
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
        clocks.push_back({{"node", node},
                          {"rate", rule.rate},
                          {"realtime_jump_ms", JsonFields::to_ms(rule.realtime_jump)}});
    }
    return clocks;
}

Json write_disks(const DiskFault& fault) {
    Json disks = Json::array();
    for (const auto& [node, rule] : fault.rules) {
        disks.push_back({{"node", node},
                         {"sync_delay_ms", JsonFields::to_ms(rule.sync_delay)},
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

}  // namespace

JsonFields::Json fault_to_json(const nemesis::PlannedFault& fault) {
    Json json{{"id", fault.id},
              {"name", fault.name},
              {"shape", fault.shape},
              {"at_ms", JsonFields::to_ms(fault.at)},
              {"duration_ms", JsonFields::to_ms(fault.duration)},
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

}  // namespace squall::harness
