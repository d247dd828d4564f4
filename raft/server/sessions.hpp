// Exactly-once mutations (dissertation §6.3): what the last mutation of each client session was and
// what it was answered. Part of the replicated state: every replica takes the same decisions at the
// same log position, including whom to forget.
//
// Invariant: at most `limit` sessions; each is in both maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "raft/bytes.hpp"
#include "raft/server/kv.hpp"
#include "raft/types.hpp"

namespace squall::raft::server {

class Sessions {
  public:
    enum class Verdict : std::uint8_t {
        fresh,     ///< Apply it, then `record`.
        repeated,  ///< Applied before; answer what `recorded` holds.
        expired    ///< Must not be applied: older than the last, or the session is not known, or
                   ///< there is no room for a new one; or the answer was not kept.
    };

    struct Record {
        std::uint64_t sequence = 0;
        Index used = 0;                  ///< Log position of the last request.
        LogId position;                  ///< Where the mutation was applied...
        KeyValueStore::Outcome outcome;  ///< ...and with which result.
        /// The result had a value too long to keep: a repeated request gets no answer.
        bool lost_value = false;
        friend bool operator==(const Record&, const Record&) = default;
    };

    /// A session used within `guard` entries is never forgotten.
    Sessions(std::size_t limit, Index guard) : limit_(limit), guard_(guard) {}

    /// Of a request at log position `now`. A session starts with sequence 1. Gaps are allowed: what
    /// lies in one was given up.
    [[nodiscard]] Verdict judge(std::uint64_t session, std::uint64_t sequence, Index now) const;

    /// Only after `judge` said repeated. Notes the use at log position `now`.
    [[nodiscard]] const Record& recorded(std::uint64_t session, Index now);

    /// Only after `judge` said fresh. The least recently used session makes room for a new one.
    void record(std::uint64_t session,
                std::uint64_t sequence,
                LogId position,
                KeyValueStore::Outcome outcome);

    [[nodiscard]] std::size_t size() const { return records_.size(); }

    void encode(std::string& out) const;

    /// Replaces the contents; fails the reader on anything that `encode` does not write.
    void decode(ByteReader& reader);

    friend bool operator==(const Sessions&, const Sessions&) = default;

  private:
    void touch(std::uint64_t session, Record& record, Index now);

    [[nodiscard]] bool may_begin(Index now) const;

    std::size_t limit_;
    Index guard_;
    std::map<std::uint64_t, Record> records_;
    /// By last use. An entry concerns one session, so positions are unique.
    std::map<Index, std::uint64_t> by_use_;
};

}  // namespace squall::raft::server
