#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

/// Small numbers meet what the core holds; huge ones look for overflow.
std::uint64_t any_number() {
    return *rc::gen::weightedOneOf<std::uint64_t>({{12, rc::gen::inRange<std::uint64_t>(0, 12)},
                                                   {1, rc::gen::arbitrary<std::uint64_t>()},
                                                   {1, rc::gen::just(~std::uint64_t{0})}});
}

LogId any_foreign_id() {
    return {any_number(), any_number()};
}

bool any_bool() {
    return *rc::gen::arbitrary<bool>();
}

AppendRequest any_append() {
    AppendRequest request{any_number(), any_foreign_id(), {}, any_number()};
    Index index = request.previous.index;
    for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
        index = any_bool() || any_bool() ? index + 1 : any_number();
        request.entries.push_back({any_number(), index, EntryKind::command, "x"});
    }
    return request;
}

Message any_foreign_message() {
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            return VoteRequest{any_number(), any_foreign_id(), any_bool()};
        case 1:
            return VoteReply{any_number(), any_number(), any_bool(), any_bool()};
        case 2:
            return any_append();
        case 3:
            return AppendReply{
                any_number(), any_bool(), any_number(), any_number(), any_foreign_id()};
        case 4:
            return Heartbeat{any_number(), any_number(), any_number()};
        case 5:
            return HeartbeatReply{any_number(), any_number()};
        case 6:
            return SnapshotChunk{any_number(),
                                 any_foreign_id(),
                                 {*rc::gen::inRange<NodeId>(0, 5), 1},
                                 any_number(),
                                 any_number(),
                                 std::string(*rc::gen::inRange<std::size_t>(0, 8), 'x')};
        default:
            return SnapshotReply{
                any_number(), any_foreign_id(), any_number(), any_bool(), any_number()};
    }
}

// No message, however absurd, may trip an assertion: whoever can reach the port could stop the
// node.
RC_GTEST_PROP(ForeignInput, NoMessageCanBreakAnInvariant, ()) {
    Host host(config_of(), recovered_of({1, 1, 3, 3}, {3, no_node}));
    if (any_bool()) {
        host.lead();
    }
    const int messages = *rc::gen::inRange(1, 200);
    for (int i = 0; i < messages; ++i) {
        host.core.step(host.now, {*rc::gen::inRange<NodeId>(0, 5), 1, any_foreign_message()});
        switch (*rc::gen::inRange(0, 8)) {
            case 0:
                host.settle();
                break;
            case 1:
                static_cast<void>(host.take());
                break;
            case 2:
                host.advance_to_deadline();
                break;
            case 3:
                host.propose("x");
                break;
            case 4:
                static_cast<void>(host.core.read_index(host.now));
                break;
            default:
                break;
        }
    }
    host.settle();
}

TEST(ForeignInput, MessagesForOthersOrFromNobodyAreDropped) {
    Host host(config_of());

    host.core.step(host.now, {2, 3, Heartbeat{5, 0, 1}});
    host.core.step(host.now, {1, 1, Heartbeat{5, 0, 1}});
    host.core.step(host.now, {no_node, 1, Heartbeat{5, 0, 1}});

    EXPECT_EQ(host.core.status().term, 0U);
}

// One corrupt number must not use up all the terms that there are.
TEST(ForeignInput, AnAbsurdTermIsNotBelievedAndMovesOursOnOnlyALittle) {
    Host host(config_of());
    const Term absurd = limits::numbers_end - 1;

    host.step(2, VoteReply{absurd, absurd, false, true});
    host.step(3, Heartbeat{absurd, 0, 1});

    EXPECT_EQ(host.core.status().term, 2 * limits::term_jump);
    EXPECT_EQ(host.core.status().leader, no_node);
    EXPECT_EQ(host.core.status().refusals.bad_term, 2U);
    host.step(3, Heartbeat{host.core.status().term + limits::term_jump, 0, 1});
    EXPECT_EQ(host.core.status().leader, 3U);
}

TEST(ForeignInput, RequestsForVotesInAnAbsurdTermChangeNothing) {
    Host host(config_of());

    host.step(2, VoteRequest{limits::term_jump + 1, {}, true});
    host.step(2, VoteRequest{limits::term_jump + 1, {}, false});

    EXPECT_EQ(host.core.status().term, 0U);
    EXPECT_EQ(host.core.status().refusals.bad_term, 2U);
}

TEST(ForeignInput, TermsThatCannotBeNumbersOfTermsChangeNothing) {
    Host host(config_of());

    host.step(2, Heartbeat{limits::numbers_end, 0, 1});
    host.step(2, Heartbeat{~Term{0}, 0, 1});

    EXPECT_EQ(host.core.status().term, 0U);
    EXPECT_EQ(host.core.status().refusals.bad_term, 2U);
}

TEST(ForeignInput, EveryRefusalIsCountedByItsKind) {
    Host host(config_of());
    host.step(2, AppendRequest{1, {}, entries_of(1, {1}), 1});
    const auto refusals = [&host] { return host.core.status().refusals; };

    host.core.step(host.now, {2, 3, Heartbeat{1, 0, 1}});
    EXPECT_EQ(refusals().misaddressed, 1U);
    host.step(2, AppendRequest{1, {1, 1}, entries_of(5, {1}), 1});
    EXPECT_EQ(refusals().bad_content, 1U);
    host.step(2, SnapshotChunk{1, {1, 9}, {1, 2, 3}, 0, limits::snapshot_bytes + 1, "x"});
    host.step(2, SnapshotChunk{1, {1, 9}, {1, 2, 3}, ~std::uint64_t{0}, 5, "x"});
    EXPECT_EQ(refusals().bad_content, 3U);
    host.step(3, Heartbeat{1, 0, 1});
    EXPECT_EQ(refusals().contradictory, 1U);
    host.step(2, AppendRequest{2, {2, 1}, {}, 1});
    EXPECT_EQ(refusals().contradictory, 2U);
}

TEST(ForeignInput, ASecondLeaderOfATermIsNotFollowed) {
    Host host(config_of());
    host.step(2, Heartbeat{5, 0, 1});

    EXPECT_TRUE(host.step(3, Heartbeat{5, 0, 1}).messages.empty());

    EXPECT_EQ(host.core.status().leader, 2U);
}

}  // namespace
}  // namespace squall::raft::test
