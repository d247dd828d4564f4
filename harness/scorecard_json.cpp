#include "harness/scorecard_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"

namespace squall::harness {

namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json write(const ShrunkRun& run) {
    return {{"faults_before", run.faults_before},
            {"operations_before", run.operations_before},
            {"faults", run.faults},
            {"operations", run.operations},
            {"nodes", run.nodes},
            {"simulated_seconds", run.simulated_seconds},
            {"plans", run.plans},
            {"seconds", run.seconds},
            {"complete", run.complete},
            {"again", run.again},
            {"failed_again", run.failed_again}};
}

Json write(const Conviction& conviction) {
    Json json{{"detector", conviction.finding.detector},
              {"check", conviction.finding.check},
              {"seed", conviction.seed},
              {"seeds", conviction.seeds},
              {"seconds", conviction.seconds},
              {"detectors", conviction.detectors},
              {"reason", conviction.finding.reason}};
    if (conviction.shrunk) {
        json["shrunk"] = write(*conviction.shrunk);
    }
    return json;
}

Json write(const std::optional<Conviction>& conviction) {
    return conviction ? write(*conviction) : Json(nullptr);
}

Json write(const BugScore& score) {
    const bool first = !score.tries.empty() && score.tries.front().has_value();
    Json json{{"slug", score.slug},
              {"what", score.what},
              {"source", score.source},
              {"breaks", score.breaks},
              {"expected_detector", score.expected},
              {"counts", score.counts},
              {"convicted", score.convicted()},
              {"detector", first ? Json(score.tries.front()->finding.detector) : Json(nullptr)},
              {"check", first ? Json(score.tries.front()->finding.check) : Json(nullptr)},
              {"seeds", first ? Json(score.tries.front()->seeds) : Json(nullptr)},
              {"median_seeds", or_null(seeds_quantile(score, half_of_tries))},
              {"p90_seeds", or_null(seeds_quantile(score, most_tries))},
              {"median_seconds", or_null(seconds_quantile(score, half_of_tries))},
              {"p90_seconds", or_null(seconds_quantile(score, most_tries))}};
    if (const auto sizes = shrunk_sizes(score)) {
        json["median_shrunk"] = {{"faults_before", sizes->faults_before},
                                 {"operations_before", sizes->operations_before},
                                 {"faults", sizes->faults},
                                 {"operations", sizes->operations}};
    }
    json["tries"] = Json::array();
    for (const auto& conviction : score.tries) {
        json["tries"].push_back(write(conviction));
    }
    json["alone"] = Json::object();
    for (const auto& [detector, conviction] : score.alone) {
        json["alone"][detector] = write(conviction);
    }
    json["alone_seeds"] = score.alone_seeds;
    json["seeds_run"] = score.seeds_run;
    json["void_runs"] = score.void_runs;
    return json;
}

ShrunkRun read_shrunk(const Json& json) {
    return {.faults_before = json.at("faults_before"),
            .operations_before = json.at("operations_before"),
            .faults = json.at("faults"),
            .operations = json.at("operations"),
            .nodes = json.at("nodes"),
            .simulated_seconds = json.at("simulated_seconds"),
            .plans = json.at("plans"),
            .seconds = json.at("seconds"),
            .complete = json.at("complete"),
            .again = json.at("again"),
            .failed_again = json.at("failed_again")};
}

std::optional<Conviction> read_conviction(const Json& json) {
    if (json.is_null()) {
        return std::nullopt;
    }
    Conviction conviction;
    conviction.finding = {json.at("detector"), json.at("check"), json.at("reason")};
    conviction.seed = json.at("seed");
    conviction.seeds = json.at("seeds");
    conviction.seconds = json.at("seconds");
    conviction.detectors = json.at("detectors").get<std::vector<std::string>>();
    if (json.contains("shrunk")) {
        conviction.shrunk = read_shrunk(json.at("shrunk"));
    }
    return conviction;
}

BugScore read_score(const Json& json) {
    BugScore score;
    score.slug = json.at("slug");
    score.what = json.at("what");
    score.source = json.at("source");
    score.breaks = json.at("breaks");
    score.expected = json.at("expected_detector");
    score.counts = json.at("counts");
    for (const Json& entry : json.at("tries")) {
        score.tries.push_back(read_conviction(entry));
    }
    for (const auto& [detector, entry] : json.at("alone").items()) {
        score.alone[detector] = read_conviction(entry);
    }
    score.alone_seeds = json.at("alone_seeds");
    score.seeds_run = json.at("seeds_run");
    score.void_runs = json.at("void_runs");
    return score;
}

Json write(const Totals& sum) {
    return {{"bugs", sum.bugs},
            {"convicted", sum.convicted},
            {"tries", sum.tries},
            {"tries_convicted", sum.tries_convicted},
            {"median_seeds", or_null(sum.median_seeds)},
            {"most_seeds", sum.most_seeds},
            {"by_histories_alone", sum.tried_alone ? Json(sum.by_histories_alone) : Json(nullptr)},
            {"shrunk", sum.shrunk},
            {"median_shrunk_faults", or_null(sum.median_faults)},
            {"median_shrunk_operations", or_null(sum.median_operations)},
            {"shrunk_that_fail_again", sum.shrunk_that_fail},
            {"void_runs", sum.void_runs}};
}

}  // namespace

std::string to_json(const Scorecard& card) {
    Json json{{"squall_zoo", format_version},
              {"tier", card.tier},
              {"base_seed", card.base},
              {"seeds_max", card.seeds_max},
              {"seconds_max", card.seconds_max > 0 ? Json(card.seconds_max) : Json(nullptr)},
              {"totals", write(totals(card))},
              {"bars", Json::array()},
              {"bugs", Json::array()}};
    for (const Bar& bar : bars(card)) {
        json["bars"].push_back(
            {{"what", bar.what}, {"asked", bar.asked}, {"reached", bar.reached}, {"met", bar.met}});
    }
    for (const BugScore& bug : card.bugs) {
        json["bugs"].push_back(write(bug));
    }
    return json.dump(2) + "\n";
}

std::string score_to_json(const BugScore& score, const std::string& settings) {
    return Json{{"squall_zoo_bug", format_version}, {"settings", settings}, {"bug", write(score)}}
               .dump(2) +
           "\n";
}

BugScore score_from_json(const std::string& text,
                         const std::string& file,
                         const std::string& settings) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("squall_zoo_bug", Json()) != format_version) {
        throw Failure(file + ": is not the score of a bug; name another directory or remove it");
    }
    if (json.value("settings", Json()) != settings) {
        throw Failure(fmt::format("{}: settings: {} there, but {} now; name another directory",
                                  file,
                                  json.value("settings", Json()).dump(),
                                  Json(settings).dump()));
    }
    try {
        return read_score(json.at("bug"));
    } catch (const Json::exception& problem) {
        throw Failure(fmt::format("{}: bug: {}; remove the file", file, problem.what()));
    }
}

}  // namespace squall::harness
