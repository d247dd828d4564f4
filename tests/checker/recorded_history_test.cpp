// Histories with known verdicts, made and judged by others. They lie beside the source tree, not in
// it; where they are missing the test is skipped.
#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "checker/linearizability.hpp"
#include "checker/register_model.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using Json = nlohmann::json;

/// These registers begin with 0.
class ZeroRegister : public RegisterModel {
  public:
    [[nodiscard]] State initial() const override { return 0; }
};

Value number(const std::string& text) {
    return std::int64_t{std::atoll(text.c_str())};
}

/// Events are [type, process, function, key, a, b]. A failed cas carries no value and is dropped as
/// certainly not applied.
std::vector<Operation> operations_of(const Json& events) {
    std::vector<Operation> operations;
    std::map<std::string, std::size_t> open;
    std::uint64_t index = 0;
    for (const Json& event : events) {
        const std::string type = event[0];
        const std::string process = event[1];
        if (type == "I") {
            open[process] = operations.size();
            Operation operation;
            operation.invoked = index;
            operation.function = event[2];
            operation.key = event[3];
            if (operation.function == "write") {
                operation.argument =
                    number(event[4].get<std::string>() + event[5].get<std::string>());
            } else if (operation.function == "cas") {
                operation.argument = Value::List{number(event[4]), number(event[5])};
            }
            operations.push_back(std::move(operation));
        } else if (type != "X") {
            Operation& operation = operations[open[process]];
            operation.completed = index;
            operation.outcome = type == "O" ? Outcome::ok : Outcome::fail;
            if (operation.outcome == Outcome::ok && operation.function == "read") {
                operation.result = number(event[4]);
            } else if (operation.outcome == Outcome::ok && operation.function == "cas") {
                operation.applied = true;
            }
        }
        ++index;
    }
    return operations;
}

TEST(RecordedHistories, HaveTheirKnownVerdicts) {
    std::ifstream in(std::string{SQUALL_SHARED_DATA} + "/histories/synthetic/fuzz_dev.jsonl");
    if (!in) {
        GTEST_SKIP() << "no recorded histories at " << SQUALL_SHARED_DATA;
    }
    const ZeroRegister model;
    std::map<Verdict, int> seen;

    for (std::string line; std::getline(in, line);) {
        const Json history = Json::parse(line);
        const bool valid = history["linearizable_failed_dropped"];
        const auto operations = operations_of(history["events"]);

        const auto result = check_linearizable(operations, model, Budget{});

        EXPECT_EQ(result.verdict, valid ? Verdict::valid : Verdict::invalid)
            << history["id"] << " " << result.reason;
        ++seen[result.verdict];
    }

    EXPECT_GT(seen[Verdict::valid], 50);
    EXPECT_GT(seen[Verdict::invalid], 50);
}

}  // namespace
}  // namespace squall::checker
