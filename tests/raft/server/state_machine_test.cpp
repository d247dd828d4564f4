#include "raft/server/state_machine.hpp"

#include <algorithm>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/server/command.hpp"
#include "tests/raft/server/generators.hpp"

namespace squall::raft::server {
namespace {

constexpr std::size_t few_sessions = 3;

/// Applies requests at consecutive indices of term 1.
class Log {
  public:
    explicit Log(std::size_t max_sessions = 100, Index guard = 0) : state(max_sessions, guard) {}

    Reply operator()(const Request& request) {
        return state.apply(
            {1, state.last().index + 1, EntryKind::command, encode_command(request)});
    }

    StateMachine state;
};

Request put(std::string key, std::string value) {
    return {0, 0, Operation::put, std::move(key), std::move(value), {}};
}

Request put(std::uint64_t session, std::uint64_t sequence, std::string value) {
    return {session, sequence, Operation::put, "k", std::move(value), {}};
}

Request append(std::uint64_t session, std::uint64_t sequence, std::string value) {
    return {session, sequence, Operation::append, "k", std::move(value), {}};
}

TEST(StateMachine, ReadsWhatWasPut) {
    Log log;

    log(put("k", "1"));

    EXPECT_EQ(log.state.read("k").value, "1");
    EXPECT_EQ(log.state.read("k").position, (LogId{1, 1}));
    EXPECT_EQ(log.state.read("other").value, std::nullopt);
}

TEST(StateMachine, FailedCasIsOkAndTellsTheCurrentValue) {
    Log log;
    log(put("k", "1"));

    const Reply reply = log({0, 0, Operation::cas, "k", "3", "2"});

    EXPECT_EQ(reply.status, ReplyStatus::ok);
    EXPECT_FALSE(reply.applied);
    EXPECT_EQ(reply.value, "1");
    EXPECT_EQ(log.state.read("k").value, "1");
}

TEST(StateMachine, CasWithoutExpectationWantsTheKeyAbsent) {
    Log log;

    const Reply first = log({0, 0, Operation::cas, "k", "1", std::nullopt});
    const Reply second = log({0, 0, Operation::cas, "k", "2", std::nullopt});

    EXPECT_TRUE(first.applied);
    EXPECT_FALSE(second.applied);
    EXPECT_EQ(second.value, "1");
}

TEST(StateMachine, CasOrCreateSetsAbsentAndMatchingKeysOnly) {
    Log log;

    const Reply created = log({0, 0, Operation::cas_or_create, "k", "1", "7"});
    const Reply refused = log({0, 0, Operation::cas_or_create, "k", "2", "7"});
    const Reply matched = log({0, 0, Operation::cas_or_create, "k", "3", "1"});

    EXPECT_TRUE(created.applied);
    EXPECT_FALSE(refused.applied);
    EXPECT_EQ(refused.value, "1");
    EXPECT_TRUE(matched.applied);
    EXPECT_EQ(log.state.read("k").value, "3");
}

TEST(StateMachine, AppendBeyondTheLargestValueIsNotApplied) {
    Log log;
    log(put("k", std::string(max_value_bytes - 1, 'x')));

    EXPECT_TRUE(log({0, 0, Operation::append, "k", "1", {}}).applied);
    EXPECT_FALSE(log({0, 0, Operation::append, "k", "2", {}}).applied);
    EXPECT_EQ(log.state.read("k").value->size(), max_value_bytes);
}

TEST(StateMachine, AddsToAnInteger) {
    Log log;
    const auto add = [&](const char* value) { return log({0, 0, Operation::add, "k", value, {}}); };

    EXPECT_TRUE(add("5").applied);
    EXPECT_TRUE(add("-7").applied);
    EXPECT_EQ(log.state.read("k").value, "-2");
}

TEST(StateMachine, AddsNothingToOrOfWhatIsNoInteger) {
    Log log;
    const auto refused = [&](const char* held, const char* value) {
        log(put("k", held));
        const Reply reply = log({0, 0, Operation::add, "k", value, {}});
        return !reply.applied && reply.value == held && log.state.read("k").value == held;
    };

    EXPECT_TRUE(refused("five", "1"));
    EXPECT_TRUE(refused("", "1"));
    EXPECT_TRUE(refused("5", ""));
    EXPECT_TRUE(refused("5", "1 "));
    EXPECT_TRUE(refused("9223372036854775807", "1"));
}

TEST(StateMachine, UnreadableCommandChangesNothing) {
    Log log;
    log(put("k", "1"));

    const Reply reply = log.state.apply({1, 2, EntryKind::command, "nonsense"});

    EXPECT_EQ(reply.status, ReplyStatus::malformed);
    EXPECT_EQ(log.state.read("k").value, "1");
}

TEST(Sessions, ResentMutationIsAppliedOnceAndAnsweredAlike) {
    Log log;

    const Reply first = log(append(7, 1, "x"));
    const Reply second = log(append(7, 1, "x"));

    EXPECT_EQ(second, first);
    EXPECT_EQ(second.position, (LogId{1, 1}));
    EXPECT_EQ(log.state.read("k").value, "x");
}

TEST(Sessions, OlderSequenceIsNotApplied) {
    Log log;
    log(append(7, 1, "x"));
    log(append(7, 2, "y"));

    const Reply reply = log(append(7, 1, "x"));

    EXPECT_EQ(reply.status, ReplyStatus::session_expired);
    EXPECT_EQ(log.state.read("k").value, "xy");
}

TEST(Sessions, UnknownSessionMustStartAtOne) {
    Log log;

    EXPECT_EQ(log(append(7, 2, "x")).status, ReplyStatus::session_expired);
    EXPECT_EQ(log(append(7, 1, "y")).status, ReplyStatus::ok);
    EXPECT_EQ(log.state.read("k").value, "y");
}

TEST(Sessions, GapsInTheSequenceAreAccepted) {
    Log log;
    log(append(7, 1, "x"));

    EXPECT_EQ(log(append(7, 5, "y")).status, ReplyStatus::ok);
    EXPECT_EQ(log(append(7, 4, "z")).status, ReplyStatus::session_expired);
}

TEST(Sessions, LeastRecentlyUsedIsForgotten) {
    Log log(2);
    log(put(1, 1, "a"));
    log(put(2, 1, "b"));
    log(put(1, 1, "a"));
    log(put(3, 1, "c"));

    EXPECT_EQ(log(put(1, 2, "d")).status, ReplyStatus::ok);
    EXPECT_EQ(log(put(2, 2, "e")).status, ReplyStatus::session_expired);
}

// Exactly-once holds under a flood: a re-sent first mutation of a forgotten session would be
// applied again.
TEST(Sessions, AFloodOfNewOnesIsRefusedInsteadOfForgettingOneInUse) {
    constexpr Index guard = 50;
    Log log(2, guard);
    log(append(1, 1, "x"));
    log(append(2, 1, "y"));

    for (std::uint64_t flood = 10; flood < 10 + guard - 3; ++flood) {
        EXPECT_EQ(log(put(flood, 1, "f")).status, ReplyStatus::session_expired);
    }

    EXPECT_EQ(log(append(1, 1, "x")).status, ReplyStatus::ok);
    EXPECT_EQ(log.state.read("k").value, "xy");
}

TEST(Sessions, OneThatWasUnusedForLongMakesRoom) {
    constexpr Index guard = 50;
    Log log(2, guard);
    log(append(1, 1, "x"));
    for (Index index = 2; index <= guard; ++index) {
        log(append(2, index - 1, ""));
    }

    EXPECT_EQ(log(put(3, 1, "z")).status, ReplyStatus::ok);
    EXPECT_EQ(log(append(1, 2, "y")).status, ReplyStatus::session_expired);
}

// A short request would otherwise make every replica keep a long value, once for each session.
TEST(Sessions, ALongValueOfAFailedMutationIsNotKeptForARepetition) {
    Log log;
    const std::string kept(limits::recorded_value_bytes, 'v');
    log(put("short", kept));
    log(put("long", kept + "v"));
    const Request fails_short{7, 1, Operation::cas, "short", "n", "o"};
    const Request fails_long{8, 1, Operation::cas, "long", "n", "o"};

    EXPECT_EQ(log(fails_short).value, kept);
    EXPECT_EQ(log(fails_long).value, kept + "v");

    EXPECT_EQ(log(fails_short).value, kept);
    EXPECT_EQ(log(fails_long).status, ReplyStatus::session_expired);
    StateMachine copy(100);
    ASSERT_TRUE(copy.decode(log.state.encode(), log.state.last()));
    EXPECT_EQ(copy, log.state);
}

TEST(Sessions, WithoutSessionAResentMutationAppliesTwice) {
    Log log;

    log(append(0, 0, "x"));
    log(append(0, 0, "x"));

    EXPECT_EQ(log.state.read("k").value, "xx");
}

TEST(AppliedHash, DiffersWhenAnEntryDiffers) {
    Log one;
    Log other;

    one(put("k", "1"));
    other(put("k", "2"));

    EXPECT_NE(one.state.hash(), other.state.hash());
    one(put("k", "3"));
    other(put("k", "3"));
    EXPECT_NE(one.state.hash(), other.state.hash());
}

TEST(AppliedHash, DiffersWhenOnlyTheResultDiffers) {
    Log forgetful(1);
    Log remembering(2);
    for (Log* log : {&forgetful, &remembering}) {
        (*log)(put(1, 1, "a"));
        (*log)(put(2, 1, "b"));
    }
    ASSERT_EQ(forgetful.state.hash(), remembering.state.hash());

    for (Log* log : {&forgetful, &remembering}) {
        (*log)(put(1, 2, "c"));
    }

    EXPECT_NE(forgetful.state.hash(), remembering.state.hash());
}

TEST(StateSnapshot, IsRefusedForAnotherPosition) {
    Log log;
    log(put("k", "1"));
    StateMachine other(100);

    EXPECT_FALSE(other.decode(log.state.encode(), {1, 2}));
    EXPECT_TRUE(other.decode(log.state.encode(), {1, 1}));
}

/// The rules of docs/state-machine.md as plainly as can be: lists, linear searches.
class Oracle {
  public:
    Reply apply(const Entry& entry) {
        Reply reply;
        reply.position = entry.id();
        const std::optional<Request> request = decode_command(entry.data);
        if (entry.kind == EntryKind::noop) {
            return reply;
        }
        if (!request) {
            reply.status = ReplyStatus::malformed;
            reply.message = "unreadable command";
            return reply;
        }
        if (request->session == 0) {
            execute(*request, reply);
            return reply;
        }
        const auto known = std::find_if(sessions_.begin(), sessions_.end(), [&](const Known& s) {
            return s.session == request->session;
        });
        if (known != sessions_.end() && known->sequence == request->sequence) {
            const Reply recorded = known->reply;
            sessions_.splice(sessions_.end(), sessions_, known);
            return recorded;
        }
        if (known == sessions_.end() ? request->sequence > 1
                                     : request->sequence < known->sequence) {
            reply.status = ReplyStatus::session_expired;
            reply.applied = false;
            return reply;
        }
        execute(*request, reply);
        if (known != sessions_.end()) {
            sessions_.erase(known);
        }
        sessions_.push_back({request->session, request->sequence, reply});
        if (sessions_.size() > few_sessions) {
            sessions_.pop_front();
        }
        return reply;
    }

