// What must hold over a whole cluster (figure 3 of the paper), judged from outside of the cores:
// from traces, messages, what was handed to applications, and what the disks really hold.
// Remembers the first violation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "raft/core.hpp"
#include "tests/raft/core/disk_model.hpp"

namespace squall::raft::test {

/// What an application knows: how far it applied, and a hash over all of it.
struct Application {
    LogId last;
    std::uint64_t hash = 0;

    void apply(const Entry& entry);

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] static Application decode(const std::string& bytes);

    friend bool operator==(const Application&, const Application&) = default;
};

class Oracle {
  public:
    [[nodiscard]] const std::string& violation() const { return violation_; }

    void fail(NodeId node, const std::string& what);

    /// The highest index that any leader ever announced as committed.
    [[nodiscard]] Index committed() const { return committed_.empty() ? 0 : last_committed_; }

    /// Log matching: equal ids mean equal entries with equal predecessors. `previous` is the last
    /// entry before the write.
    void wrote(NodeId node, LogId previous, const std::vector<Entry>& entries);

    /// Election safety and leader completeness.
    void elected(NodeId node, Term term, const Core& core);

    /// A leader announces a commit; `holders` counts the servers whose disks hold the entry.
    void announced(NodeId node,
                   const CommitTrace& commit,
                   const Core& core,
                   std::size_t holders,
                   std::size_t voters);

    /// Leader completeness, when the commit came after the election of a later leader.
    void still_leads(NodeId node, const Core& core);

    /// Nothing is said that the disk could forget; one vote per term.
    void said(const Envelope& envelope, const Core& core, const DiskModel& disk);

    /// State-machine safety.
    void applied(NodeId node, const Application& application);

  private:
    struct Known {
        std::string data;
        LogId previous;
    };

    struct Committed {
        Term entry_term = 0;
        Term committed_in = 0;  ///< The smallest leader term that announced it.
    };

    std::map<LogId, Known> entries_;
    std::map<Term, NodeId> leaders_;
    std::map<std::pair<NodeId, Term>, NodeId> votes_;
    std::map<Index, Committed> committed_;
    Index last_committed_ = 0;
    std::map<Index, Application> applied_;
    std::string violation_;
};

}  // namespace squall::raft::test
