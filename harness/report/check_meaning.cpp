#include "harness/report/check_meaning.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace squall::harness::report {
namespace {

using Meaning = std::pair<std::string_view, std::string_view>;

constexpr std::array meanings{
    Meaning{"linearizable",
            "Every operation must seem to happen at one moment between its call and its answer: a "
            "read must see what had been answered before it began."},
    Meaning{"claimed-order",
            "Answers name the place in the log that they stand on; those places must agree with "
            "one log, and with the order in which clients were answered."},
    Meaning{"election-safety", "At most one leader in a term."},
    Meaning{"one-leader-per-term", "At most one leader in a term."},
    Meaning{"vote-once", "A node votes at most once in a term."},
    Meaning{"durable-hard-state",
            "A node that restarts must still know its term and its vote; one that forgets can vote "
            "twice in a term."},
    Meaning{"log-matching",
            "Logs that hold an entry of the same index and term are the same up to it."},
    Meaning{"commit-certificate",
            "A leader may commit only what a majority holds on disk, and only by an entry of its "
            "own term."},
    Meaning{"applied-hash",
            "All nodes apply the same entry at an index, and are then in the same "
            "state."},
    Meaning{"monotone-commit-and-applied", "Commit and applied indices never go back."},
    Meaning{"leader-append-only", "A leader never overwrites or deletes entries of its log."},
    Meaning{"leader-completeness", "A leader has every entry that was committed before its term."},
    Meaning{"exactly-once", "A request that a client repeats takes effect once."},
    Meaning{"bounded-resources", "What a node keeps in memory stays below its stated bound."},
    Meaning{"term-growth",
            "A node that nobody hears must not begin one term after the other: pre-vote is there "
            "to prevent it."},
    Meaning{"durable-acknowledgement",
            "What a node has promised to others, a vote or entries, is still on its disk when it "
            "starts again."},
    Meaning{"convergence",
            "Once everything is whole again, every node applies all that was committed."},
    Meaning{"no-crash",
            "No node ends by itself: by an assertion, a signal, or a refusal to "
            "start."},
    Meaning{"progress", "After everything is healed the cluster serves again, soon."},
    Meaning{"availability",
            "While a majority is up and connected, writes are served, but for the time that "
            "elections take."},
    Meaning{"coverage",
            "The faults must have had an effect, and enough operations succeeded, for "
            "a verdict to mean anything."},
    Meaning{"protocol", "What the program says is well-formed, and answers what it was asked."}};

}  // namespace

std::string_view check_meaning(const std::string& check) {
    const auto found = std::ranges::find(meanings, std::string_view(check), &Meaning::first);
    return found == meanings.end() ? std::string_view() : found->second;
}

}  // namespace squall::harness::report
