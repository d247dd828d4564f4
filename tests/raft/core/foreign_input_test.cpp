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

LogId any_id() {
    return {any_number(), any_number()};
}

bool any_bool() {
    return *rc::gen::arbitrary<bool>();
}

AppendRequest any_append() {
    AppendRequest request{any_number(), any_id(), {}, any_number()};
    Index index = request.previous.index;
    for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
        index = any_bool() || any_bool() ? index + 1 : any_number();
        request.entries.push_back({any_number(), index, EntryKind::command, "x"});
    }
    return request;
}

Message any_message() {
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            return VoteRequest{any_number(), any_id(), any_bool()};
        case 1:
            return VoteReply{any_number(), any_number(), any_bool(), any_bool()};
        case 2:
            return any_append();
        case 3:
            return AppendReply{
                any_number(), any_bool(), any_number(), any_number(), any_id(), any_number()};
        case 4:
            return Heartbeat{any_number(), any_number(), any_number()};
        case 5:
            return HeartbeatReply{any_number(), any_number(), any_number()};
        case 6:
            return SnapshotChunk{any_number(),
                                 any_id(),
                                 {*rc::gen::inRange<NodeId>(0, 5), 1},
                                 any_number(),
                                 any_number(),
                                 std::string(*rc::gen::inRange<std::size_t>(0, 8), 'x')};
        default:
            return SnapshotReply{any_number(), any_id(), any_number(), any_bool(), any_number()};
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
        host.core.step(host.now, {*rc::gen::inRange<NodeId>(0, 5), 1, any_message()});
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

TEST(ForeignInput, ASecondLeaderOfATermIsNotFollowed) {
    Host host(config_of());
    host.step(2, Heartbeat{5, 0, 1});

    EXPECT_TRUE(host.step(3, Heartbeat{5, 0, 1}).messages.empty());

    EXPECT_EQ(host.core.status().leader, 2U);
}

}  // namespace
}  // namespace squall::raft::test
