#include "harness/scorecard.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/scorecard_json.hpp"
#include "harness/scorecard_text.hpp"

namespace squall::harness {
namespace {

Conviction conviction(std::uint64_t seeds) {
    return {.finding = {"trace", "election-safety", "two leaders"},
            .seed = 1000 + seeds,
            .seeds = seeds,
            .seconds = 0.5 * static_cast<double>(seeds),
            .detectors = {"trace", "crash"},
            .shrunk = {}};
}

BugScore score_of(const std::string& slug,
                  const std::vector<std::uint64_t>& seeds,
                  std::size_t not_convicted = 0) {
    BugScore score;
    score.slug = slug;
    for (const std::uint64_t each : seeds) {
        score.tries.emplace_back(conviction(each));
    }
    score.tries.resize(score.tries.size() + not_convicted);
    return score;
}

BugScore shrunk_score(const std::string& slug, std::uint64_t faults, std::uint64_t operations) {
    BugScore score = score_of(slug, {1});
    score.tries[0]->shrunk = ShrunkRun{.faults_before = 30,
                                       .operations_before = 900,
                                       .faults = faults,
                                       .operations = operations,
                                       .nodes = 3,
                                       .simulated_seconds = 0.25,
                                       .plans = 120,
                                       .seconds = 1.5,
                                       .complete = true,
                                       .again = 3,
                                       .failed_again = 3};
    return score;
}

const Bar& bar(const std::vector<Bar>& all, const std::string& what) {
    for (const Bar& each : all) {
        if (each.what.find(what) != std::string::npos) {
            return each;
        }
    }
    throw std::runtime_error("no bar " + what);
}

TEST(Scorecard, QuantilesCountTriesWithoutConvictionAsWorst) {
    const BugScore score = score_of("elusive", {7, 1, 3}, 2);

    EXPECT_EQ(seeds_quantile(score, 0.5), 7U);
    EXPECT_EQ(seconds_quantile(score, 0.5), 3.5);
    EXPECT_EQ(seeds_quantile(score, 0.2), 1U);
    EXPECT_EQ(seeds_quantile(score, 0.9), std::nullopt);
    EXPECT_EQ(seeds_quantile(BugScore{}, 0.5), std::nullopt);
    EXPECT_FALSE(score.convicted());
    EXPECT_TRUE(score_of("easy", {2, 1}).convicted());
    EXPECT_FALSE(BugScore{}.convicted());
}

TEST(Scorecard, TotalsLeaveTheCanaryOut) {
    Scorecard card{.tier = "sim", .bugs = {score_of("a", {2}), score_of("canary", {300})}};
    card.bugs[1].counts = false;

    const Totals sum = totals(card);

    EXPECT_EQ(sum.bugs, 1U);
    EXPECT_EQ(sum.convicted, 1U);
    EXPECT_EQ(sum.most_seeds, 2U);
}

TEST(Scorecard, ABarIsMetOrNot) {
    Scorecard good{.tier = "sim", .bugs = {}};
    for (int i = 0; i < 30; ++i) {
        good.bugs.push_back(shrunk_score("bug-" + std::to_string(i), 4, 10));
        good.bugs.back().alone["linearizability"] = conviction(3);
        good.bugs.back().alone_seeds = 10;
    }
    Scorecard bad = good;
    for (BugScore& bug : bad.bugs) {
        bug.tries[0]->seeds = 2001;
        bug.tries[0]->shrunk->faults = 5;
        bug.tries[0]->shrunk->operations = 11;
        bug.tries[0]->shrunk->failed_again = 2;
        bug.alone["linearizability"].reset();
    }
    bad.bugs[0].tries[0].reset();

    for (const Bar& each : bars(good)) {
        EXPECT_TRUE(each.met) << each.what << ": " << each.reached;
    }
    EXPECT_EQ(bars(good).size(), 7U);
    for (const Bar& each : bars(bad)) {
        EXPECT_FALSE(each.met) << each.what << ": " << each.reached;
    }
    EXPECT_EQ(bar(bars(bad), "convicted in each try").reached, "29 of 30");
}

TEST(Scorecard, OnRealProcessesTwentyAreAskedFor) {
    Scorecard card{.tier = "process", .bugs = {}};
    for (int i = 0; i < 19; ++i) {
        card.bugs.push_back(score_of("bug-" + std::to_string(i), {1}));
    }

    EXPECT_FALSE(bars(card).at(0).met);
    card.bugs.push_back(score_of("one-more", {1}));
    EXPECT_TRUE(bars(card).at(0).met);
    EXPECT_EQ(bars(card).size(), 1U);
}

TEST(Scorecard, JsonSaysWhoConvictedAndWhen) {
    Scorecard card{.tier = "sim", .base = 1000, .seeds_max = 2000, .bugs = {}};
    card.bugs.push_back(shrunk_score("clumsy", 2, 5));
    card.bugs[0].alone = {{"trace", conviction(3)}, {"progress", std::nullopt}};
    card.bugs.push_back(score_of("elusive", {}, 1));

    const auto json = nlohmann::json::parse(to_json(card));

    EXPECT_EQ(json.at("squall_zoo"), 1);
    EXPECT_EQ(json.at("totals").at("convicted"), 1);
    EXPECT_EQ(json.at("totals").at("median_shrunk_faults"), 2);
    const auto& clumsy = json.at("bugs").at(0);
    EXPECT_EQ(clumsy.at("slug"), "clumsy");
    EXPECT_EQ(clumsy.at("convicted"), true);
    EXPECT_EQ(clumsy.at("detector"), "trace");
    EXPECT_EQ(clumsy.at("seeds"), 1);
    EXPECT_EQ(clumsy.at("tries").at(0).at("shrunk").at("operations_before"), 900);
    EXPECT_EQ(clumsy.at("alone").at("trace").at("seeds"), 3);
    EXPECT_TRUE(clumsy.at("alone").at("progress").is_null());
    const auto& elusive = json.at("bugs").at(1);
    EXPECT_EQ(elusive.at("convicted"), false);
    EXPECT_TRUE(elusive.at("detector").is_null());
    EXPECT_TRUE(elusive.at("tries").at(0).is_null());
}

TEST(Scorecard, AScoreIsReadBackAsItWas) {
    BugScore score = shrunk_score("clumsy", 2, 5);
    score.what = "it \"stumbles\"";
    score.tries.emplace_back();
    score.alone = {{"trace", conviction(3)}, {"progress", std::nullopt}};
    score.alone_seeds = 103;
    score.seeds_run = 7;
    score.void_runs = 1;

    const std::string text = score_to_json(score, "settings");

    EXPECT_EQ(score_from_json(text, "clumsy.json", "settings"), score);
}

TEST(Scorecard, AScoreOfOtherSettingsOrOfNoScoreIsRefused) {
    const std::string text = score_to_json(score_of("clumsy", {1}), "5 tries");
    const auto problem = [](const std::string& content, const std::string& settings) {
        try {
            static_cast<void>(score_from_json(content, "clumsy.json", settings));
        } catch (const Failure& failure) {
            return std::string(failure.what());
        }
        return std::string();
    };

    EXPECT_NE(problem(text, "3 tries").find("5 tries"), std::string::npos);
    EXPECT_NE(problem(text, "3 tries").find("clumsy.json"), std::string::npos);
    EXPECT_NE(problem("", "x").find("clumsy.json"), std::string::npos);
    EXPECT_NE(problem("[1]", "x").find("clumsy.json"), std::string::npos);
    EXPECT_NE(
        problem(R"({"squall_zoo_bug":1,"settings":"x","bug":{"slug":7}})", "x").find("clumsy.json"),
        std::string::npos);
}

TEST(Scorecard, TextHasALinePerBugAndTheBars) {
    Scorecard card{.tier = "sim", .base = 1000, .seeds_max = 2000, .bugs = {}};
    card.bugs.push_back(shrunk_score("clumsy", 2, 5));
    card.bugs.push_back(score_of("elusive", {}, 1));
    card.bugs[0].alone = {{"trace", conviction(3)}, {"progress", std::nullopt}};

    const std::string text = to_text(card);

    EXPECT_NE(text.find("clumsy"), std::string::npos);
    EXPECT_NE(text.find("30 > 2"), std::string::npos);
    EXPECT_NE(text.find("900 > 5"), std::string::npos);
    EXPECT_NE(text.find("not convicted"), std::string::npos);
    EXPECT_NE(text.find("1 of 2 bugs convicted, in 1 of 2 tries"), std::string::npos) << text;
    EXPECT_NE(text.find("NOT MET"), std::string::npos);
    EXPECT_EQ(text.find("progress"), std::string::npos) << "a detector that found nothing";
}

}  // namespace
}  // namespace squall::harness
