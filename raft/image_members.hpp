// The members of the Raft's values in a fixed order, for raft/image.hpp: each is named once for
// writing and reading.
#pragma once

#include <tuple>
#include <type_traits>

#include "raft/message.hpp"
#include "raft/persist.hpp"
#include "raft/types.hpp"

namespace squall::raft {

namespace image {

template <class T, class Value>
concept Like = std::is_same_v<std::remove_const_t<T>, Value>;

}  // namespace image

// The members of each type, in one place for both directions. Found by the type's own namespace.
auto image_members(image::Like<LogId> auto& v) {
    return std::tie(v.term, v.index);
}

auto image_members(image::Like<HardState> auto& v) {
    return std::tie(v.term, v.voted_for);
}

auto image_members(image::Like<Entry> auto& v) {
    return std::tie(v.term, v.index, v.kind, v.data);
}

auto image_members(image::Like<Snapshot> auto& v) {
    return std::tie(v.last, v.voters, v.data);
}

auto image_members(image::Like<Persist> auto& v) {
    return std::tie(v.snapshot,
                    v.discard_log,
                    v.hard_state,
                    v.truncate_from,
                    v.append,
                    v.compact_to);  // Its id depends on when the server started.
}

auto image_members(image::Like<VoteRequest> auto& v) {
    return std::tie(v.term, v.last, v.pre_vote);
}

auto image_members(image::Like<VoteReply> auto& v) {
    return std::tie(v.term, v.request_term, v.pre_vote, v.granted);
}

auto image_members(image::Like<AppendRequest> auto& v) {
    return std::tie(v.term, v.previous, v.entries, v.commit);
}

auto image_members(image::Like<AppendReply> auto& v) {
    return std::tie(v.term, v.success, v.previous, v.match, v.conflict);
}

auto image_members(image::Like<Heartbeat> auto& v) {
    return std::tie(v.term, v.commit, v.round);
}

auto image_members(image::Like<HeartbeatReply> auto& v) {
    return std::tie(v.term, v.round);
}

auto image_members(image::Like<SnapshotChunk> auto& v) {
    return std::tie(v.term, v.last, v.voters, v.offset, v.total, v.data);
}

auto image_members(image::Like<SnapshotReply> auto& v) {
    return std::tie(v.term, v.last, v.offset, v.installed, v.match);
}

auto image_members(image::Like<Envelope> auto& v) {
    return std::tie(v.from, v.to, v.message);
}

}  // namespace squall::raft
