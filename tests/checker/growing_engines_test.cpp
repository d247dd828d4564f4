// The engines for objects that only grow, against every order.
#include <gtest/gtest.h>

#include "checker/counter_engine.hpp"
#include "checker/set_engine.hpp"
#include "random_history.hpp"
#include "tests/checker/all_operations.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::OperationId;
using history::Outcome;
using history::Value;
using testing::draw_shape;
using testing::listing;
using testing::random_valid;
using testing::RandomShape;

using Engine = EngineResult (*)(const KeyProblem&);

/// Asks the engine about a history of one key.
EngineResult ask(Engine engine,
                 const Model& model,
                 const Value& initial,
                 const std::vector<Operation>& operations,
                 history::EventIndex cut = history::never_completed) {
    const history::CompactHistory compacted = history::compact(operations);
    const history::KeyParts parts = compacted.by_key();
    return engine({compacted, parts.parts().front(), model, initial, cut});
}

/// Does the witness hold every certain operation, in an order that real time and the model allow?
bool explains(const std::vector<OperationId>& witness,
              const Model& model,
              Value state,
              const std::vector<Operation>& operations) {
    std::vector<bool> there(operations.size());
    for (std::size_t i = 0; i < witness.size(); ++i) {
        const Operation& operation = operations[witness[i]];
        for (std::size_t j = i + 1; j < witness.size(); ++j) {
            const Operation& later = operations[witness[j]];
            if (later.outcome == Outcome::ok && later.completed < operation.invoked) {
                return false;
            }
        }
        const auto after = model.apply(state, operation);
        if (!after || there[witness[i]] || operation.outcome == Outcome::fail) {
            return false;
        }
        state = *after;
        there[witness[i]] = true;
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].outcome == Outcome::ok && !there[i]) {
            return false;
        }
    }
    return true;
}

struct Seen {
    std::size_t valid = 0;
    std::size_t invalid = 0;
    std::size_t not_applicable = 0;
};

Seen compare(Engine engine, const char* name, std::uint64_t seeds) {
    const Model& model = *find_model(name);
    Seen seen;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const RandomShape shape = draw_shape(model, seed);
        std::vector<Operation> operations = random_valid(shape);
        if (seed % 4 != 0) {
            testing::tamper(operations, seed);
        }

        const EngineResult result = ask(engine, model, shape.initial, operations);

        if (!result.verdict) {
            ++seen.not_applicable;
            continue;
        }
        const bool expected = by_brute_force(model, shape.initial, operations);
        (expected ? seen.valid : seen.invalid) += 1;
        EXPECT_EQ(*result.verdict, expected ? Verdict::valid : Verdict::invalid)
            << "seed " << seed << " from " << to_text(shape.initial) << "\n"
            << listing(operations);
        if (expected) {
            EXPECT_TRUE(explains(result.witness, model, shape.initial, operations))
                << "the witness of seed " << seed << "\n"
                << listing(operations);
        }
        if (::testing::Test::HasFailure()) {
            break;
        }
    }
    return seen;
}

TEST(SetEngine, AgreesWithEveryOrder) {
    const Seen seen = compare(judge_set, "set", 20'000);

    EXPECT_GT(seen.valid, 4'000U);
    EXPECT_GT(seen.invalid, 1'000U);
    EXPECT_GT(seen.not_applicable, 2'000U);
}

TEST(CounterEngine, AgreesWithEveryOrder) {
    const Seen seen = compare(judge_counter, "counter", 20'000);

    EXPECT_GT(seen.valid, 4'000U);
    EXPECT_GT(seen.invalid, 1'000U);
    EXPECT_GT(seen.not_applicable, 2'000U);
}

TEST(GrowingEngines, LookNoFurtherThanTheCut) {
    for (const auto& [engine, name] :
         {std::pair<Engine, const char*>{judge_set, "set"}, {judge_counter, "counter"}}) {
        const Model& model = *find_model(name);
        for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
            const RandomShape shape = draw_shape(model, seed);
            std::vector<Operation> operations = random_valid(shape);
            testing::tamper(operations, seed);
            const auto cut = static_cast<history::EventIndex>(2 + seed % 12);
            std::vector<Operation> cut_off;
            for (Operation operation : operations) {
                if (operation.outcome == Outcome::ok && operation.completed > cut) {
                    operation.outcome = Outcome::info;
                    operation.completed = history::never;
                }
                if (operation.invoked <= cut) {
                    cut_off.push_back(operation);
                }
            }

            const EngineResult result = ask(engine, model, shape.initial, operations, cut);

            if (result.verdict) {
                ASSERT_EQ(*result.verdict == Verdict::valid,
                          by_brute_force(model, shape.initial, cut_off))
                    << name << " seed " << seed << "\n"
                    << listing(cut_off);
            }
        }
    }
}

TEST(GrowingEngines, LongHistoriesAreValidUntilOneResultIsChanged) {
    for (const auto& [engine, name] :
         {std::pair<Engine, const char*>{judge_set, "set"}, {judge_counter, "counter"}}) {
        RandomShape shape;
        shape.model = find_model(name);
        shape.initial = shape.model->initial();
        shape.seed = 2;
        shape.operations = 3'000;
        shape.concurrency = 20;
        shape.crash = 5;
        std::vector<Operation> operations = random_valid(shape);

        EXPECT_EQ(ask(engine, *shape.model, shape.initial, operations).verdict, Verdict::valid)
            << name;

        // The last read sees what the first one saw.
        Operation* first = nullptr;
        Operation* last = nullptr;
        for (Operation& operation : operations) {
            if (operation.function == "read" && operation.outcome == Outcome::ok) {
                first = first == nullptr ? &operation : first;
                last = &operation;
            }
        }
        last->result = first->result;
        EXPECT_EQ(ask(engine, *shape.model, shape.initial, operations).verdict, Verdict::invalid)
            << name;
    }
}

TEST(GrowingEngines, LeaveOtherModelsAlone) {
    const std::vector<Operation> operations =
        random_valid(draw_shape(*find_model("append-list"), 1));

    for (const Engine engine : {judge_set, judge_counter}) {
        const auto result = ask(engine, *find_model("append-list"), {}, operations);
        EXPECT_FALSE(result.verdict);
        EXPECT_FALSE(result.reason.empty());
    }
}

}  // namespace
}  // namespace squall::checker
