#include "harness/cli/read_files.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/report/results_load.hpp"
#include "history/jsonl.hpp"
#include "history/operation.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

/// A plan of a day with a fault a second, and results with every finding, are far below.
constexpr std::uintmax_t document_bytes_max = std::uintmax_t{256} << 20U;

std::string read_document(const std::string& path) {
    const std::string obstacle = history::obstacle_to_reading(path);
    if (!obstacle.empty()) {
        throw UsageError(path + ": " + obstacle);
    }
    std::error_code error;
    if (std::filesystem::file_size(path, error) > document_bytes_max) {
        throw UsageError(fmt::format("{}: more than {} bytes", path, document_bytes_max));
    }
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) {
        throw UsageError(
            fmt::format("{}: cannot be read: {}", path, std::generic_category().message(errno)));
    }
    return text;
}

}  // namespace

std::vector<history::Event> read_history(const std::string& path) {
    history::Loaded loaded = history::load_file(path);
    for (const std::string& warning : loaded.warnings) {
        fmt::print(stderr, "squall: warning: {}\n", warning);
    }
    if (loaded.error) {
        throw UsageError(loaded.error->message());
    }
    if (const auto& wrong = history::pair(loaded.events).error) {
        // Event 0 stands behind the header.
        throw UsageError(fmt::format("{}:{}: client: {}", path, wrong->event + 2, wrong->problem));
    }
    return std::move(loaded.events);
}

Plan read_plan(const std::string& path) {
    const std::string text = read_document(path);
    try {
        return plan_from_json(text, path);
    } catch (const Failure& failure) {
        throw UsageError(failure.what());
    }
}

Results read_results(const std::string& path, const Plan& plan) {
    const std::string text = read_document(path);
    try {
        return report::results_from_json(text, path, plan);
    } catch (const Failure& failure) {
        throw UsageError(failure.what());
    }
}

}  // namespace squall::harness::cli
