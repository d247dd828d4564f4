// Traces of Raft nodes as checkers read them: from files (docs/trace-format.md) or straight from
// the simulator. Compared by (node, incarnation, sequence), term and index; never by time.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checker/check.hpp"
#include "history/event.hpp"

namespace squall::checker {

using history::NodeId;

struct TraceInit {
    std::uint64_t term = 0;
    NodeId vote = 0;
    std::uint64_t snapshot_term = 0;
    std::uint64_t snapshot_index = 0;
    std::uint64_t last_term = 0;
    std::uint64_t last_index = 0;
    std::uint64_t hash = 0;
};

struct TraceHardState {
    std::uint64_t term = 0;
    NodeId vote = 0;
};

struct TraceRole {
    std::string role;  ///< follower, pre_candidate, candidate, leader.
    std::uint64_t term = 0;
    NodeId leader = 0;
};

struct TraceAppend {
    std::uint64_t first = 0;
    std::vector<std::uint64_t> terms;
};

struct TraceDurable {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
};

struct TraceCommit {
    std::uint64_t index = 0;
    std::uint64_t term = 0;
    std::map<NodeId, std::uint64_t> match;
};

/// Of a client session; 0, 0: none.
struct TraceEffect {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    friend bool operator==(const TraceEffect&, const TraceEffect&) = default;
};

struct TraceApply {
    std::uint64_t first = 0;
    std::vector<std::uint64_t> terms;
    std::vector<std::uint64_t> hashes;
    std::vector<TraceEffect> effects{};  ///< As many as terms, or not told: empty.
};

struct TraceSnapshot {
    bool installed = false;
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    std::uint64_t hash = 0;
};

/// Something that must not grow without end.
struct TraceBound {
    std::string what;
    std::uint64_t value = 0;
    std::uint64_t limit = 0;  ///< By the node's configuration.
};

using TraceBody = std::variant<TraceInit,
                               TraceHardState,
                               TraceRole,
                               TraceAppend,
                               TraceDurable,
                               TraceCommit,
                               TraceApply,
                               TraceSnapshot,
                               TraceBound>;

struct TraceRecord {
    NodeId node = 0;
    std::uint64_t incarnation = 0;
    std::uint64_t sequence = 0;
    std::int64_t raw_time_ns = 0;  ///< For plots only.
    TraceBody body;
};

struct LoadedTrace {
    std::vector<TraceRecord> records;  ///< By incarnation, then sequence.
    std::optional<std::string> error;  ///< `file:line: field: problem`.
    std::vector<std::string> warnings;
};

/// What a step can append or apply at most, in digits.
inline constexpr std::size_t max_trace_line_bytes = std::size_t{64} << 20U;

/// One life's file. `name` is only for messages.
[[nodiscard]] LoadedTrace load_trace(std::istream& in, const std::string& name);

/// All `trace-*.jsonl` of one node's trace directory. An unterminated last line of a file is
/// dropped.
[[nodiscard]] LoadedTrace load_traces(const std::string& directory);

/// How records come to the checker: per node in order in any case.
enum class TraceOrder : std::uint8_t {
    per_node,  ///< Between nodes in any order, as from files.
    real       ///< As they happened, as from the simulator. Some lies are seen only so.
};

/// The invariants of the paper over the traces of a cluster, fed one record at a time. Used inline
/// by the simulator and over files after a run.
class TraceChecker {
  public:
    explicit TraceChecker(TraceOrder order = TraceOrder::per_node);
    ~TraceChecker();
    TraceChecker(TraceChecker&&) noexcept;
    TraceChecker& operator=(TraceChecker&&) noexcept;

    /// False as soon as anything is violated.
    bool add(const TraceRecord& record);

    /// One Check per invariant, always all of them in this order: election-safety, vote-once,
    /// durable-hard-state, log-matching, commit-certificate, applied-hash,
    /// monotone-commit-and-applied, leader-append-only, leader-completeness, exactly-once,
    /// bounded-resources, term-growth. A sentence names the property, where it was violated and the
    /// event, mostly with the one that it contradicts. *unknown* where no record of the kind was
    /// seen, but for exactly-once and bounded-resources, of which a node need not tell. What is
    /// absent from a trace is never held against a node: a killed one may lack its last records.
    /// Only the results judge term-growth, and what leaders claim of nodes whose traces come later.
    [[nodiscard]] std::vector<Check> results() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::checker
