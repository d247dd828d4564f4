// The searches against each other and against brute force, which shares nothing with them but the
#include "tests/checker/property_cases.hpp"
// models. SQUALL_PROPERTY_CASES says how many histories of each.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "checker/brute_force.hpp"
#include "checker/explain.hpp"
#include "checker/search.hpp"
#include "drawn_history.hpp"
#include "history/compact_history.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using testing::draw_history;
using testing::DrawnShape;

constexpr SearchMethod methods[] = {
    SearchMethod::race, SearchMethod::layered, SearchMethod::depth_first};

/// What a search takes before it looks at its budget.
constexpr std::uint64_t bytes_min = std::uint64_t{512} << 10U;

std::uint64_t histories() {
    return testing::property_cases(2'000);
}

/// Shapes from nearly sequential ones to everything at once.
DrawnShape shape_of(std::uint64_t seed) {
    return {.seed = seed,
            .operations = 3 + seed % 5,
            .concurrency = 1 + seed / 3 % 5,
            .crash = seed % 2 == 0 ? 0.0 : 0.35,
            .wrong = seed % 7 == 0 ? 0.0 : 0.15,
            .values = 2 + seed / 5 % 2};
}

std::string listing(const std::vector<Operation>& operations) {
    std::string text;
    for (const Operation& operation : operations) {
        text += line_of(operation);
        text += operation.any_result ? std::string(" (any result)\n") : std::string("\n");
    }
    return text;
}

/// As if the history had ended after the event.
std::vector<Operation> cut_off(std::vector<Operation> operations, std::uint64_t cut) {
    std::erase_if(operations, [&](const Operation& operation) { return operation.invoked > cut; });
    for (Operation& operation : operations) {
        if (operation.outcome == Outcome::ok && operation.completed > cut) {
            operation.outcome = Outcome::info;
            operation.completed = history::never;
            operation.result = {};
            operation.applied.reset();
            operation.any_result = false;
        }
    }
    return operations;
}

Verdict by_brute_force(const std::vector<Operation>& operations, const Model& model) {
    std::vector<const Operation*> pointers;
    for (const Operation& operation : operations) {
        pointers.push_back(&operation);
    }
    return linearizable_by_brute_force(pointers, model) ? Verdict::valid : Verdict::invalid;
}

EngineResult by_search(const std::vector<Operation>& operations,
                       const Model& model,
                       SearchMethod method,
                       const Budget& budget = {},
                       history::EventIndex cut = history::never_completed) {
    const history::CompactHistory history = history::compact(operations);
    const history::KeyParts parts = history.by_key();
    return search(
        KeyProblem{history, parts.parts().front(), model, model.initial(), cut}, budget, method);
}

class SearchOf : public ::testing::TestWithParam<const Model*> {};

TEST_P(SearchOf, SmallHistoriesAgreesWithBruteForce) {
    const Model& model = *GetParam();
    std::uint64_t valid = 0;
    for (std::uint64_t seed = 0; seed < histories(); ++seed) {
        const std::vector<Operation> operations = draw_history(model, shape_of(seed));
        const Verdict expected = by_brute_force(operations, model);
        valid += expected == Verdict::valid ? 1 : 0;
        for (const SearchMethod method : methods) {
            ASSERT_EQ(by_search(operations, model, method).verdict, expected)
                << "seed " << seed << " method " << static_cast<int>(method) << "\n"
                << listing(operations);
        }
    }
    EXPECT_GT(valid, histories() / 5);
    EXPECT_LT(valid, histories() - histories() / 20);
}

TEST_P(SearchOf, CutHistoriesAgreesWithBruteForce) {
    const Model& model = *GetParam();
    for (std::uint64_t seed = 0; seed < histories(); ++seed) {
        const std::vector<Operation> operations = draw_history(model, shape_of(seed));
        const auto cut = static_cast<history::EventIndex>(seed * 7 % (2 * operations.size()));
        const std::vector<Operation> begun = cut_off(operations, cut);
        if (begun.empty()) {
            continue;
        }
        const Verdict expected = by_brute_force(begun, model);
        for (const SearchMethod method : methods) {
            ASSERT_EQ(by_search(operations, model, method, {}, cut).verdict, expected)
                << "seed " << seed << " cut " << cut << " method " << static_cast<int>(method)
                << "\n"
                << listing(operations);
        }
    }
}

TEST_P(SearchOf, LargerHistoriesAgreesWithItself) {
    const Model& model = *GetParam();
    for (std::uint64_t seed = 0; seed < histories() / 10; ++seed) {
        DrawnShape shape = shape_of(seed);
        shape.operations = 20 + seed % 60;
        shape.concurrency = 2 + seed % 7;
        shape.crash /= 4;
        shape.wrong = seed % 2 == 0 ? 0.0 : 0.01;
        const std::vector<Operation> operations = draw_history(model, shape);
        const Budget budget{30'000, std::uint64_t{64} << 20U};
        const auto layered = by_search(operations, model, SearchMethod::layered, budget);
        const auto depth = by_search(operations, model, SearchMethod::depth_first, budget);
        const auto race = by_search(operations, model, SearchMethod::race, budget);

        const Verdict known =
            layered.verdict == Verdict::unknown ? *depth.verdict : *layered.verdict;
        if (layered.verdict != Verdict::unknown && depth.verdict != Verdict::unknown) {
            ASSERT_EQ(layered.verdict, depth.verdict) << "seed " << seed << "\n"
                                                      << listing(operations);
        }
        if (race.verdict != Verdict::unknown && known != Verdict::unknown) {
            ASSERT_EQ(race.verdict, known) << "seed " << seed << "\n" << listing(operations);
        }
        if (shape.wrong == 0) {
            ASSERT_NE(race.verdict, Verdict::invalid) << "seed " << seed << "\n"
                                                      << listing(operations);
        }
    }
}

TEST_P(SearchOf, AnyBudgetIsRightOrUnknown) {
    const Model& model = *GetParam();
    for (std::uint64_t seed = 0; seed < histories() / 50; ++seed) {
        DrawnShape shape = shape_of(seed);
        shape.operations = 30;
        shape.concurrency = 5;
        shape.crash /= 4;
        shape.wrong = seed % 2 == 0 ? 0.0 : 0.02;
        const std::vector<Operation> operations = draw_history(model, shape);
        for (const SearchMethod method : methods) {
            const Budget large{20'000, std::uint64_t{16} << 20U};
            const Verdict expected = *by_search(operations, model, method, large).verdict;
            if (expected == Verdict::unknown) {
                continue;
            }
            for (std::uint64_t steps = 1; steps < large.steps; steps *= 5) {
                const auto result = by_search(operations, model, method, {steps, large.bytes});
                ASSERT_TRUE(result.verdict == expected || result.verdict == Verdict::unknown);
                ASSERT_EQ(result.verdict == Verdict::unknown, !result.reason.empty());
            }
            for (std::uint64_t bytes = 1; bytes < large.bytes; bytes *= 3) {
                const auto result = by_search(operations, model, method, {large.steps, bytes});
                ASSERT_LE(result.spent.bytes, std::max(bytes + bytes / 10, bytes_min));
                ASSERT_TRUE(result.verdict == expected || result.verdict == Verdict::unknown);
                ASSERT_EQ(result.verdict == Verdict::unknown, !result.reason.empty());
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Models,
                         SearchOf,
                         ::testing::ValuesIn(models().begin(), models().end()),
                         [](const auto& model) {
                             std::string name(model.param->name());
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace squall::checker
