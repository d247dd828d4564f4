// The models whose objects grow: lists, sets, counters, queues.
#include <gtest/gtest.h>

#include "checker/append_list_model.hpp"
#include "checker/counter_model.hpp"
#include "checker/queue_model.hpp"
#include "checker/set_model.hpp"
#include "single_operation.hpp"

namespace squall::checker {
namespace {

using testing::done;
using testing::list;
using testing::open;
using testing::text;
using testing::unrecorded;
using testing::Value;

const AppendListModel append_list;
const SetModel set;
const CounterModel counter;
const QueueModel queue;

TEST(Models, AllAreInTheRegistryUnderTheirNames) {
    for (const char* name : {"register",
                             "creating-register",
                             "cas-register",
                             "kv",
                             "append-list",
                             "set",
                             "counter",
                             "queue",
                             "mutex"}) {
        ASSERT_NE(find_model(name), nullptr) << name;
        EXPECT_EQ(find_model(name)->name(), name);
    }
    EXPECT_EQ(models().size(), 9U);
}

TEST(AppendListModel, KeepsTheOrder) {
    EXPECT_EQ(append_list.initial(), list({}));
    EXPECT_EQ(append_list.apply(list({1}), done("append", 2)), list({1, 2}));
    EXPECT_EQ(append_list.apply(list({1}), open("append", 1)), list({1, 1}));
    EXPECT_EQ(append_list.apply(list({1, 2}), done("read", {}, list({1, 2}))), list({1, 2}));
    EXPECT_EQ(append_list.apply(list({1, 2}), done("read", {}, list({2, 1}))), std::nullopt);
    EXPECT_EQ(append_list.apply(list({1, 2}), done("read", {}, list({1}))), std::nullopt);
    EXPECT_EQ(append_list.apply(list({1}), unrecorded(done("read"))), list({1}));
}

TEST(AppendListModel, NullIsTheEmptyList) {
    EXPECT_EQ(append_list.apply(list({}), done("read")), list({}));
    EXPECT_EQ(append_list.apply({}, done("read", {}, list({}))), Value{});
    EXPECT_EQ(append_list.apply({}, done("append", 1)), list({1}));
    EXPECT_EQ(append_list.apply(list({1}), done("read")), std::nullopt);
}

TEST(AppendListModel, NamesWhatItDoesNotKnow) {
    EXPECT_EQ(append_list.reject(done("add", 1)), "function \"add\" is none of append, read");
    EXPECT_TRUE(append_list.reject(done("append")));
    EXPECT_FALSE(append_list.reject(done("append", text("a"))));
}

TEST(SetModel, HoldsEachElementOnceInOrder) {
    EXPECT_EQ(set.apply(list({1, 3}), done("add", 2)), list({1, 2, 3}));
    EXPECT_EQ(set.apply(list({1, 3}), done("add", 3)), list({1, 3}));
    EXPECT_EQ(set.apply({}, open("add", 3)), list({3}));
    EXPECT_EQ(set.apply(list({1, 3}), done("read", {}, list({1, 3}))), list({1, 3}));
    EXPECT_EQ(set.apply(list({1, 3}), done("read", {}, list({1}))), std::nullopt);
    EXPECT_EQ(set.apply(list({}), done("read")), list({}));
    EXPECT_EQ(set.apply(list({1}), unrecorded(done("read"))), list({1}));
    EXPECT_TRUE(set.reject(done("append", 1)));
    EXPECT_TRUE(set.reject(done("add")));
}

TEST(CounterModel, Adds) {
    EXPECT_EQ(counter.apply(3, done("add", 2)), Value{5});
    EXPECT_EQ(counter.apply(3, open("add", -4)), Value{-1});
    EXPECT_EQ(counter.apply({}, open("add", 2)), Value{2});
    EXPECT_EQ(counter.apply(3, done("read", {}, 3)), Value{3});
    EXPECT_EQ(counter.apply(3, done("read", {}, 2)), std::nullopt);
    EXPECT_EQ(counter.apply(0, done("read")), Value{0});
    EXPECT_EQ(counter.apply(3, unrecorded(done("read"))), Value{3});
    EXPECT_TRUE(counter.reject(done("add", text("1"))));
    EXPECT_TRUE(counter.reject(done("add", counter_increment_max + 1)));
    EXPECT_TRUE(counter.reject(done("increment")));
}

TEST(QueueModel, IsFirstInFirstOut) {
    EXPECT_EQ(queue.apply(list({1}), done("enqueue", 2)), list({1, 2}));
    EXPECT_EQ(queue.apply(list({1, 2}), done("dequeue", {}, 1)), list({2}));
    EXPECT_EQ(queue.apply(list({1, 2}), done("dequeue", {}, 2)), std::nullopt);
    EXPECT_EQ(queue.apply(list({1, 2}), done("dequeue")), std::nullopt);
    EXPECT_EQ(queue.apply(list({}), done("dequeue")), list({}));
    EXPECT_EQ(queue.apply(list({1, 2}), open("dequeue")), list({2}));
    EXPECT_EQ(queue.apply(list({}), unrecorded(done("dequeue"))), list({}));
    EXPECT_TRUE(queue.reject(done("enqueue")));
    EXPECT_TRUE(queue.reject(done("push", 1)));
}

TEST(QueueModel, OnlyADequeueOfNothingIsARead) {
    EXPECT_TRUE(queue.is_read(done("dequeue")));
    EXPECT_FALSE(queue.is_read(done("dequeue", {}, 1)));
    EXPECT_FALSE(queue.is_read(unrecorded(done("dequeue"))));
    EXPECT_FALSE(queue.is_read(open("dequeue")));
}

}  // namespace
}  // namespace squall::checker
