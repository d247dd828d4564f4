// Every engine against the definition, for every model: an engine may say that it cannot judge, but
#include "tests/checker/all_operations.hpp"
#include "tests/checker/property_cases.hpp"
// never what trying every order contradicts. SQUALL_PROPERTY_CASES says how many histories of each
// model are drawn (2,000; the long test has 100,000).
#include <algorithm>

#include <gtest/gtest.h>

#include "checker/engines.hpp"
#include "checker/linearizability.hpp"
#include "random_history.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using testing::draw_shape;
using testing::listing;
using testing::random_valid;
using testing::RandomShape;

std::uint64_t cases() {
    return testing::property_cases(2'000);
}

/// Whatever engine judges the one key of the history must say so.
void expect_all(bool valid,
                const Model& model,
                const Value& initial,
                const std::vector<Operation>& operations,
                const std::string& what) {
    const history::CompactHistory compacted = history::compact(operations);
    const history::KeyParts parts = compacted.by_key();
    for (const EngineEntry& engine : engines()) {
        const auto result =
            engine.judge({compacted, parts.parts().front(), model, initial}, Budget{});
        if (result.verdict && result.verdict != Verdict::unknown) {
            EXPECT_EQ(result.verdict == Verdict::valid, valid)
                << engine.name << " of " << what << " from " << to_text(initial) << "\n"
                << listing(operations);
        }
    }
}

Verdict verdict_of(const Model& model,
                   const Value& initial,
                   const std::vector<Operation>& operations) {
    history::CompactHistory compacted = history::compact(operations);
    compacted.initial = initial;
    return check_linearizable(compacted, model, CheckOptions{}).verdict;
}

/// Parameter: the name of the model.
class EveryEngine : public ::testing::TestWithParam<std::string> {
  protected:
    [[nodiscard]] static const Model& model() { return *find_model(GetParam()); }

    static std::string name_of(std::uint64_t seed) {
        return GetParam() + " seed " + std::to_string(seed);
    }
};

TEST_P(EveryEngine, AgreesWithEveryOrder) {
    std::size_t valid = 0;
    for (std::uint64_t seed = 0; seed < cases() && !HasFailure(); ++seed) {
        const RandomShape shape = draw_shape(model(), seed);
        std::vector<Operation> operations = random_valid(shape);
        const bool tampered = seed % 3 != 0;
        if (tampered) {
            testing::tamper(operations, seed);
        }

        const bool expected = by_brute_force(model(), shape.initial, operations);

        valid += expected ? 1 : 0;
        EXPECT_TRUE(expected || tampered) << name_of(seed) << "\n" << listing(operations);
        expect_all(expected, model(), shape.initial, operations, name_of(seed));
    }
    EXPECT_GT(valid, cases() / 4);
    EXPECT_LT(valid, cases() - cases() / 50);
}

TEST_P(EveryEngine, FindsSequentialHistoriesValid) {
    for (std::uint64_t seed = 0; seed < cases() / 10 && !HasFailure(); ++seed) {
        RandomShape shape = draw_shape(model(), seed);
        shape.concurrency = 1;
        shape.operations = 30;
        shape.crash = 0;

        expect_all(true, model(), shape.initial, random_valid(shape), name_of(seed));
    }
}

/// A value that no history of these holds, of the kind that the model's reads return.
Value never_written(const Value& result) {
    if (const auto* list = result.as_list()) {
        Value::List longer = *list;
        longer.push_back(9'999);
        return longer;
    }
    return result.as_string() != nullptr ? Value(std::string("never")) : Value(9'999);
}

TEST_P(EveryEngine, FindsAReadOfWhatWasNeverWrittenInvalid) {
    std::size_t checked = 0;
    for (std::uint64_t seed = 0; seed < cases() && !HasFailure(); ++seed) {
        const RandomShape shape = draw_shape(model(), seed);
        std::vector<Operation> operations = random_valid(shape);
        const auto read =
            std::find_if(operations.begin(), operations.end(), [](const Operation& operation) {
                return operation.outcome == Outcome::ok && !operation.any_result &&
                       (operation.function == "read" || operation.function == "get" ||
                        operation.function == "dequeue");
            });
        if (read == operations.end()) {
            continue;
        }
        read->result = never_written(read->result);
        ++checked;

        EXPECT_FALSE(by_brute_force(model(), shape.initial, operations));
        expect_all(false, model(), shape.initial, operations, name_of(seed));
    }
    EXPECT_TRUE(checked > cases() / 4 || GetParam() == "mutex");
}

/// The operation could have been seen over a longer time.
void widen(std::vector<Operation>& operations, std::size_t which, bool at_the_end) {
    std::uint64_t last = 0;
    for (Operation& operation : operations) {
        ++operation.invoked;
        operation.completed += operation.completed == history::never ? 0 : 1;
        last = std::max(last,
                        std::max(operation.invoked,
                                 operation.completed == history::never ? 0 : operation.completed));
    }
    if (at_the_end) {
        operations[which].completed = last + 1;
        return;
    }
    operations[which].invoked = 0;
    std::rotate(operations.begin(),
                operations.begin() + static_cast<std::ptrdiff_t>(which),
                operations.begin() + static_cast<std::ptrdiff_t>(which) + 1);
}

TEST_P(EveryEngine, KeepsValidWhatIsSeenLongerOrLessCertainly) {
    for (std::uint64_t seed = 0; seed < cases() && !HasFailure(); ++seed) {
        const RandomShape shape = draw_shape(model(), seed);
        std::vector<Operation> operations = random_valid(shape);
        Operation& changed = operations[seed % operations.size()];
        if (changed.outcome != Outcome::ok) {
            continue;
        }
        if (seed % 3 == 0 && !model().is_read(changed)) {
            changed.outcome = Outcome::info;
            changed.completed = history::never;
            changed.result = {};
            changed.any_result = false;
            changed.applied.reset();
        } else {
            widen(operations, seed % operations.size(), seed % 3 == 1);
        }

        EXPECT_TRUE(by_brute_force(model(), shape.initial, operations)) << name_of(seed);
        expect_all(true, model(), shape.initial, operations, name_of(seed));
    }
}

TEST_P(EveryEngine, SeesNoNames) {
    for (std::uint64_t seed = 0; seed < cases() / 4 && !HasFailure(); ++seed) {
        RandomShape shape = draw_shape(model(), seed);
        shape.keys = 3;
        shape.operations = 12;
        std::vector<Operation> operations = random_valid(shape);
        testing::tamper(operations, seed);
        const Verdict before = verdict_of(model(), shape.initial, operations);

        for (Operation& operation : operations) {
            operation.client = 1'000 - operation.client;
            operation.key = std::string(1, static_cast<char>('c' - (operation.key[0] - 'a')));
        }

        EXPECT_EQ(verdict_of(model(), shape.initial, operations), before) << name_of(seed) << "\n"
                                                                          << listing(operations);
    }
}

/// The claim of ModelTraits::unobserved_unknowns_removable.
TEST_P(EveryEngine, MayLeaveOutWhatNobodyObserved) {
    if (!model().traits().unobserved_unknowns_removable) {
        GTEST_SKIP() << "the model does not claim it";
    }
    std::size_t left_out = 0;
    for (std::uint64_t seed = 0; seed < cases() && !HasFailure(); ++seed) {
        RandomShape shape = draw_shape(model(), seed);
        shape.crash = 40;
        std::vector<Operation> operations = random_valid(shape);
        testing::tamper(operations, seed);
        std::erase_if(operations, [](const Operation& operation) {
            return operation.outcome != Outcome::fail && !model().effect(operation);
        });
        const bool expected = by_brute_force(model(), shape.initial, operations);

        const std::vector<Operation> all = operations;
        left_out += std::erase_if(operations, [&](const Operation& operation) {
            const auto observes = [&](const Operation& other) {
                return &other != &operation && other.outcome != Outcome::fail &&
                       other.invoked != operation.invoked &&
                       model().effect(other)->observes == model().effect(operation)->writes;
            };
            return operation.outcome == Outcome::info && !model().is_read(operation) &&
                   std::none_of(all.begin(), all.end(), observes);
        });

        EXPECT_EQ(by_brute_force(model(), shape.initial, operations), expected)
            << name_of(seed) << "\n"
            << listing(all);
    }
    EXPECT_TRUE(left_out > cases() / 20 || GetParam() == "mutex");
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const Model* model : models()) {
        all.emplace_back(model->name());
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Models, EveryEngine, ::testing::ValuesIn(names()), [](const auto& each) {
    std::string name = each.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace squall::checker
