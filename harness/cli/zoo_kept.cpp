#include "harness/cli/zoo_kept.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/run_directory.hpp"
#include "harness/failure.hpp"
#include "harness/scorecard_json.hpp"
#include "harness/scorecard_text.hpp"

namespace squall::harness::cli {

KeptScores::KeptScores(std::string directory, std::string settings)
    : directory_(std::move(directory)), settings_(std::move(settings)) {
    if (directory_.empty()) {
        return;
    }
    std::error_code error;
    std::filesystem::create_directories(directory_ + "/plans", error);
    if (error) {
        throw Failure("--out: cannot make the directory " + directory_ + ": " + error.message());
    }
}

std::optional<BugScore> KeptScores::find(const std::string& slug) const {
    std::error_code ignored;
    if (directory_.empty() || !std::filesystem::exists(score_file(slug), ignored)) {
        return std::nullopt;
    }
    std::ifstream file(score_file(slug), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    try {
        return score_from_json(text, score_file(slug), settings_);
    } catch (const Failure& problem) {
        throw UsageError(fmt::format("--out: {}", problem.what()));
    }
}

void KeptScores::keep(const BugScore& score) const {
    if (!directory_.empty()) {
        // Whole or not at all: the next one to start reads it.
        const std::string path = score_file(score.slug);
        write_file(path + ".new", score_to_json(score, settings_));
        std::filesystem::rename(path + ".new", path);
    }
}

void KeptScores::keep_plan(const std::string& name, const Plan& plan) const {
    if (!directory_.empty()) {
        write_file(directory_ + "/plans/" + name + ".json", to_json(plan));
    }
}

void KeptScores::keep(const Scorecard& card) const {
    if (!directory_.empty()) {
        write_file(directory_ + "/scorecard.txt", to_text(card));
        write_file(directory_ + "/scorecard.json", to_json(card));
    }
}

std::string KeptScores::score_file(const std::string& slug) const {
    return directory_ + "/" + slug + ".json";
}

}  // namespace squall::harness::cli
