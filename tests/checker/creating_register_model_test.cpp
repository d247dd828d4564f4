#include "checker/creating_register_model.hpp"

#include <gtest/gtest.h>

#include "checker/linearizability.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::Operation;
using testing::Outcome;
using testing::pair_of;
using testing::RegisterHistory;
using testing::Value;

const CreatingRegisterModel model;

Operation cas_or_create(history::ClientId client, Value expected, std::int64_t replacement) {
    Operation operation = RegisterHistory{}
                              .cas(client, std::move(expected), replacement)
                              .applied(client)
                              .operations()
                              .front();
    operation.function = std::string("cas-or-create");
    return operation;
}

Verdict verdict_of(std::vector<Operation> operations) {
    std::uint64_t event = 0;
    for (Operation& operation : operations) {  // One after the other.
        operation.invoked = event++;
        operation.completed = event++;
    }
    return linearizability_check(operations, *find_model("creating-register"), Budget{}).verdict;
}

TEST(CreatingRegisterModel, AppliesWhereTheValueFitsOrNothingIs) {
    const Operation operation = cas_or_create(1, 5, 6);
    EXPECT_EQ(model.apply(Value{}, operation), Value{6});
    EXPECT_EQ(model.apply(5, operation), Value{6});
    EXPECT_EQ(model.apply(7, operation), std::nullopt);
    EXPECT_FALSE(model.reject(operation));
}

TEST(CreatingRegisterModel, RefusesWhatItDoesNotKnow) {
    Operation not_applied = cas_or_create(1, 5, 6);
    not_applied.applied = false;
    EXPECT_TRUE(model.reject(not_applied));
    Operation no_pair = cas_or_create(1, 5, 6);
    no_pair.argument = Value{5};
    EXPECT_TRUE(model.reject(no_pair));
}

TEST(CreatingRegisterModel, JudgesHistories) {
    const Operation read_6 = RegisterHistory{}.read(2).ok(2, 6).operations().front();
    const Operation write_7 = RegisterHistory{}.write(2, 7).ok(2).operations().front();
    EXPECT_EQ(verdict_of({cas_or_create(1, 0, 6), read_6}), Verdict::valid);
    EXPECT_EQ(verdict_of({write_7, cas_or_create(1, 0, 6), read_6}), Verdict::invalid);
    EXPECT_EQ(verdict_of({write_7, cas_or_create(1, 7, 6), read_6}), Verdict::valid);
}

}  // namespace
}  // namespace squall::checker
