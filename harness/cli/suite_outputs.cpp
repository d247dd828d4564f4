#include "harness/cli/suite_outputs.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/run_directory.hpp"
#include "harness/suite/index_page.hpp"
#include "harness/suite/retention.hpp"
#include "harness/suite/summary_outputs.hpp"

namespace squall::harness::cli {
namespace {

/// Of the trend, and of what is known, flaky or fixed.
constexpr std::size_t nights_max = 30;
constexpr std::size_t failures_max = 100'000;

}  // namespace

std::string today() {
    return fmt::format("{:%Y-%m-%d}", fmt::localtime(std::time(nullptr)));
}

suite::SuiteSummary summary_of(store::ResultsStore& store,
                               store::RowId suite,
                               const suite::SuiteFile& file,
                               const std::vector<suite::LeftOut>& left_out) {
    std::vector<suite::SuitePast> nights;
    for (const store::SuiteRow& row : store.suites(store.suite(suite).name, nights_max)) {
        // One that was given up tells nothing about what it did not see.
        if (row.id == suite || (row.id < suite && row.state == store::SuiteState::finished)) {
            nights.push_back({row, store.cells(row.id), store.attempts(row.id)});
        }
    }
    std::ranges::reverse(nights);
    return suite::summarise(nights, store.failures(failures_max), file, left_out, today());
}

void write_outputs(const suite::SuiteSummary& summary) {
    const std::string& directory = summary.suite.directory;
    write_file(directory + "/summary.json", suite::to_json(summary));
    write_file(directory + "/summary.md", suite::markdown(summary));
    write_file(directory + "/junit.xml", suite::junit(summary));
    write_file(directory + "/index.html", suite::index_page(summary));
}

void make_room(store::ResultsStore& store,
               std::uint64_t bytes_max,
               const std::set<store::RowId>& in_use) {
    for (const store::KeptRun& run : store.kept_runs()) {
        std::error_code error;
        if (!std::filesystem::exists(run.directory, error) && !error) {
            store.mark_deleted(run.attempt);
        }
    }
    for (const store::KeptRun& run : suite::to_delete(store.kept_runs(), bytes_max)) {
        if (in_use.contains(run.attempt)) {
            continue;
        }
        std::error_code error;
        std::filesystem::remove_all(run.directory, error);
        if (error) {
            fmt::print(stderr, "squall: cannot delete {}: {}\n", run.directory, error.message());
            continue;
        }
        store.mark_deleted(run.attempt);
    }
}

}  // namespace squall::harness::cli
