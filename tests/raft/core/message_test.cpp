#include "raft/message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::raft::test {
namespace {

template <class T>
T any() {
    return *rc::gen::arbitrary<T>();
}

LogId any_id() {
    return {any<Term>(), any<Index>()};
}

Entry any_entry() {
    return {any<Term>(),
            any<Index>(),
            any<bool>() ? EntryKind::noop : EntryKind::command,
            any<std::string>()};
}

Message any_message() {
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            return VoteRequest{any<Term>(), any_id(), any<bool>()};
        case 1:
            return VoteReply{any<Term>(), any<Term>(), any<bool>(), any<bool>()};
        case 2: {
            AppendRequest request{any<Term>(), any_id(), {}, any<Index>()};
            for (int count = *rc::gen::inRange(0, 5); count > 0; --count) {
                request.entries.push_back(any_entry());
            }
            return request;
        }
        case 3:
            return AppendReply{any<Term>(), any<bool>(), any<Index>(), any<Index>(), any_id()};
        case 4:
            return Heartbeat{any<Term>(), any<Index>(), any<std::uint64_t>()};
        case 5:
            return HeartbeatReply{any<Term>(), any<std::uint64_t>()};
        case 6:
            return SnapshotChunk{any<Term>(),
                                 any_id(),
                                 any<std::vector<NodeId>>(),
                                 any<std::uint64_t>(),
                                 any<std::uint64_t>(),
                                 any<std::string>()};
        default:
            return SnapshotReply{
                any<Term>(), any_id(), any<std::uint64_t>(), any<bool>(), any<Index>()};
    }
}

RC_GTEST_PROP(MessageCodec, DecodingUndoesEncoding, ()) {
    const Message message = any_message();

    RC_ASSERT(decode(encode(message)) == message);
}

RC_GTEST_PROP(MessageCodec, EveryPrefixIsRefused, ()) {
    const std::string bytes = encode(any_message());
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());

    // A copy of exactly that size, so that a sanitizer sees any read beyond it.
    RC_ASSERT(!decode(std::string(bytes, 0, size)));
}

RC_GTEST_PROP(MessageCodec, TrailingBytesAreRefused, ()) {
    RC_ASSERT(!decode(encode(any_message()) + "x"));
}

RC_GTEST_PROP(MessageCodec, WhateverIsAcceptedIsCanonical, ()) {
    std::string bytes = any<bool>() ? any<std::string>() : encode(any_message());
    for (int changes = *rc::gen::inRange(0, 4); changes > 0 && !bytes.empty(); --changes) {
        bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = any<char>();
    }

    const std::optional<Message> message = decode(bytes);

    if (message) {
        RC_ASSERT(encode(*message) == bytes);
    }
}

TEST(MessageCodec, ACountThatCannotBeTrueAllocatesNothing) {
    std::string bytes = encode(AppendRequest{1, {1, 1}, {}, 1});
    bytes.replace(bytes.size() - 4, 4, "\xff\xff\xff\xff");

    EXPECT_FALSE(decode(bytes));
}

TEST(MessageCodec, UnknownTagsAndEmptyInputAreRefused) {
    EXPECT_FALSE(decode(""));
    EXPECT_FALSE(decode(std::string(1, '\0')));
    EXPECT_FALSE(decode("\x09"));
}

TEST(MessageCodec, TheFormatIsTheDocumentedOne) {
    const std::string bytes = encode(VoteRequest{1, {2, 3}, true});

    std::string expected("\x01", 1);
    expected += std::string("\x01\0\0\0\0\0\0\0", 8);
    expected += std::string("\x02\0\0\0\0\0\0\0", 8);
    expected += std::string("\x03\0\0\0\0\0\0\0", 8);
    expected += '\x01';
    EXPECT_EQ(bytes, expected);
}

}  // namespace
}  // namespace squall::raft::test