    [[nodiscard]] std::optional<std::string> read(const std::string& key) const {
        std::optional<std::string> value;
        for (const auto& [written, to] : writes_) {
            if (written == key) {
                value = to;
            }
        }
        return value;
    }

  private:
    struct Known {
        std::uint64_t session;
        std::uint64_t sequence;
        Reply reply;
    };

    void execute(const Request& request, Reply& reply) {
        const std::optional<std::string> current = read(request.key);
        std::optional<std::string> next = request.value;
        if (request.operation == Operation::cas && current != request.expected) {
            reply.applied = false;
            reply.value = current;
            return;
        }
        if (request.operation == Operation::cas_or_create && current.has_value() &&
            current != request.expected) {
            reply.applied = false;
            reply.value = current;
            return;
        }
        if (request.operation == Operation::erase) {
            next.reset();
        }
        if (request.operation == Operation::append) {
            next = current.value_or("") + request.value;
        }
        if (request.operation == Operation::add) {
            constexpr std::size_t digits_max = 18;  // Appends may have made it longer.
            if (current && current->size() > digits_max) {
                reply.applied = false;
                reply.value = current;
                return;
            }
            next = std::to_string(std::stoll(current.value_or("0")) + std::stoll(request.value));
        }
        writes_.emplace_back(request.key, next);
    }

