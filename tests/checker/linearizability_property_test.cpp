#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "checker/brute_force.hpp"
#include "checker/explain.hpp"
#include "checker/linearizability.hpp"
#include "checker/register_model.hpp"
#include "generated_history.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using testing::generate_arbitrary;
using testing::generate_valid;
using testing::GeneratedShape;
using testing::make_stale;

const RegisterModel register_model;

/// The register without what lets an engine prune.
class OpaqueRegister : public RegisterModel {
  public:
    [[nodiscard]] ModelTraits traits() const override { return {}; }

    [[nodiscard]] std::optional<Effect> effect(const Operation& /*operation*/) const override {
        return std::nullopt;
    }
};

/// The definition, once more and as plainly as can be: some subset of the operations of unknown
/// outcome, together with all that are ok, has a permutation that respects real time and in which
/// every result is what a register would have given.
bool oracle(const std::vector<Operation>& operations) {
    std::vector<const Operation*> certain;
    std::vector<const Operation*> unknown;
    for (const Operation& operation : operations) {
        if (operation.outcome != Outcome::fail) {
            (operation.outcome == Outcome::ok ? certain : unknown).push_back(&operation);
        }
    }
    const auto explains = [](const std::vector<const Operation*>& order) {
        history::Value state;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const Operation& operation = *order[i];
            for (std::size_t j = i + 1; j < order.size(); ++j) {
                if (order[j]->completed < operation.invoked) {
                    return false;
                }
            }
            const bool ok = operation.outcome == Outcome::ok;
            if (operation.function == "read") {
                if (ok && operation.result != state) {
                    return false;
                }
            } else if (operation.function == "write") {
                state = operation.argument;
            } else {
                const auto& arguments = *operation.argument.as_list();
                const bool applies = state == arguments[0];
                if (ok &&
                    (applies != *operation.applied || (!applies && state != operation.result))) {
                    return false;
                }
                state = applies ? arguments[1] : state;
            }
        }
        return true;
    };
    for (std::size_t subset = 0; subset < std::size_t{1} << unknown.size(); ++subset) {
        std::vector<const Operation*> order = certain;
        for (std::size_t i = 0; i < unknown.size(); ++i) {
            if ((subset >> i & 1U) != 0) {
                order.push_back(unknown[i]);
            }
        }
        std::sort(order.begin(), order.end());
        do {
            if (explains(order)) {
                return true;
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }
    return false;
}

std::string listing(const std::vector<Operation>& operations) {
    std::string text;
    for (const Operation& operation : operations) {
        text += line_of(operation);
        text += '\n';
    }
    return text;
}

/// The history as it stood after event `cut`. What failed later is known to have had no effect.
std::vector<Operation> prefix_of(const std::vector<Operation>& operations, std::uint64_t cut) {
    std::vector<Operation> prefix;
    for (const Operation& operation : operations) {
        if (operation.invoked > cut) {
            continue;
        }
        Operation& copy = prefix.emplace_back(operation);
        if (copy.outcome == Outcome::ok && copy.completed > cut) {
            copy.outcome = Outcome::info;
            copy.completed = history::never;
            copy.result = {};
            copy.applied.reset();
        }
    }
    return prefix;
}

TEST(LinearizabilityProperty, AgreesWithTheDefinitionOnSmallHistories) {
    const OpaqueRegister opaque;
    std::size_t valid = 0;
    std::size_t invalid = 0;

    for (std::uint64_t seed = 0; seed < 15'000; ++seed) {
        const std::vector<Operation> operations = generate_arbitrary(seed, 3 + seed % 4);
        const bool expected = oracle(operations);
        (expected ? valid : invalid) += 1;
        std::vector<const Operation*> pointers;
        for (const Operation& operation : operations) {
            pointers.push_back(&operation);
        }

        const auto verdict = expected ? Verdict::valid : Verdict::invalid;
        const auto result = check_linearizable(operations, register_model, Budget{});
        ASSERT_EQ(result.verdict, verdict) << "seed " << seed << "\n" << listing(operations);
        ASSERT_EQ(check_linearizable(operations, opaque, Budget{}).verdict, verdict)
            << "seed " << seed << " without effects\n"
            << listing(operations);
        ASSERT_EQ(linearizable_by_brute_force(pointers, register_model), expected)
            << "seed " << seed << " by brute force\n"
            << listing(operations);
        if (!expected) {
            ASSERT_FALSE(oracle(result.counterexample->core)) << "seed " << seed << " core of\n"
                                                              << listing(operations);
            ASSERT_FALSE(oracle(prefix_of(operations, result.counterexample->cut)))
                << "seed " << seed << " prefix of\n"
                << listing(operations);
        }
    }

    EXPECT_GT(valid, 4'000U);
    EXPECT_GT(invalid, 4'000U);
}

TEST(LinearizabilityProperty, TheShortestBadPrefixIsTheShortest) {
    std::size_t checked = 0;
    for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
        const std::vector<Operation> operations = generate_arbitrary(seed, 6);
        const auto result = check_linearizable(operations, register_model, Budget{});
        if (result.verdict != Verdict::invalid) {
            continue;
        }
        std::vector<Operation> shorter = prefix_of(operations, result.counterexample->cut);
        const auto last = std::max_element(
            shorter.begin(), shorter.end(), [](const Operation& a, const Operation& b) {
                return (a.outcome == Outcome::ok ? a.completed : 0) <
                       (b.outcome == Outcome::ok ? b.completed : 0);
            });
        last->outcome = Outcome::info;
        last->completed = history::never;
        last->applied.reset();

        ASSERT_TRUE(oracle(shorter)) << "seed " << seed << "\n" << listing(operations);
        ++checked;
    }
    EXPECT_GT(checked, 500U);
}

TEST(LinearizabilityProperty, TheCoreIsMinimal) {
    for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
        const std::vector<Operation> operations = generate_arbitrary(seed, 6);
        const auto result = check_linearizable(operations, register_model, Budget{});
        if (result.verdict != Verdict::invalid) {
            continue;
        }
        for (std::size_t i = 0; i < result.counterexample->core.size(); ++i) {
            std::vector<Operation> rest = result.counterexample->core;
            if (!register_model.is_read(rest[i]) || rest[i].outcome != Outcome::ok) {
                continue;
            }
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
            ASSERT_TRUE(oracle(rest)) << "seed " << seed << "\n" << listing(operations);
        }
    }
}

class LongHistories : public ::testing::TestWithParam<GeneratedShape> {};

TEST_P(LongHistories, OfAnAtomicRegisterAreValid) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        GeneratedShape shape = GetParam();
        shape.seed = seed;

        const auto result = check_linearizable(generate_valid(shape), register_model, Budget{});

        ASSERT_EQ(result.verdict, Verdict::valid) << "seed " << seed << " " << result.reason;
    }
}

