// Whatever is left out, a bad rest must prove the whole to be bad.
#include "checker/removal.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "checker/brute_force.hpp"

namespace squall::checker {
namespace {

using history::CompactHistory;
using history::Operation;
using history::OperationId;
using history::Outcome;
using history::Value;

struct Draw {
    std::mt19937_64 random;

    std::uint64_t below(std::uint64_t bound) { return random() % bound; }

    bool chance(std::uint64_t percent) { return below(100) < percent; }
};

Value text_or_null(Draw& draw) {
    static const std::vector<Value> values{{},
                                           Value(std::string("a")),
                                           Value(std::string("b")),
                                           Value(std::string("ab")),
                                           Value(std::string("ba"))};
    return values[draw.below(values.size())];
}

Value some_list(Draw& draw) {
    Value::List list;
    for (std::int64_t element = 1; element <= 3; ++element) {
        if (draw.chance(45)) {
            list.insert(list.begin() + static_cast<std::ptrdiff_t>(draw.below(list.size() + 1)),
                        Value(element));
        }
    }
    return list;
}

Value pair_of(Value first, Value second) {
    return Value::List{std::move(first), std::move(second)};
}

/// A function of the model with an argument and, should it be ok, a result; any of them may be
/// nonsense.
void fill(Operation& operation, ObjectShape shape, Draw& draw) {
    const auto cell = [&](auto&& value) {
        switch (draw.below(4)) {
            case 0:
                operation.function = "delete";
                operation.applied = draw.chance(50);
                break;
            case 1:
                operation.function = "cas";
                operation.argument = pair_of(value(), Value(std::string("b")));
                operation.applied = draw.chance(50);
                operation.any_result = draw.chance(30);
                operation.result = value();
                break;
            default:
                operation.function = shape == ObjectShape::text ? "get" : "read";
                operation.result = value();
        }
    };
    const auto letter = [&] {
        return Value(std::string(1, static_cast<char>('a' + draw.below(2))));
    };
    if (shape == ObjectShape::cell || shape == ObjectShape::text) {
        if (draw.chance(50)) {
            cell([&] { return text_or_null(draw); });
            return;
        }
        operation.function = shape == ObjectShape::cell ? "write"
                             : draw.chance(30)          ? "put"
                                                        : "append";
        operation.argument = letter();
        return;
    }
    if (shape == ObjectShape::queue) {
        const auto element = static_cast<std::int64_t>(draw.below(3));
        if (draw.chance(50)) {
            operation.function = "enqueue";
            operation.argument = Value(element + 1);
        } else {
            operation.function = "dequeue";
            operation.result = element == 0 ? Value() : Value(element);
        }
        return;
    }
    if (draw.chance(50)) {
        operation.function = shape == ObjectShape::set ? "add" : "append";
        operation.argument = Value(static_cast<std::int64_t>(1 + draw.below(3)));
        return;
    }
    operation.function = "read";
    Value::List list = *some_list(draw).as_list();
    if (shape == ObjectShape::set) {
        std::sort(list.begin(), list.end());
    }
    operation.result = list;
}

std::vector<Operation> some_history(ObjectShape shape, std::uint64_t seed) {
    Draw draw{std::mt19937_64(seed)};
    std::vector<Operation> operations(2 + draw.below(4));
    std::vector<std::size_t> open;
    std::uint64_t event = 0;
    for (std::size_t next = 0; next < operations.size() || !open.empty();) {
        if (next < operations.size() && (open.empty() || draw.chance(50))) {
            operations[next].client = static_cast<history::ClientId>(next);
            operations[next].invoked = event++;
            fill(operations[next], shape, draw);
            open.push_back(next++);
            continue;
        }
        const std::size_t place = draw.below(open.size());
        Operation& operation = operations[open[place]];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(place));
        if (draw.chance(20)) {
            operation.applied.reset();
            operation.result = {};
            operation.any_result = false;
            continue;
        }
        operation.outcome = Outcome::ok;
        operation.completed = event++;
    }
    return operations;
}

bool linearizable(const std::vector<Operation>& operations, const Model& model) {
    std::vector<const Operation*> pointers;
    for (const Operation& operation : operations) {
        pointers.push_back(&operation);
    }
    return linearizable_by_brute_force(pointers, model);
}

class RemovalOfModel : public ::testing::TestWithParam<const char*> {};

TEST_P(RemovalOfModel, ABadRestProvesTheWholeToBeBad) {
    const Model& model = *find_model(GetParam());
    std::size_t bad_rests = 0;
    std::size_t left_out = 0;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        const std::vector<Operation> operations = some_history(model.traits().shape, seed);
        const CompactHistory history = history::compact(operations);
        const history::KeyParts parts = history.by_key();
        const KeyProblem problem{history, parts.parts()[0], model, model.initial()};
        std::vector<bool> wanted(operations.size());
        std::mt19937_64 random(seed);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            wanted[i] = random() % 2 == 0;
        }
        std::vector<Operation> rest;
        for (const OperationId id : with_what_they_need(problem, problem.part.operations, wanted)) {
            rest.push_back(history.expand(id));
        }
        left_out += operations.size() - rest.size();
        if (!linearizable(rest, model)) {
            ++bad_rests;
            ASSERT_FALSE(linearizable(operations, model)) << "seed " << seed;
        }
    }
    EXPECT_GT(bad_rests, 2'000U);
    EXPECT_GT(left_out, 10'000U);
}

INSTANTIATE_TEST_SUITE_P(Models,
                         RemovalOfModel,
                         ::testing::Values("register", "kv", "append-list", "set", "queue"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace squall::checker
