#include "history/operation.hpp"

#include <gtest/gtest.h>

namespace squall::history {
namespace {

class Events {
  public:
    Events& add(EventType type, ClientId client, std::string function = "", Value value = {}) {
        Event event;
        event.index = events_.size();
        event.time = Time{static_cast<std::int64_t>(10 * events_.size())};
        event.type = type;
        event.client = client;
        event.function = std::move(function);
        event.value = std::move(value);
        events_.push_back(event);
        return *this;
    }

    [[nodiscard]] Pairing paired() const { return pair(events_); }

  private:
    std::vector<Event> events_;
};

TEST(Pairing, JoinsInvocationAndCompletionOfOneClient) {
    const Pairing pairing = Events{}
                                .add(EventType::invoke, 1, "write", 5)
                                .add(EventType::invoke, 2, "read")
                                .add(EventType::ok, 2, "read", 5)
                                .add(EventType::ok, 1)
                                .paired();

    ASSERT_FALSE(pairing.error);
    ASSERT_EQ(pairing.operations.size(), 2U);
    EXPECT_EQ(pairing.operations[0].invoked, 0U);
    EXPECT_EQ(pairing.operations[0].completed, 3U);
    EXPECT_EQ(pairing.operations[0].argument, Value{5});
    EXPECT_EQ(pairing.operations[1].completed, 2U);
    EXPECT_EQ(pairing.operations[1].result, Value{5});
    EXPECT_EQ(pairing.operations[1].completed_at, Time{20});
}

TEST(Pairing, UnknownAndMissingOutcomesStayOpenForEver) {
    const Pairing pairing = Events{}
                                .add(EventType::invoke, 1, "write", 5)
                                .add(EventType::info, 1)
                                .add(EventType::invoke, 2, "write", 6)
                                .paired();

    ASSERT_FALSE(pairing.error);
    for (const Operation& operation : pairing.operations) {
        EXPECT_EQ(operation.outcome, Outcome::info);
        EXPECT_EQ(operation.completed, never);
    }
}

TEST(Pairing, PassesOverFaultsAndNotes) {
    const Pairing pairing = Events{}
                                .add(EventType::invoke, 1, "read")
                                .add(EventType::fault, -1)
                                .add(EventType::note, -1)
                                .add(EventType::fail, 1)
                                .paired();

    ASSERT_FALSE(pairing.error);
    ASSERT_EQ(pairing.operations.size(), 1U);
    EXPECT_EQ(pairing.operations[0].outcome, Outcome::fail);
    EXPECT_EQ(pairing.operations[0].completed, 3U);
}

TEST(Pairing, RefusesWhatNoSingleThreadedClientDoes) {
    const auto problem_at = [](const Events& events) {
        const Pairing pairing = events.paired();
        return pairing.error ? pairing.error->event : never;
    };

    EXPECT_EQ(problem_at(Events{}.add(EventType::ok, 1)), 0U);
    EXPECT_EQ(
        problem_at(Events{}.add(EventType::invoke, 1, "read").add(EventType::invoke, 1, "read")),
        1U);
    EXPECT_EQ(problem_at(Events{}
                             .add(EventType::invoke, 1, "write", 1)
                             .add(EventType::info, 1)
                             .add(EventType::invoke, 1, "read")),
              2U);
    EXPECT_EQ(problem_at(Events{}.add(EventType::invoke, 1, "read").add(EventType::ok, 1, "write")),
              1U);
    EXPECT_EQ(problem_at(Events{}.add(EventType::invoke, -1, "read")), 0U);
}

}  // namespace
}  // namespace squall::history
