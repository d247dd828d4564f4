// Turns an input into a stream of frames and reads it back in chunks. The first byte chooses: the
// rest is the stream itself, or payloads that are put into frames here, so that what lies behind
// the checksum is reached.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "raft/frame.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {

inline std::string stream_of(Feed& feed, bool framed) {
    if (!framed) {
        return std::string(feed.rest());
    }
    std::string stream;
    while (!feed.empty()) {
        // 255: all that is left.
        const std::uint8_t size = feed.byte();
        raft::append_frame(stream, size == 255 ? feed.rest() : feed.bytes(size));
    }
    return stream;
}

/// Calls `take` with every payload. What came out must be what stands at the front of the stream.
template <typename Take>
void for_each_frame(std::string_view input, std::size_t max_payload, Take take) {
    Feed feed(input);
    const std::uint8_t choice = feed.byte();
    const std::string stream = stream_of(feed, choice % 2 == 0);
    const std::size_t chunk = choice / 2 + 1;
    raft::FrameReader reader(max_payload);
    std::string again;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        reader.feed(std::string_view(stream).substr(at, chunk));
        while (const auto payload = reader.next()) {
            must(payload->size() <= max_payload, "no payload is longer than allowed");
            raft::append_frame(again, *payload);
            take(*payload);
        }
    }
    must(stream.starts_with(again), "frames read are frames sent");
}

/// A seed: payloads to be framed.
inline std::string seed_of_payloads(const std::vector<std::string>& payloads) {
    std::string seed(1, '\x7e');
    for (const std::string& payload : payloads) {
        seed += static_cast<char>(std::min<std::size_t>(payload.size(), 254));
        seed += payload.substr(0, 254);
    }
    return seed;
}

/// A seed: the stream itself.
inline std::string seed_of_stream(const std::vector<std::string>& payloads) {
    std::string seed(1, '\x7f');
    for (const std::string& payload : payloads) {
        raft::append_frame(seed, payload);
    }
    return seed;
}

}  // namespace squall::fuzz
