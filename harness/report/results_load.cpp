#include "harness/report/results_load.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t depth_max = 16;

template <typename Enum, std::size_t count>
Enum one_of(const std::array<Enum, count>& all, const std::string& text) {
    for (const Enum value : all) {
        if (text == to_string(value)) {
            return value;
        }
    }
    throw Failure("there is no verdict " + history::printable(text));
}

/// The library turns any number into any other.
template <typename Integer>
Integer integer(const Json& json) {
    const bool fits =
        json.is_number_unsigned()
            ? std::in_range<Integer>(json.get<std::uint64_t>())
            : json.is_number_integer() && std::in_range<Integer>(json.get<std::int64_t>());
    if (!fits) {
        throw Failure("a number is not whole or out of range");
    }
    return json.get<Integer>();
}

std::uint64_t count_from(const Json& json) {
    return integer<std::uint64_t>(json);
}

Duration from_ms(const Json& json) {
    constexpr double year = 365.0 * 86'400'000;
    const auto ms = json.get<double>();
    if (!(ms >= 0 && ms <= year)) {
        throw Failure("a duration is not from 0 to a year");
    }
    return Duration(std::llround(ms * 1e6));
}

OperationCounts counts_from(const Json& json) {
    return {count_from(json.at("ok")), count_from(json.at("fail")), count_from(json.at("info"))};
}

std::vector<std::uint64_t> evidence_from(const Json& json) {
    std::vector<std::uint64_t> evidence;
    for (const Json& event : json) {
        evidence.push_back(count_from(event));
    }
    return evidence;
}

std::map<std::string, std::int64_t> effect_from(const Json& json) {
    std::map<std::string, std::int64_t> effect;
    for (const auto& [what, amount] : json.items()) {
        effect[what] = integer<std::int64_t>(amount);
    }
    return effect;
}

std::optional<checker::PartialLinearization> linearization_from(const Json& check) {
    const auto found = check.find("linearization");
    if (found == check.end()) {
        return std::nullopt;
    }
    checker::PartialLinearization linearization;
    linearization.initial = found->at("initial").get<std::string>();
    for (const Json& step : found->at("steps")) {
        linearization.steps.push_back({count_from(step.at(0)), step.at(1).get<std::string>()});
    }
    for (const Json& operation : found->at("blocked")) {
        linearization.blocked.push_back(
            {count_from(operation.at(0)), operation.at(1).get<std::string>()});
    }
    return linearization;
}

checker::Check check_from(const Json& json) {
    using checker::Verdict;
    constexpr std::array verdicts{Verdict::valid, Verdict::unknown, Verdict::invalid};
    const Json& spent = json.at("budget_used");
    return {.name = json.at("name").get<std::string>(),
            .detector = json.at("detector").get<std::string>(),
            .verdict = one_of(verdicts, json.at("verdict").get<std::string>()),
            .reason = json.at("reason").get<std::string>(),
            .details = json.at("details").get<std::vector<std::string>>(),
            .evidence = evidence_from(json.at("evidence")),
            .linearization = linearization_from(json),
            .spent = {count_from(spent.at("steps")), count_from(spent.at("bytes"))}};
}

RunSize size_from(const Json& json) {
    return {.faults = count_from(json.at("faults")),
            .operations = count_from(json.at("operations")),
            .nodes = integer<std::uint32_t>(json.at("nodes")),
            .length = from_ms(json.at("time_limit_ms"))};
}

std::optional<Shrinkage> shrinkage_from(const Json& results, const char* key) {
    const auto found = results.find(key);
    if (found == results.end()) {
        return std::nullopt;
    }
    return Shrinkage{.before = size_from(found->at("before")),
                     .after = size_from(found->at("after")),
                     .complete = found->at("complete").get<bool>(),
                     .failed = count_from(found->at("failed")),
                     .runs = count_from(found->at("runs"))};
}

void read_happenings(const Json& json, Results& results) {
    const Json& operations = json.at("operations");
    results.operations = counts_from(operations.at("main"));
    results.final_reads = counts_from(operations.at("final_reads"));
    for (const auto& [function, counts] : operations.at("by_function").items()) {
        results.by_function[function] = counts_from(counts);
    }
    for (const auto& [name, fault] : json.at("faults").items()) {
        results.faults[name] = {count_from(fault.at("injected")),
                                count_from(fault.at("skipped")),
                                effect_from(fault.at("effect"))};
    }
    const Json& timings = json.at("timings");
    results.elapsed = from_ms(timings.at("elapsed_ms"));
    // Absent in runs that were kept before it was recorded.
    const auto origin = timings.contains("monotonic_origin_ns")
                            ? integer<std::int64_t>(timings.at("monotonic_origin_ns"))
                            : 0;
    if (origin < 0) {
        throw Failure("monotonic_origin_ns is negative");
    }
    results.monotonic_origin = Time(origin);
    results.operations_per_second = timings.at("ok_operations_per_second").get<double>();
    results.lag = {from_ms(timings.at("loop_lag_max_ms")),
                   from_ms(timings.at("loop_lag_recovery_max_ms")),
                   timings.at("cpu_steal").get<double>()};
}

}  // namespace

Results results_from_json(const std::string& text, const std::string& name, Plan plan) {
    constexpr std::array verdicts{
        RunVerdict::valid, RunVerdict::unknown, RunVerdict::invalid, RunVerdict::void_run};
    Results results;
    results.plan = std::move(plan);
    try {
        if (history::nests_deeper(text, depth_max)) {
            throw Failure("JSON deeper than " + std::to_string(depth_max));
        }
        const Json json = Json::parse(text, nullptr, false);
        if (json.is_discarded()) {
            throw Failure(history::why_not_json(text));
        }
        if (integer<int>(json.at("squall_results")) != results_version) {
            throw Failure("this program reads version " + std::to_string(results_version));
        }
        results.version = json.at("version").get<std::string>();
        results.command = json.at("command").get<std::string>();
        results.verdict = one_of(verdicts, json.at("verdict").get<std::string>());
        results.reasons = json.at("reasons").get<std::vector<std::string>>();
        results.events = count_from(json.at("events"));
        for (const Json& check : json.at("checks")) {
            results.checks.push_back(check_from(check));
        }
        read_happenings(json, results);
        results.plan_given = json.value("plan_given", false);
        if (const auto measured = json.find("reproduction"); measured != json.end()) {
            results.reproduction =
                Reproduction{.check = measured->at("check").get<std::string>(),
                             .failed = count_from(measured->at("failed")),
                             .runs = count_from(measured->at("runs")),
                             .failed_before = count_from(measured->at("failed_before")),
                             .runs_before = count_from(measured->at("runs_before"))};
        }
        results.shrunk_to = shrinkage_from(json, "shrunk_to");
        results.shrunk_from = shrinkage_from(json, "shrunk_from");
    } catch (const std::exception& error) {
        throw Failure(name + ": not the results of a run: " + error.what());
    }
    return results;
}

}  // namespace squall::harness::report
