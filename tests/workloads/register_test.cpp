#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "workloads/workload.hpp"

namespace squall::workloads {
namespace {

using history::Event;
using history::EventType;
using history::Value;

std::unique_ptr<Generator> make(const GeneratorConfig& config = {}) {
    return find_workload("register")->generator(config);
}

Event completion(EventType type, Value value = {}, std::optional<bool> applied = {}) {
    Event event;
    event.type = type;
    event.value = std::move(value);
    event.applied = applied;
    return event;
}

/// The expected value of the next cas on the key; null if none comes soon.
Value next_expected(Generator& generator, const std::string& key, std::uint64_t from) {
    for (std::uint64_t ordinal = from; ordinal < from + 60; ++ordinal) {
        for (std::uint32_t slot = 0; slot < 10; ++slot) {
            const Request request = generator.operation(slot, ordinal);
            if (request.function == "cas" && request.key == key) {
                return request.value.as_list()->front();
            }
        }
    }
    return {};
}

RC_GTEST_PROP(RegisterWorkload, OperationsDependOnSeedSlotAndOrdinalAlone, (std::uint64_t seed)) {
    const GeneratorConfig config{seed, 4, 3, 20};
    const auto forward = make(config);
    const auto backward = make(config);

    std::map<std::pair<std::uint32_t, std::uint64_t>, Request> seen;
    for (std::uint32_t slot = 0; slot < 4; ++slot) {
        for (std::uint64_t ordinal = 0; ordinal < 30; ++ordinal) {
            seen[{slot, ordinal}] = forward->operation(slot, ordinal);
        }
    }

    for (auto entry = seen.rbegin(); entry != seen.rend(); ++entry) {
        const auto [slot, ordinal] = entry->first;
        RC_ASSERT(backward->operation(slot, ordinal) == entry->second);
    }
}

TEST(RegisterWorkload, WritesEachValueOnce) {
    const auto generator = make();
    std::set<std::int64_t> written;
    for (std::uint64_t ordinal = 0; ordinal < 500; ++ordinal) {
        for (std::uint32_t slot = 0; slot < 10; ++slot) {
            const Request request = generator->operation(slot, ordinal);
            if (request.function == "write") {
                EXPECT_TRUE(written.insert(*request.value.as_int()).second);
            }
        }
    }
    EXPECT_GT(written.size(), 1000U);
}

TEST(RegisterWorkload, MixesReadsWritesAndCas) {
    const auto generator = make();
    std::map<std::string, int> count;
    for (std::uint64_t ordinal = 0; ordinal < 2000; ++ordinal) {
        for (std::uint32_t slot = 0; slot < 10; ++slot) {
            const Request request = generator->operation(slot, ordinal);
            ++count[request.function];
            generator->observe(request, completion(EventType::ok, Value(std::int64_t{1}), true));
        }
    }
    EXPECT_NEAR(count["read"], 10'000, 1000);
    EXPECT_NEAR(count["write"], 5000, 1000);
    EXPECT_NEAR(count["cas"], 5000, 1000);
}

TEST(RegisterWorkload, UsesAKeyForItsShareOfOperationsByAllSlots) {
    const auto generator = make(GeneratorConfig{5, 10, 10, 200});
    std::map<std::string, int> operations;
    std::map<std::string, std::set<std::uint32_t>> slots;
    std::set<std::string> late;
    for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
        std::set<std::string> now;
        for (std::uint32_t slot = 0; slot < 10; ++slot) {
            const std::string key = generator->operation(slot, ordinal).key;
            ++operations[key];
            slots[key].insert(slot);
            if (ordinal >= 900) {
                late.insert(key);
            }
        }
    }
    // 10'000 operations in all; the keys of the first and the last round are used only in part.
    EXPECT_NEAR(static_cast<double>(operations.size()), 55, 6);
    EXPECT_NEAR(operations["k20"], 200, 60);
    EXPECT_EQ(slots["k20"].size(), 10U);
    EXPECT_FALSE(late.contains("k0"));
    EXPECT_FALSE(late.contains("k20"));
}

TEST(RegisterWorkload, ComparesWithTheValueSeenLast) {
    const auto generator = make(GeneratorConfig{1, 10, 1, 1'000'000});
    EXPECT_TRUE(next_expected(*generator, "k0", 0).is_null());

    const Request read{"read", "k0", {}};
    generator->observe(read, completion(EventType::ok, Value(std::int64_t{41})));
    EXPECT_EQ(next_expected(*generator, "k0", 100), Value(std::int64_t{41}));

    const Request write{"write", "k0", Value(std::int64_t{42})};
    generator->observe(write, completion(EventType::info));
    EXPECT_EQ(next_expected(*generator, "k0", 200), Value(std::int64_t{41}));
    generator->observe(write, completion(EventType::ok));
    EXPECT_EQ(next_expected(*generator, "k0", 300), Value(std::int64_t{42}));

    const Request cas{"cas", "k0", Value::List{Value(std::int64_t{42}), Value(std::int64_t{43})}};
    generator->observe(cas, completion(EventType::ok, Value(std::int64_t{44}), false));
    EXPECT_EQ(next_expected(*generator, "k0", 400), Value(std::int64_t{44}));
    generator->observe(cas, completion(EventType::ok, {}, true));
    EXPECT_EQ(next_expected(*generator, "k0", 500), Value(std::int64_t{43}));
}

TEST(RegisterWorkload, ReadsEveryTouchedKeyInTheEnd) {
    const auto generator = make(GeneratorConfig{1, 2, 3, 10});
    std::set<std::string> touched;
    for (std::uint64_t ordinal = 0; ordinal < 100; ++ordinal) {
        touched.insert(generator->operation(0, ordinal).key);
    }

    std::set<std::string> asked;
    for (const Request& request : generator->final_requests()) {
        EXPECT_EQ(request.function, "read");
        asked.insert(request.key);
    }
    EXPECT_EQ(asked, touched);
}

TEST(Workloads, OnlyReadsAreNoMutations) {
    EXPECT_FALSE(is_mutation("read"));
    EXPECT_TRUE(is_mutation("write"));
    EXPECT_TRUE(is_mutation("cas"));
    EXPECT_EQ(find_workload("nonsense"), nullptr);
}

}  // namespace
}  // namespace squall::workloads