    std::vector<std::pair<std::string, std::optional<std::string>>> writes_;
    std::list<Known> sessions_;  ///< Least recently used first.
};

RC_GTEST_PROP(StateMachine, AgreesWithANaiveOracle, ()) {
    const std::vector<Entry> log = *any_log();
    StateMachine state(few_sessions);
    Oracle oracle;

    for (const Entry& entry : log) {
        RC_ASSERT(state.apply(entry) == oracle.apply(entry));
    }
    for (const char* key : {"a", "b", "c"}) {
        RC_ASSERT(state.read(key).value == oracle.read(key));
    }
}

RC_GTEST_PROP(StateSnapshot, ContinuesLikeTheOriginal, ()) {
    const std::vector<Entry> log = *any_log();
    const auto cut = *rc::gen::inRange<std::size_t>(0, log.size() + 1);
    StateMachine original(few_sessions);
    StateMachine copy(few_sessions);

    for (std::size_t i = 0; i < log.size(); ++i) {
        if (i == cut) {
            RC_ASSERT(copy.decode(original.encode(), original.last()));
            RC_ASSERT(copy == original);
        }
        const Reply reply = original.apply(log[i]);
        if (i >= cut) {
            RC_ASSERT(copy.apply(log[i]) == reply);
            RC_ASSERT(copy.hash() == original.hash());
        }
    }
}

RC_GTEST_PROP(StateSnapshot, RefusesAnyDamage, ()) {
    StateMachine state(few_sessions);
    for (const Entry& entry : *any_log()) {
        state.apply(entry);
    }
    std::string bytes = state.encode();
    StateMachine other(few_sessions);

    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!other.decode(bytes.substr(0, size), state.last()));

    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
    RC_ASSERT(!other.decode(bytes, state.last()));
}

}  // namespace
}  // namespace squall::raft::server