TEST_P(LongHistories, WithOneStaleReadAreInvalid) {
    if (GetParam().values != 0) {
        GTEST_SKIP() << "a repeated value may be read again";
    }
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        GeneratedShape shape = GetParam();
        shape.seed = seed;
        std::vector<Operation> operations = generate_valid(shape);
        ASSERT_TRUE(make_stale(operations));

        const auto result = check_linearizable(operations, register_model, Budget{});

        ASSERT_EQ(result.verdict, Verdict::invalid) << "seed " << seed << " " << result.reason;
        EXPECT_LE(result.counterexample->core.size(), 8U) << result.reason;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    LongHistories,
    ::testing::Values(GeneratedShape{.operations = 300, .concurrency = 1},
                      GeneratedShape{.operations = 500, .concurrency = 5},
                      GeneratedShape{.operations = 500, .concurrency = 20},
                      GeneratedShape{.operations = 500, .concurrency = 20, .crash = 0.1},
                      GeneratedShape{.operations = 500, .concurrency = 40, .crash = 0.2},
                      GeneratedShape{.operations = 3000, .concurrency = 10, .crash = 0.05},
                      GeneratedShape{.operations = 300, .concurrency = 5, .values = 5},
                      GeneratedShape{
                          .operations = 300, .concurrency = 10, .crash = 0.05, .values = 5}));

RC_GTEST_PROP(LinearizabilityProperty,
              AReadOfACertainlyOverwrittenValueIsInvalid,
              (std::uint64_t seed)) {
    std::vector<Operation> operations =
        generate_valid({.seed = seed, .operations = 60, .concurrency = 6, .crash = 0.1});
    RC_PRE(make_stale(operations));

    const auto result = check_linearizable(operations, register_model, Budget{});

    RC_ASSERT(result.verdict == Verdict::invalid);
}

RC_GTEST_PROP(LinearizabilityProperty, IsDeterministic, (std::uint64_t seed)) {
    const std::vector<Operation> operations = generate_arbitrary(seed, 12);

    const auto first = linearizability_check(operations, register_model, Budget{});
    const auto second = linearizability_check(operations, register_model, Budget{});

    RC_ASSERT(first.reason == second.reason);
    RC_ASSERT(first.details == second.details);
    RC_ASSERT(first.spent.steps == second.spent.steps);
}

}  // namespace
}  // namespace squall::checker
