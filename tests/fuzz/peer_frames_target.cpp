// What peers send to a node: frames, a hello, Raft messages.
#include "raft/message.hpp"
#include "raft/node/hello.hpp"
#include "tests/fuzz/frames.hpp"

namespace squall::fuzz {
namespace {

using namespace raft;  // NOLINT(google-build-using-namespace)

constexpr std::size_t max_payload = std::size_t{64} << 10U;

bool run(std::string_view input) {
    bool accepted = false;
    for_each_frame(input, max_payload, [&](std::string_view payload) {
        if (const auto hello = node::decode_hello(payload)) {
            must(node::encode(*hello) == payload, "a hello is written as it was read");
            (void)node::fits(*hello, node::DiallerRole::peer, 7, 1);
            accepted = true;
        }
        if (const auto message = decode(payload)) {
            must(encode(*message) == payload, "a message is written as it was read");
            accepted = true;
        }
    });
    return accepted;
}

std::vector<Message> messages() {
    AppendRequest append;
    append.term = 3;
    append.previous = {2, 7};
    append.entries = {{3, 8, EntryKind::noop, ""}, {3, 9, EntryKind::command, "set x 1"}};
    append.commit = 7;
    SnapshotChunk chunk;
    chunk.term = 4;
    chunk.last = {3, 20};
    chunk.voters = {1, 2, 3};
    chunk.total = 12;
    chunk.data = "hello, world";
    VoteRequest vote;
    vote.term = 5;
    vote.last = {4, 30};
    vote.pre_vote = true;
    return {vote,
            VoteReply{},
            append,
            AppendReply{},
            Heartbeat{},
            HeartbeatReply{},
            chunk,
            SnapshotReply{}};
}

std::vector<std::string> seeds() {
    std::vector<std::string> all{node::encode({node::DiallerRole::peer, 7, 2, 1})};
    std::vector<std::string> made;
    for (const Message& message : messages()) {
        all.push_back(encode(message));
        made.push_back(seed_of_payloads({all.back()}));
    }
    made.push_back(seed_of_payloads(all));
    made.push_back(seed_of_stream(all));
    return made;
}

std::vector<std::string> tokens() {
    return {"SQL1", std::string(8, '\xff'), std::string(4, '\xff'), std::string("\x15\0\0\0", 4)};
}

}  // namespace

const Target peer_frames{"peer_frames", run, seeds, tokens};

}  // namespace squall::fuzz
