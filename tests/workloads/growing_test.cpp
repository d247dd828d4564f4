#include <set>

#include <gtest/gtest.h>

#include "workloads/workload.hpp"

namespace squall::workloads {
namespace {

using history::Value;

class GrowingWorkload : public ::testing::TestWithParam<const char*> {
  protected:
    static constexpr GeneratorConfig config{7, 4, 3, 40};

    static std::vector<Request> requests_of(Generator& generator) {
        std::vector<Request> requests;
        for (std::uint64_t ordinal = 0; ordinal < 200; ++ordinal) {
            for (std::uint32_t slot = 0; slot < config.slots; ++slot) {
                requests.push_back(generator.operation(slot, ordinal));
            }
        }
        return requests;
    }
};

TEST_P(GrowingWorkload, DependsOnTheSeedAlone) {
    const Workload& workload = *find_workload(GetParam());

    EXPECT_EQ(requests_of(*workload.generator(config)), requests_of(*workload.generator(config)));
}

TEST_P(GrowingWorkload, ReadsAboutHalfAndEveryTouchedKeyInTheEnd) {
    const auto generator = find_workload(GetParam())->generator(config);

    std::size_t reads = 0;
    std::set<std::string> keys;
    std::set<Value> values;
    std::size_t mutations = 0;
    for (const Request& request : requests_of(*generator)) {
        keys.insert(request.key);
        reads += request.function == "read" ? 1U : 0U;
        if (request.function != "read") {
            EXPECT_TRUE(is_mutation(request.function));
            values.insert(request.value);
            ++mutations;
        }
    }

    EXPECT_GT(reads, 250U);
    EXPECT_GT(mutations, 250U);
    EXPECT_EQ(values.size(), std::string(GetParam()) == "counter" ? 1U : mutations);
    EXPECT_GT(keys.size(), 6U);
    std::set<std::string> finally;
    for (const Request& request : generator->final_requests()) {
        EXPECT_EQ(request.function, "read");
        finally.insert(request.key);
    }
    EXPECT_EQ(finally, keys);
}

INSTANTIATE_TEST_SUITE_P(All, GrowingWorkload, ::testing::Values("append", "set", "counter"));

TEST(GrowingWorkloads, AreBoundedWhereObjectsGrow) {
    EXPECT_EQ(find_workload("append")->operations_per_key_max(), 20'000U);
    EXPECT_GT(find_workload("counter")->operations_per_key_max(), 1'000'000'000U);
}

}  // namespace
}  // namespace squall::workloads
