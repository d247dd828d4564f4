// What triage reads of a failing run, and nothing else: which properties were violated and how,
// where a node's program gave up, who had which role, which faults it takes. Pure. It is made from
// results, history, traces and messages; of the plan it reads the faults and what the cluster is,
// so that it cannot learn what was switched on in the nodes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::triage {

struct Evidence {
    /// The violated property that is nearest to the cause: what the nodes did wrong before what
    /// clients saw of it.
    std::string property;
    /// How it was violated, without names and numbers.
    std::string shape;
    /// The assertion that failed or the refusal, when a node ended by itself.
    std::string site;
    /// In which state it happened: who answered in which role, what was committed by then.
    std::string state;
    /// Classes of the faults that it takes, ascending. Not part of the signature: the same bug can
    /// be had by a cut, a pause or a kill.
    std::vector<std::string> faults;
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// Of a run that failed, best of a shrunk one. `records`: per node in order; may be empty.
/// `messages`: in the order of `sent`; only of a simulated run.
[[nodiscard]] Evidence evidence_of(const Results& results,
                                   std::span<const history::Event> events,
                                   std::span<const checker::TraceRecord> records,
                                   std::span<const NodeMessage> messages = {});

/// The shrunk run's evidence, with what only the whole run shows of the same: that nodes answer
/// reads without leading is seen where many are read, though one read behind is left.
[[nodiscard]] Evidence with_whole_run(Evidence shrunk, const Evidence& whole);

/// The group that the failure belongs to, in words: property with site, state or shape.
[[nodiscard]] std::string signature(const Evidence& evidence);

/// "kill+partition", or "none".
[[nodiscard]] std::string words_of_faults(const Evidence& evidence);

[[nodiscard]] std::string to_json(const Evidence& evidence);

/// Names, numbers and hashes replaced by what they stand for; at most the first clause.
[[nodiscard]] std::string shape_of(const std::string& sentence);

}  // namespace squall::harness::triage
