#include "harness/cli/shrink_record.hpp"

#include <filesystem>
#include <functional>
#include <system_error>

#include <fmt/format.h>

#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

/// `change`: false when there is nothing to write.
void rewrite(const std::string& directory, const std::function<bool(Results&)>& change) {
    try {
        const Plan plan = read_plan(directory + "/plan.json");
        Results results = read_results(directory + "/results.json", plan);
        results.directory = directory;
        if (change(results)) {
            write_reports(directory,
                          results,
                          read_history(directory + "/history.jsonl"),
                          load_node_traces(directory, plan.nodes));
        }
    } catch (const Failure& failure) {
        fmt::print(
            stderr, "squall: the reports in {} stay as they are: {}\n", directory, failure.what());
    } catch (const UsageError& error) {
        fmt::print(
            stderr, "squall: the reports in {} stay as they are: {}\n", directory, error.what());
    }
}

}  // namespace

void record_shrinkage(const std::string& directory,
                      const Reproduction& measured,
                      const std::optional<Shrinkage>& shrunk_to) {
    rewrite(directory, [&](Results& results) {
        // What is left of another run knows its own rate from more tries.
        if (!results.shrunk_from) {
            results.reproduction = measured;
        }
        results.shrunk_to = shrunk_to;
        return true;
    });
}

void forget_shrinkage(const std::string& directory) {
    std::error_code ignored;
    if (!std::filesystem::exists(directory + "/shrunk", ignored)) {
        return;
    }
    rewrite(directory, [](Results& results) {
        const bool known = results.shrunk_to.has_value();
        results.shrunk_to.reset();
        return known;
    });
}

}  // namespace squall::harness::cli
