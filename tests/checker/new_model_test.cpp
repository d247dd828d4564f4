// How to add a model: this file's class would go to checker/max_register_model.cpp with a line in
// models.cpp, and nothing else would change: the search judges any model. docs/extending.md shows
// it.
#include <algorithm>

#include <gtest/gtest.h>

#include "checker/linearizability.hpp"
#include "single_operation.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using testing::done;
using testing::open;
using testing::unrecorded;

/// The largest number ever written.
class MaxRegisterModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "max-register"; }

    [[nodiscard]] State initial() const override { return 0; }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const Operation& operation) const override {
        if (operation.function == "write") {
            return std::max(state, operation.argument);
        }
        const bool known = operation.outcome == Outcome::ok && !operation.any_result;
        return known && operation.result != state ? std::nullopt : std::optional{state};
    }

    [[nodiscard]] bool is_read(const Operation& operation) const override {
        return operation.function == "read";
    }

    [[nodiscard]] std::optional<std::string> reject(const Operation& operation) const override {
        if (operation.function == "write") {
            return operation.argument.as_int() == nullptr
                       ? std::optional<std::string>("a write of no integer")
                       : std::nullopt;
        }
        return is_read(operation) ? std::nullopt
                                  : std::optional<std::string>("neither read nor write");
    }
};

/// One after the other.
std::vector<Operation> in_order(std::vector<Operation> operations) {
    std::uint64_t event = 0;
    for (Operation& operation : operations) {
        operation.key = std::string("x");
        operation.client = static_cast<history::ClientId>(event);
        operation.invoked = event++;
        operation.completed = operation.outcome == Outcome::ok ? event++ : history::never;
    }
    return operations;
}

Verdict verdict_of(const std::vector<Operation>& operations) {
    return check_linearizable(in_order(operations), MaxRegisterModel{}, Budget{}).verdict;
}

TEST(NewModel, IsJudgedLikeTheOthers) {
    EXPECT_EQ(verdict_of({done("write", 5), done("write", 3), done("read", {}, 5)}),
              Verdict::valid);
    EXPECT_EQ(verdict_of({done("write", 5), done("write", 3), done("read", {}, 3)}),
              Verdict::invalid);
    EXPECT_EQ(verdict_of({open("write", 5), done("read", {}, 0), done("read", {}, 5)}),
              Verdict::valid);
    EXPECT_EQ(verdict_of({done("write", 5), unrecorded(done("read"))}), Verdict::valid);
    EXPECT_EQ(verdict_of({done("push", 5)}), Verdict::unknown);
}

}  // namespace
}  // namespace squall::checker
