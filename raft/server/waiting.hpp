// Client requests that wait for the log: mutations for their entry to be applied, reads for their
// read index to be confirmed and then reached. Bookkeeping only; what to answer is the server's
// decision.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "raft/core.hpp"
#include "raft/server/server.hpp"
#include "raft/types.hpp"

namespace squall::raft::server {

/// Invariant: indices ascend, since only a leader adds and whoever loses leadership takes all.
class WaitingMutations {
  public:
    /// Bug reply_by_index: the term of what is applied is not looked at.
    explicit WaitingMutations(bool by_index = false) : by_index_(by_index) {}

    void add(LogId entry, RequestToken token);

    struct Taken {
        std::optional<RequestToken> served;  ///< Waited for exactly this entry.
        std::vector<RequestToken> lost;      ///< Waited at or before it, for an entry that is not.
    };

    /// `entry` was applied.
    [[nodiscard]] Taken take_applied(LogId entry);

    /// Everyone who waits for an entry of a term other than `term`.
    [[nodiscard]] std::vector<RequestToken> take_other_terms(Term term);

    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  private:
    struct Waiter {
        LogId entry;
        RequestToken token = 0;
    };

    std::deque<Waiter> waiting_;
    bool by_index_;
};

struct WaitingRead {
    RequestToken token = 0;
    std::string key;
};

class WaitingReads {
  public:
    void add(ReadId id, std::vector<WaitingRead> reads);

    /// Leadership held: the reads may be served from `index` on.
    void confirm(ReadId id, Index index);

    /// Leadership was lost: takes the reads of that round.
    [[nodiscard]] std::vector<WaitingRead> take_lost(ReadId id);

    /// The reads that a state machine at `applied` may serve.
    [[nodiscard]] std::vector<WaitingRead> take_ready(Index applied);

    [[nodiscard]] std::size_t size() const { return size_; }

    /// Of their keys.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    void forget(const std::vector<WaitingRead>& reads);

    std::map<ReadId, std::vector<WaitingRead>> unconfirmed_;
    std::multimap<Index, std::vector<WaitingRead>> confirmed_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace squall::raft::server
