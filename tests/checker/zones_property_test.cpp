// The zones against every order, on small histories; SQUALL_PROPERTY_CASES says how many.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "checker/brute_force.hpp"
#include "checker/dispatch.hpp"
#include "checker/explain.hpp"
#include "checker/removal.hpp"
#include "checker/replay.hpp"
#include "checker/zones.hpp"
#include "history/random.hpp"
#include "tests/checker/property_cases.hpp"
#include "tests/checker/support/simulated_history.hpp"

namespace squall::checker {
namespace {

using history::CompactHistory;
using history::Operation;
using history::OperationId;
using testing::make_stale;
using testing::simulate;
using testing::Simulated;
using testing::SimulatedShape;
using testing::spoil;

std::uint64_t cases() {
    return testing::property_cases(4'000);
}

const Model& model_of(Simulated object) {
    switch (object) {
        case Simulated::text:
            return *find_model("kv");
        case Simulated::list:
            return *find_model("append-list");
        case Simulated::cell:
            break;
    }
    return *find_model("cas-register");
}

std::string listing(const CompactHistory& history) {
    std::string text;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        text += line_of(history.expand(id));
        text += history.operations[id].any_result ? " any\n" : "\n";
    }
    return text;
}

bool oracle(const CompactHistory& history, std::span<const OperationId> ids, const Model& model) {
    std::vector<Operation> operations;
    for (const OperationId id : ids) {
        operations.push_back(history.expand(id));
    }
    std::vector<const Operation*> pointers;
    for (const Operation& operation : operations) {
        pointers.push_back(&operation);
    }
    return linearizable_by_brute_force(pointers, model);
}

/// One small history of any kind, more or less spoilt.
CompactHistory small(Simulated object, std::uint64_t seed) {
    const history::Stream dice(seed, "small");
    SimulatedShape shape;
    shape.object = object;
    shape.seed = seed;
    shape.operations = 3 + dice.below(5, 0, 0);
    shape.clients = 1 + dice.below(4, 0, 1);
    shape.crash = dice.below(2, 0, 2) == 0 ? 0 : 0.4;
    shape.deletes = dice.below(4, 0, 3) == 0 ? 0.4 : 0;
    shape.unrecorded = dice.below(4, 0, 4) == 0 ? 0.4 : 0;
    CompactHistory history = simulate(shape);
    for (std::uint64_t change = dice.below(4, 0, 5); change > 0; --change) {
        spoil(history, seed * 7 + change);
    }
    return history;
}

class SmallHistories : public ::testing::TestWithParam<Simulated> {};

TEST_P(SmallHistories, AreJudgedAsByEveryOrder) {
    const Model& model = model_of(GetParam());
    std::map<std::string, std::size_t> seen;

    for (std::uint64_t seed = 0; seed < cases(); ++seed) {
        const CompactHistory history = small(GetParam(), seed);
        const auto parts = history.by_key();
        const KeyProblem problem{history, parts.parts().front(), model, model.initial()};

        const EngineResult result = judge_by_zones(problem, Budget{});

        if (!result.verdict) {
            ASSERT_FALSE(result.reason.starts_with(zones_disagree))
                << "seed " << seed << ": " << result.reason << "\n"
                << listing(history);
            ++seen["not applicable"];
            continue;
        }
        const bool expected = oracle(history, problem.part.operations, model);
        ++seen[to_string(*result.verdict)];
        ASSERT_EQ(*result.verdict, expected ? Verdict::valid : Verdict::invalid)
            << "seed " << seed << "\n"
            << listing(history);
        if (expected) {
            ASSERT_EQ(replay_by_model(problem, result.witness), std::nullopt)
                << "seed " << seed << "\n"
                << listing(history);
            continue;
        }
        std::vector<bool> wanted(history.operations.size());
        for (const OperationId id : result.conflict) {
            wanted[id] = true;
        }
        const auto core = with_what_they_need(problem, problem.part.operations, wanted);
        ASSERT_FALSE(oracle(history, core, model)) << "seed " << seed << " conflict of\n"
                                                   << listing(history);
    }

    EXPECT_GT(seen["valid"], cases() / 4);
    EXPECT_GT(seen["invalid"], cases() / 10);
    EXPECT_LT(seen["not applicable"], cases() / 5);
}

TEST_P(SmallHistories, AreJudgedAsByEveryOrderUpToAnyCut) {
    const Model& model = model_of(GetParam());
    for (std::uint64_t seed = 0; seed < cases() / 4; ++seed) {
        CompactHistory history = small(GetParam(), seed);
        const auto parts = history.by_key();
        const auto cut = static_cast<history::EventIndex>(seed % 12);
        const KeyProblem whole{history, parts.parts().front(), model, model.initial(), cut};
        const EngineResult result = judge_by_zones(whole, Budget{});
        CompactHistory shorter = history;
        std::vector<OperationId> ids;
        for (OperationId id = 0; id < shorter.operations.size(); ++id) {
            auto& operation = shorter.operations[id];
            if (operation.outcome == history::Outcome::ok && operation.completed > cut) {
                operation.outcome = history::Outcome::info;
                operation.completed = history::never_completed;
                operation.applied = history::Applied::unsaid;
                operation.any_result = false;
            }
            if (operation.invoked <= cut) {
                ids.push_back(id);
            }
        }

        if (result.verdict) {
            ASSERT_EQ(*result.verdict == Verdict::valid, oracle(shorter, ids, model))
                << "seed " << seed << " cut " << cut << "\n"
                << listing(history);
        }
    }
}

TEST_P(SmallHistories, AreReplayedAsByTheModel) {
    const Model& model = model_of(GetParam());
    std::size_t holds = 0;
    for (std::uint64_t seed = 0; seed < cases() * 2; ++seed) {
        const CompactHistory history = small(GetParam(), seed);
        const auto parts = history.by_key();
        const KeyProblem problem{history, parts.parts().front(), model, model.initial()};
        const history::Stream dice(seed, "order");
        std::vector<OperationId> order;
        for (const OperationId id : problem.part.operations) {
            const auto& operation = history.operations[id];
            if (operation.outcome == history::Outcome::ok || dice.below(2, id, 0) == 0) {
                order.push_back(id);
            }
        }
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (dice.below(3, i, 1) == 0) {
                std::swap(order[i], order[i - 1]);
            }
        }

        const auto wrong = replay(problem, order);

        ASSERT_EQ(wrong, replay_by_model(problem, order)) << "seed " << seed << "\n"
                                                          << listing(history);
        holds += wrong ? 0U : 1U;
    }
    EXPECT_GT(holds, cases() / 20);
}

TEST_P(SmallHistories, LongOnesAreValidAndWithAStaleReadInvalid) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        SimulatedShape shape{.object = GetParam(), .seed = seed, .operations = 20'000};
        shape.clients = seed % 2 == 0 ? 50 : 7;
        shape.keys = seed % 4 < 2 ? 1 : 5;
        shape.crash = seed < 4 ? 0.05 : 0;
        CompactHistory history = simulate(shape);
        const CheckOptions options{.engine = EngineChoice::zones, .threads = 2};

        const auto valid = dispatch(history, model_of(GetParam()), options);

        ASSERT_EQ(valid.verdict, Verdict::valid) << "seed " << seed << " " << valid.reason;
        ASSERT_TRUE(make_stale(history));
        const auto parts = history.by_key();
        const bool bad = std::ranges::any_of(parts.parts(), [&](const history::KeyPart& part) {
            const Model& model = model_of(GetParam());
            return judge_by_zones({history, part, model, model.initial()}, Budget{}).verdict ==
                   Verdict::invalid;
        });
        ASSERT_TRUE(bad) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Objects,
                         SmallHistories,
                         ::testing::Values(Simulated::cell, Simulated::text, Simulated::list),
                         [](const auto& tested) {
                             return std::string(tested.param == Simulated::cell   ? "Cell"
                                                : tested.param == Simulated::text ? "Text"
                                                                                  : "List");
                         });

TEST(Dispatch, DoesNotDependOnTheThreads) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SimulatedShape shape{.seed = seed, .operations = 60, .clients = 4, .keys = 6};
        shape.crash = 0.2;
        shape.values = seed % 3 == 0 ? 3 : 0;
        CompactHistory history = simulate(shape);
        spoil(history, seed);
        spoil(history, seed + 1000);
        const auto judged = [&](unsigned threads) {
            return dispatch(history,
                            *find_model("cas-register"),
                            {.budget = {.steps = 300, .bytes = 1U << 20U}, .threads = threads});
        };

        const auto one = judged(1);
        const auto three = judged(3);

        ASSERT_EQ(one.verdict, three.verdict) << "seed " << seed;
        ASSERT_EQ(one.reason, three.reason) << "seed " << seed;
        ASSERT_EQ(one.keys_by_engine, three.keys_by_engine) << "seed " << seed;
        ASSERT_EQ(one.spent.steps, three.spent.steps) << "seed " << seed;
    }
}

}  // namespace
}  // namespace squall::checker
