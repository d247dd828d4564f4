#include <nlohmann/json.hpp>

#include "harness/suite/summary_outputs.hpp"

namespace squall::harness::suite {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const CellLine& cell) {
    return {{"name", cell.name},
            {"state", store::to_string(cell.state)},
            {"verdict", cell.verdict},
            {"reason", cell.reason},
            {"attempts", cell.attempts},
            {"seeds", cell.seeds},
            {"ok_operations", cell.ok_operations},
            {"failures", cell.failures},
            {"duration_s", cell.duration_s},
            {"kept", cell.kept}};
}

Json group_json(const SuiteGroup& entry) {
    const triage::Group& group = entry.group;
    return {{"signature", group.signature},
            {"state", triage::to_string(group.state)},
            {"check", group.check},
            {"reason", group.reason},
            {"quarantined", entry.quarantined},
            {"failures", group.failures},
            {"failures_total", group.failures_total},
            {"seeds", group.seeds},
            {"rate", group.rate},
            {"first_seen_ms", group.first_seen},
            {"last_seen_ms", group.last_seen},
            {"faults", group.faults},
            {"cells", group.cells},
            {"reproduce", group.command},
            {"cost_s", group.cost_s},
            {"directory", group.directory}};
}

Json night_json(const Night& night) {
    return {{"started_ms", night.started},
            {"version", night.version},
            {"verdict", night.verdict},
            {"elapsed_s", night.elapsed_s},
            {"seeds", night.seeds},
            {"groups", night.groups},
            {"cells", night.cells}};
}

}  // namespace

std::string to_json(const SuiteSummary& summary) {
    Json json{{"squall_suite", summary_version},
              {"name", summary.suite.name},
              {"verdict", summary.verdict},
              {"started_ms", summary.suite.started},
              {"elapsed_s", static_cast<double>(summary.suite.elapsed_ms) / 1000},
              {"seed", summary.suite.seed},
              {"version", summary.suite.version},
              {"groups", Json::array()},
              {"cells", Json::array()},
              {"nights", Json::array()},
              {"left_out", Json::array()}};
    for (const SuiteGroup& entry : summary.groups) {
        json["groups"].push_back(group_json(entry));
    }
    for (const CellLine& cell : summary.cells) {
        json["cells"].push_back(cell_json(cell));
    }
    for (const Night& night : summary.nights) {
        json["nights"].push_back(night_json(night));
    }
    for (const LeftOut& out : summary.left_out) {
        json["left_out"].push_back({{"name", out.name}, {"reason", out.reason}});
    }
    // Logs of nodes are quoted in reasons.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace squall::harness::suite
