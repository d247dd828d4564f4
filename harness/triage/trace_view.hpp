// Questions that triage asks of the nodes' traces. Pure. Times place records beside the history;
// that is exact in the simulator and good to a few milliseconds on processes, where an answer can
// be wrong: it names a group, and decides no verdict.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"

namespace squall::harness::triage {

using history::NodeId;

struct RoleAt {
    std::string role = "follower";
    std::uint64_t term = 0;
    /// Nothing was committed by it as the leader of this term yet.
    bool unconfirmed = true;
};

class TraceView {
  public:
    /// `records`: per node by incarnation and sequence; they live longer. `origin_ns`: of the
    /// history's time 0 in the traces' time.
    TraceView(std::span<const checker::TraceRecord> records,
              std::uint32_t nodes,
              std::int64_t origin_ns);

    [[nodiscard]] bool empty() const { return records_.empty(); }

    /// Some node knew the index to be committed at that time of the history.
    [[nodiscard]] bool committed(std::uint64_t index, history::Time at) const;

    [[nodiscard]] RoleAt role(NodeId node, history::Time at) const;

    /// Some leader had fewer durable votes than a majority, its own included.
    [[nodiscard]] bool led_without_majority() const;

    /// By then somebody else led a later term than the node's.
    [[nodiscard]] bool deposed(NodeId node, history::Time at) const;

    /// In which state a node is at the end that does not catch up with the last leader: "whose log
    /// is behind the snapshot" when they agree only on entries that the leader no longer has,
    /// "whose log conflicts" when entries differ in their terms, and else what it takes itself for.
    /// Nothing: nobody led, or the node itself. `margin`: entries that are kept behind a snapshot.
    [[nodiscard]] std::optional<std::string> trouble(NodeId node, std::uint64_t margin) const;

    /// Two nodes applied the same index and came to different states, and one of them had begun
    /// from a snapshot. Nothing: no two did.
    [[nodiscard]] std::optional<bool> diverged_behind_a_snapshot() const;

  private:
    struct Log {
        std::vector<std::uint64_t> terms;  ///< Of entry i + 1; 0: not known.
        std::uint64_t snapshot = 0;
    };

    [[nodiscard]] RoleAt role_until(NodeId node, std::int64_t raw_time_ns) const;
    [[nodiscard]] Log log_of(NodeId node) const;

    [[nodiscard]] std::int64_t time_of(history::Time at) const { return origin_ns_ + at.count(); }

    std::span<const checker::TraceRecord> records_;
    std::uint32_t nodes_;
    std::int64_t origin_ns_;
};

}  // namespace squall::harness::triage
