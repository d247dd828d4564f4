#include "tests/harness/properties/checked_plans.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unordered_map>

#include "harness/judge.hpp"
#include "harness/sim/simulate.hpp"

namespace squall::harness::properties {

namespace {

/// Remembers the last accepted of all failing plans: RapidCheck goes on from each that fails.
class Observer {
  public:
    Observer(Checked& checked, std::string file) : checked_(checked), file_(std::move(file)) {}

    void operator()(const Plan& plan) const {
        const Results results = simulated(plan);
        ++checked_.runs;
        if (!failed(results)) {
            for (const auto& [name, summary] : results.faults) {
                checked_.injected += summary.injected;
            }
            checked_.ok += results.operations.ok;
            return;
        }
        if (!checked_.first) {
            checked_.first = plan;
        }
        checked_.shrunk = plan;
        std::ofstream(file_) << to_json(plan);
        RC_FAIL(results.reasons.front() + "\nscripts/squall sim --plan " +
                std::filesystem::absolute(file_).string());
    }

  private:
    Checked& checked_;
    std::string file_;
};

int asked_cases(int otherwise) {
    const char* asked = std::getenv("SQUALL_PROPERTY_CASES");
    return asked != nullptr ? std::atoi(asked) : otherwise;
}

/// Says how to run a failing case again, and nothing else.
class Hint : public rc::detail::TestListener {
  public:
    void onTestCaseFinished(const rc::detail::CaseDescription& /*description*/) override {}

    void onShrinkTried(const rc::detail::CaseDescription& /*shrink*/, bool /*accepted*/) override {}

    void onTestFinished(const rc::detail::TestMetadata& metadata,
                        const rc::detail::TestResult& result) override {
        if (result.is<rc::detail::FailureResult>()) {
            rc::detail::Configuration again;
            again.reproduce[metadata.id] = result.get<rc::detail::FailureResult>().reproduce;
            text = "RC_PARAMS=\"" + rc::detail::configToMinimalString(again) +
                   "\" runs what is left of it again\n";
        }
    }

    std::string text;
};

}  // namespace

Results simulated(const Plan& plan) {
    return judge(sim::simulate(plan).record, {.version = "property", .command = "sim"});
}

bool failed(const Results& results) {
    return results.verdict == RunVerdict::invalid || results.verdict == RunVerdict::void_run;
}

Checked check_plans(const rc::Gen<Plan>& plans,
                    const std::string& name,
                    int cases,
                    const std::string& file,
                    std::optional<std::uint64_t> seed) {
    Checked checked;
    const Observer observer(checked, file);
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    params.maxSuccess = seed ? cases : asked_cases(cases);
    params.seed = seed.value_or(params.seed);
    std::cout << "property " << name << ": seed " << params.seed << "\n";
    Hint hint;
    const auto result =
        rc::detail::checkProperty(rc::detail::toProperty([&] { observer(*plans); }),
                                  {name, name},
                                  params,
                                  hint,
                                  seed ? std::unordered_map<std::string, rc::detail::Reproduce>{}
                                       : rc::detail::configuration().reproduce);
    checked.passed = result.is<rc::detail::SuccessResult>();
    if (checked.passed) {
        checked.cases = result.get<rc::detail::SuccessResult>().numSuccess;
    } else if (result.is<rc::detail::FailureResult>()) {
        checked.cases = result.get<rc::detail::FailureResult>().numSuccess;
    }
    std::ostringstream report;
    rc::detail::printResultMessage(result, report);
    checked.report = report.str() + "\n" + hint.text;
    return checked;
}

}  // namespace squall::harness::properties
