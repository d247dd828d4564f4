// What the log means: store + sessions + a running hash over every entry and its result. Equal logs
// give equal state, replies and hash on every replica, also across snapshots. Entries go in;
// whether they are committed is the caller's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "raft/server/kv.hpp"
#include "raft/server/request.hpp"
#include "raft/server/sessions.hpp"
#include "raft/trace.hpp"
#include "raft/types.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::raft::server {

class StateMachine {
  public:
    /// `session_guard`: see Sessions. 0: any session may be forgotten.
    explicit StateMachine(std::size_t max_sessions, Index session_guard = 0, zoo::Bugs bugs = {})
        : sessions_(max_sessions, session_guard), bugs_(bugs) {}

    /// The reply for whoever proposed it. A command that does not decode changes nothing and is
    /// answered `malformed`, on every replica.
    Reply apply(const Entry& entry);

    /// What the last entry applied took effect as.
    [[nodiscard]] SessionEffect effect() const { return effect_; }

    [[nodiscard]] Reply read(std::string_view key) const;

    /// The last entry applied.
    [[nodiscard]] LogId last() const { return last_; }

    [[nodiscard]] std::uint64_t hash() const { return hash_; }

    /// Of clients that it remembers.
    [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

    /// Everything, with a checksum at the end: the data of a snapshot of `last`.
    [[nodiscard]] std::string encode() const;

    /// Replaces everything by what `encode` made of the state at `expected`. False, and an unusable
    /// state, when the bytes are not that. Never over-reads; allocates no more than a small
    /// multiple of the input.
    [[nodiscard]] bool decode(std::string_view bytes, LogId expected);

    /// Bug dedup_local only: whether to look up mutations that were applied before.
    void remember_sessions(bool remember) { remember_sessions_ = remember; }

    friend bool operator==(const StateMachine& a, const StateMachine& b) {
        return a.store_ == b.store_ && a.sessions_ == b.sessions_ && a.last_ == b.last_ &&
               a.hash_ == b.hash_;
    }

  private:
    [[nodiscard]] Reply execute(const Entry& entry);

    KeyValueStore store_;
    Sessions sessions_;
    LogId last_;
    std::uint64_t hash_ = 0;
    SessionEffect effect_;
    [[no_unique_address]] zoo::Bugs bugs_;
    bool remember_sessions_ = true;
};

}  // namespace squall::raft::server
