#include "harness/scorecard.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::harness {

namespace {

using Json = nlohmann::ordered_json;

/// The detector that sees nothing but what clients saw.
constexpr const char* histories = "linearizability";
constexpr double half = 0.5;
constexpr double most = 0.9;

bool found_alone(const BugScore& score, const char* detector) {
    const auto found = score.alone.find(detector);
    return found != score.alone.end() && found->second.has_value();
}

std::string or_dash(const std::optional<std::uint64_t>& number) {
    return number ? std::to_string(*number) : "-";
}

std::string alone_in_words(const BugScore& score) {
    std::string words;
    for (const auto& [detector, conviction] : score.alone) {
        if (conviction) {
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", detector, conviction->seeds);
        }
    }
    return words.empty() ? "-" : words;
}

Json to_json(const Conviction& conviction) {
    return {{"detector", conviction.finding.detector},
            {"check", conviction.finding.check},
            {"seed", conviction.seed},
            {"seeds", conviction.seeds},
            {"seconds", conviction.seconds},
            {"reason", conviction.finding.reason}};
}

Json optional_number(const std::optional<std::uint64_t>& number) {
    return number ? Json(*number) : Json(nullptr);
}

Json to_json(const BugScore& score) {
    Json json{{"slug", score.slug},
              {"what", score.what},
              {"source", score.source},
              {"breaks", score.breaks},
              {"expected_detector", score.expected},
              {"convicted", score.convicted()}};
    json["detector"] = nullptr;
    json["seeds"] = nullptr;
    if (score.convicted()) {
        json.update(to_json(*score.series.front()));
    }
    json["median"] = optional_number(quantile(score, half));
    json["p90"] = optional_number(quantile(score, most));
    json["series"] = Json::array();
    for (const auto& conviction : score.series) {
        json["series"].push_back(conviction ? to_json(*conviction) : Json(nullptr));
    }
    json["alone"] = Json::object();
    for (const auto& [detector, conviction] : score.alone) {
        json["alone"][detector] = conviction ? to_json(*conviction) : Json(nullptr);
    }
    json["alone_seeds"] = score.alone_seeds;
    return json;
}

std::uint64_t count_convicted(const Scorecard& card) {
    return static_cast<std::uint64_t>(std::count_if(
        card.bugs.begin(), card.bugs.end(), [](const BugScore& bug) { return bug.convicted(); }));
}

std::uint64_t count_by_histories(const Scorecard& card) {
    return static_cast<std::uint64_t>(
        std::count_if(card.bugs.begin(), card.bugs.end(), [](const BugScore& bug) {
            return found_alone(bug, histories);
        }));
}

/// Over the bugs, of how many seeds each needed in the middle of its series.
std::optional<std::uint64_t> median_of_medians(const Scorecard& card) {
    std::vector<std::uint64_t> medians;
    for (const BugScore& bug : card.bugs) {
        medians.push_back(quantile(bug, half).value_or(std::numeric_limits<std::uint64_t>::max()));
    }
    if (medians.empty()) {
        return std::nullopt;
    }
    std::sort(medians.begin(), medians.end());
    const std::uint64_t middle = medians[(medians.size() - 1) / 2];
    return middle == std::numeric_limits<std::uint64_t>::max() ? std::nullopt
                                                               : std::optional(middle);
}

}  // namespace

std::optional<std::uint64_t> quantile(const BugScore& score, double share) {
    std::vector<std::uint64_t> seeds;
    for (const auto& conviction : score.series) {
        if (conviction) {
            seeds.push_back(conviction->seeds);
        }
    }
    std::sort(seeds.begin(), seeds.end());
    const auto wanted = static_cast<std::size_t>(
        std::ceil(share * static_cast<double>(std::max<std::size_t>(score.series.size(), 1))));
    if (wanted == 0 || seeds.size() < wanted) {
        return std::nullopt;
    }
    return seeds[wanted - 1];
}

std::string to_text(const Scorecard& card) {
    constexpr const char* row = "{:<31} {:<30} {:>6} {:>6} {:>6} {:>8}  {}\n";
    std::string text = fmt::format(
        row, "bug", "first convicted by", "seeds", "median", "p90", "seconds", "alone, unchecked");
    for (const BugScore& bug : card.bugs) {
        const std::optional<Conviction> first =
            bug.series.empty() ? std::nullopt : bug.series.front();
        text += fmt::format(row,
                            bug.slug,
                            first ? first->finding.check : "not convicted",
                            first ? std::to_string(first->seeds) : "-",
                            or_dash(quantile(bug, half)),
                            or_dash(quantile(bug, most)),
                            first ? fmt::format("{:.2f}", first->seconds) : "-",
                            alone_in_words(bug));
    }
    text += fmt::format("{} of {} convicted ({} tier, at most {} seeds each, from seed {})",
                        count_convicted(card),
                        card.bugs.size(),
                        card.tier,
                        card.tries,
                        card.base);
    if (const auto median = median_of_medians(card)) {
        text += fmt::format("; half of them within {} seeds", *median);
    }
    const bool tried_alone = std::any_of(
        card.bugs.begin(), card.bugs.end(), [](const auto& bug) { return bug.alone_seeds > 0; });
    if (tried_alone) {
        text += fmt::format("; {} from client histories alone, without the core's assertions",
                            count_by_histories(card));
    }
    return text + "\n";
}

std::string to_json(const Scorecard& card) {
    Json json{{"squall_zoo", 1},
              {"tier", card.tier},
              {"base_seed", card.base},
              {"tries", card.tries},
              {"convicted", count_convicted(card)},
              {"by_histories_alone", count_by_histories(card)},
              {"median_seeds", optional_number(median_of_medians(card))},
              {"bugs", Json::array()}};
    for (const BugScore& bug : card.bugs) {
        json["bugs"].push_back(to_json(bug));
    }
    return json.dump(2) + "\n";
}

}  // namespace squall::harness
