// Invariants about logs over the traces of a cluster, and what a trace tells of a node's log; parts
// of TraceChecker.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/trace.hpp"
#include "checker/trace_invariant.hpp"
#include "history/random.hpp"

namespace squall::checker {

/// What is known of a node's in-memory log: the terms of a contiguous stretch of it.
class TracedLog {
  public:
    void reset(std::uint64_t index, std::uint64_t term) {
        first_ = index;
        terms_.assign(1, term);
    }

    void append(const TraceAppend& append);

    /// A snapshot up to `index` is in place: what follows an entry that it contains stays (figure
    /// 13, rule 6), also what came before the snapshot was durable, and so before it was told of.
    void install(std::uint64_t index, std::uint64_t term);

    [[nodiscard]] std::uint64_t first() const { return first_; }

    [[nodiscard]] std::uint64_t end() const { return first_ + terms_.size(); }

    [[nodiscard]] std::optional<std::uint64_t> term_at(std::uint64_t index) const {
        return index < first_ || index >= end() ? std::nullopt
                                                : std::optional{terms_[index - first_]};
    }

    /// For an index in [first, end).
    [[nodiscard]] std::uint64_t term_within(std::uint64_t index) const {
        return terms_[index - first_];
    }

  private:
    std::uint64_t first_ = 0;
    std::vector<std::uint64_t> terms_;
};

/// One life of a node, as far as its trace has been read.
struct TracedLife {
    std::uint64_t incarnation = 0;
    bool started = false;
    bool leads = false;
    TracedLog log;
    std::uint64_t commit = 0;
    TraceEventId committed_by;
    bool committed_since_append = false;
    std::uint64_t applied = 0;
    TraceEventId applied_by;
    /// When the term of the leader's role began.
    TraceEventId leads_since;

    /// Entries by index whose predecessor's term only its application will tell.
    struct Unconfirmed {
        std::uint64_t term = 0;
        TraceEventId event;
    };

    std::map<std::uint64_t, Unconfirmed> unconfirmed;
};

/// Leader append-only and log matching (§5.3).
class LogInvariants {
  public:
    /// The node appends; brings its log up to date.
    void appended(const TraceRecord& record, TracedLife& life, const TraceAppend& append);

    /// The node's entry at this index certainly has this term: what was appended after it in doubt
    /// can be judged.
    void confirm(TracedLife& life, std::uint64_t index, std::uint64_t term);

    [[nodiscard]] const TraceInvariant& matching() const { return matching_; }

    [[nodiscard]] const TraceInvariant& append_only() const { return append_only_; }

  private:
    using Entry = std::pair<std::uint64_t, std::uint64_t>;  ///< Index and term.

    struct Hash {
        std::size_t operator()(const Entry& entry) const {
            return history::mix(history::mix(entry.first) ^ entry.second);
        }
    };

    struct Predecessor {
        std::uint64_t term = 0;
        TraceEventId event;  ///< That told it first.
    };

    void follows(const TraceEventId& event,
                 std::uint64_t index,
                 std::uint64_t term,
                 std::uint64_t before);

    TraceInvariant matching_{"log-matching", "Log Matching (§5.3)", "append"};
    TraceInvariant append_only_{
        "leader-append-only", "Leader Append-Only (§5.3)", "leader's append"};
    std::unordered_map<Entry, Predecessor, Hash> predecessors_;
};

}  // namespace squall::checker
