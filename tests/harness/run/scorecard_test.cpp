#include "harness/scorecard.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squall::harness {
namespace {

Conviction after(std::uint64_t seeds) {
    return {{"trace", "vote-once", "n1 voted twice"}, seeds, seeds, 0.5};
}

BugScore score_of(const std::vector<std::uint64_t>& seeds, std::size_t not_convicted = 0) {
    BugScore score;
    score.slug = "forgetful";
    for (const std::uint64_t count : seeds) {
        score.series.emplace_back(after(count));
    }
    score.series.resize(score.series.size() + not_convicted);
    return score;
}

TEST(Scorecard, QuantilesCountSeriesWithoutConvictionAsWorst) {
    const BugScore score = score_of({7, 1, 3}, 2);

    EXPECT_EQ(quantile(score, 0.5), 7U);
    EXPECT_EQ(quantile(score, 0.2), 1U);
    EXPECT_EQ(quantile(score, 0.9), std::nullopt);
    EXPECT_EQ(quantile(BugScore{}, 0.5), std::nullopt);
}

TEST(Scorecard, JsonSaysWhoConvictedAndWhen) {
    Scorecard card;
    card.tier = "sim";
    card.bugs.push_back(score_of({4, 9}));
    card.bugs.back().alone["linearizability"] = std::nullopt;
    card.bugs.back().alone["trace"] = after(2);
    card.bugs.push_back(BugScore{.slug = "elusive", .series = {std::nullopt}});

    const auto json = nlohmann::json::parse(to_json(card));

    EXPECT_EQ(json["convicted"], 1);
    EXPECT_EQ(json["by_histories_alone"], 0);
    const auto& found = json["bugs"][0];
    EXPECT_EQ(found["slug"], "forgetful");
    EXPECT_EQ(found["convicted"], true);
    EXPECT_EQ(found["detector"], "trace");
    EXPECT_EQ(found["check"], "vote-once");
    EXPECT_EQ(found["seeds"], 4);
    EXPECT_EQ(found["median"], 4);
    EXPECT_EQ(found["p90"], 9);
    EXPECT_EQ(found["alone"]["linearizability"], nullptr);
    EXPECT_EQ(found["alone"]["trace"]["seeds"], 2);
    EXPECT_EQ(json["bugs"][1]["convicted"], false);
    EXPECT_EQ(json["bugs"][1]["seeds"], nullptr);
}

TEST(Scorecard, TextHasALinePerBugAndASummary) {
    Scorecard card;
    card.tier = "sim";
    card.base = 1;
    card.tries = 50;
    card.bugs = {score_of({4}), BugScore{.slug = "elusive", .series = {std::nullopt}}};

    const std::string text = to_text(card);

    EXPECT_NE(text.find("forgetful"), std::string::npos);
    EXPECT_NE(text.find("not convicted"), std::string::npos);
    EXPECT_NE(text.find("1 of 2 convicted (sim tier, at most 50 seeds each, from seed 1)"),
              std::string::npos);
}

}  // namespace
}  // namespace squall::harness
