// Holds every node to its word: what it has promised on the wire (a vote, a candidacy, entries that
// it acknowledged) must be on its disk whenever it starts again. Listens to messages and to what
// the disk was asked to do, not to traces, so that it believes nothing that the node says of
// itself.
//
// An acknowledged entry counts until the node is asked to overwrite it, as a later leader may.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "raft/message.hpp"
#include "raft/persist.hpp"

namespace squall::harness::sim {

/// What a start found on the disk.
struct FoundOnDisk {
    raft::HardState hard_state;
    raft::LogId snapshot;
    raft::Index first = 1;          ///< Of the entries.
    std::vector<raft::Term> terms;  ///< Theirs.

    [[nodiscard]] static FoundOnDisk of(const raft::Recovered& recovered);

    [[nodiscard]] raft::Index last() const;
    [[nodiscard]] std::optional<raft::Term> term_at(raft::Index index) const;
};

class PromiseAudit {
  public:
    /// The node's disk is asked for these, in order; before what the same step says.
    void asked(raft::NodeId node, std::span<const raft::Persist> writes);

    /// The node says this to another.
    void said(const raft::Envelope& envelope);

    /// The node begins its `incarnation`-th life.
    void started(raft::NodeId node, std::uint64_t incarnation, const FoundOnDisk& found);

    /// Check "durable-acknowledgement".
    [[nodiscard]] checker::Check check() const;

  private:
    struct Vote {
        raft::Term term = 0;
        raft::NodeId to = raft::no_node;  ///< no_node: only the term was promised.
    };

    struct Word {
        Vote vote;
        raft::LogId acknowledged;  ///< term 0: not known, behind a snapshot.
        // Term and log as the disk was asked to keep them.
        raft::Term term = 0;
        raft::Index first = 1;
        std::deque<raft::Term> terms;
    };

    static void promise(Word& word, raft::Term term, raft::NodeId vote);
    static void acknowledge(Word& word, raft::Term term, raft::Index index);
    static void replace_from(Word& word, raft::Index index);
    [[nodiscard]] static raft::Term term_at(const Word& word, raft::Index index);
    void broken(raft::NodeId node, std::uint64_t incarnation, const std::string& what);

    std::map<raft::NodeId, Word> words_;
    std::uint64_t promises_ = 0;
    std::uint64_t restarts_ = 0;
    std::vector<std::string> broken_;
};

}  // namespace squall::harness::sim
