// results.json.
#include "harness/failure.hpp"
#include "harness/report/results_json.hpp"
#include "harness/report/results_load.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

using namespace harness;  // NOLINT(google-build-using-namespace)

bool run(std::string_view text) {
    Results results;
    try {
        results = report::results_from_json(std::string(text), "r", {});
    } catch (const Failure& failure) {
        must(std::string_view(failure.what()).starts_with("r: "), "a message names the file");
        return false;
    }
    const std::string once = report::results_json(results);
    must(report::results_json(report::results_from_json(once, "r", {})) == once,
         "results are read as they were written");
    return true;
}

std::vector<std::string> seeds() {
    Results results;
    results.version = "0.1";
    results.command = "run";
    results.verdict = RunVerdict::invalid;
    results.reasons = {"linearizable: key k1"};
    results.events = 12;
    results.checks = {{.name = "linearizable",
                       .detector = "linearizability",
                       .verdict = checker::Verdict::invalid,
                       .reason = "key k1",
                       .details = {"op #1"},
                       .evidence = {1, 2}}};
    results.by_function["read"] = {1, 2, 3};
    results.faults["kill"] = {1, 0, {{"down_ms", 12}}};
    results.elapsed = std::chrono::seconds(3);
    return {report::results_json(results)};
}

std::vector<std::string> tokens() {
    return {"\"verdict\": \"", "valid\"", "unknown\"", "void\"", "\"evidence\": [", "-1", "1e300"};
}

}  // namespace

const Target results{"results", run, seeds, tokens, ""};

}  // namespace squall::fuzz
