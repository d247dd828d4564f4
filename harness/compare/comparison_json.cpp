// compare.json.
#include <cmath>

#include <nlohmann/json.hpp>

#include "harness/compare/comparison.hpp"

namespace squall::harness::compare {
namespace {

using Json = nlohmann::ordered_json;

Json side(const Side& each) {
    return {{"name", each.name}, {"commit", each.commit}, {"tree", each.tree}};
}

Json or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json alone(const Discordant& pairs) {
    const double evidence = log_evidence(pairs);
    return {{"patch_alone", pairs.against},
            {"base_alone", pairs.opposite},
            {"log_evidence", std::isfinite(evidence) ? Json(evidence) : Json(nullptr)}};
}

Json pairs_of(const Decider& decider) {
    Json rows = Json::array();
    for (const auto& [where, tally] : decider.tallies()) {
        rows.push_back({{"tier", to_string(where.first)},
                        {"profile", where.second},
                        {"pairs", tally.pairs},
                        {"identical", tally.identical},
                        {"undecided", tally.undecided},
                        {"both", tally.both},
                        {"safety", alone(tally.safety)},
                        {"service", alone(tally.service)}});
    }
    return rows;
}

Json confirmations_of(const Decider& decider) {
    Json rows = Json::array();
    for (const Confirmation& each : decider.confirmations()) {
        rows.push_back({{"check", each.check},
                        {"tier", to_string(each.tier)},
                        {"patch_again", each.patch_again},
                        {"patch_runs", each.patch_runs},
                        {"base_failed", each.base_failed},
                        {"base_runs", each.base_runs},
                        {"around_failed", each.around_failed},
                        {"around_runs", each.around_runs}});
    }
    return rows;
}

Json metrics_of(const Comparison& comparison) {
    Json rows = Json::array();
    for (const MetricDifference& each : comparison.metrics) {
        const PairedDifference& difference = each.difference;
        rows.push_back(
            {{"tier", to_string(each.tier)},
             {"name", each.metric.name},
             {"unit", each.metric.unit},
             {"more_is_better", each.metric.more_is_better},
             {"pairs", difference.pairs()},
             {"base", difference.base_mean()},
             {"patch", difference.patch_mean()},
             {"difference", difference.mean()},
             {"half_width", or_null(difference.half_width(comparison.alpha_of_interval))}});
    }
    return rows;
}

Json neighbours_of(const Comparison& comparison) {
    Json rows = Json::array();
    for (const Neighbour& each : comparison.neighbours) {
        rows.push_back({{"bug", each.site.bug},
                        {"path", each.site.path},
                        {"function", each.site.function},
                        {"function_changed", each.same_function},
                        {"plans", to_text(*each.way)}});
    }
    return rows;
}

Json reproduced_of(const KeptFailure& failure) {
    if (!failure.reproduced) {
        return nullptr;
    }
    const Reproduced& measured = *failure.reproduced;
    return {{"failed", measured.failed},
            {"runs", measured.runs},
            {"base_failed", measured.base_failed},
            {"base_runs", measured.base_runs}};
}

Json failures_of(const Comparison& comparison) {
    Json rows = Json::array();
    for (const KeptFailure& each : comparison.failures) {
        rows.push_back({{"side", each.patch ? "patch" : "base"},
                        {"check", each.check},
                        {"tier", to_string(each.tier)},
                        {"profile", each.profile},
                        {"seed", each.seed},
                        {"reason", each.reason},
                        {"details", each.details},
                        {"directory", each.directory},
                        {"shrunk", each.shrunk},
                        {"base_on_shrunk", each.base_on_shrunk},
                        {"not_shrunk", each.not_shrunk},
                        {"reproduced", reproduced_of(each)},
                        {"replay", each.replay}});
    }
    return rows;
}

}  // namespace

std::string to_json(const Comparison& comparison) {
    const Decider& decider = comparison.decider;
    Json changes = Json::array();
    for (const ChangedFile& file : comparison.changes) {
        changes.push_back(
            {{"path", file.path}, {"functions", file.functions}, {"lines", file.lines}});
    }
    Json sight = Json::array();
    for (const PairTier tier : {PairTier::simulator, PairTier::processes}) {
        const Sight seen = decider.sight(tier);
        sight.push_back({{"tier", to_string(tier)},
                         {"pairs", seen.pairs},
                         {"safety_rate", or_null(seen.safety)},
                         {"service_rate", or_null(seen.service)}});
    }
    const Json json = {{"squall_compare", comparison_version},
                       {"version", comparison.version},
                       {"command", comparison.command},
                       {"verdict", to_string(comparison.decision.verdict)},
                       {"exit_code", exit_code(comparison.decision.verdict)},
                       {"reasons", comparison.decision.reasons},
                       {"base", side(comparison.base)},
                       {"patch", side(comparison.patch)},
                       {"seed", comparison.seed},
                       {"changes", std::move(changes)},
                       {"not_taken", comparison.not_taken},
                       {"remarks", comparison.remarks},
                       {"targets", comparison.targets},
                       {"neighbours", neighbours_of(comparison)},
                       {"alpha", decider.options().alpha},
                       {"power", decider.options().power},
                       {"pairs", pairs_of(decider)},
                       {"confirmations", confirmations_of(decider)},
                       {"could_have_been_seen", std::move(sight)},
                       {"alpha_of_interval", comparison.alpha_of_interval},
                       {"metrics", metrics_of(comparison)},
                       {"failures", failures_of(comparison)},
                       {"timings",
                        {{"build_s", comparison.build_seconds},
                         {"compare_s", comparison.compare_seconds},
                         {"budget_s", comparison.budget_seconds},
                         {"interrupted", comparison.interrupted}}}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace squall::harness::compare
