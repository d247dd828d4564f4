#include "harness/triage/states.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "harness/triage/trace_view.hpp"
#include "harness/triage/votes.hpp"
#include "history/operation.hpp"

namespace squall::harness::triage {
namespace {

using checker::Check;
using checker::Verdict;
using history::Operation;
using history::Outcome;

bool reads(const Operation& operation) {
    return operation.function == "read";
}

bool placed(const Operation& operation) {
    return operation.outcome == Outcome::ok && operation.position.has_value();
}

bool mentions(const Check& check, std::string_view words) {
    return check.reason.find(words) != std::string::npos;
}

const Check* violated(const Results& results, std::string_view name) {
    const auto found = std::ranges::find_if(results.checks, [&](const Check& check) {
        return check.name == name && check.verdict == Verdict::invalid;
    });
    return found == results.checks.end() ? nullptr : &*found;
}

/// What clients saw, traced back to who answered in which state.
class ClientView {
  public:
    ClientView(std::span<const history::Event> events, const TraceView& traces)
        : operations_(history::pair(events).operations), traces_(traces) {}

    [[nodiscard]] bool acknowledged_uncommitted() const {
        return std::ranges::any_of(operations_, [&](const Operation& operation) {
            return placed(operation) && !reads(operation) &&
                   !traces_.committed(operation.position->index, operation.completed_at);
        });
    }

    /// "read behind, served by ..."; nothing when no read went back.
    [[nodiscard]] std::optional<std::string> read_behind(const Check* check) const {
        for (const Operation& read : operations_) {
            if (!reads(read) || read.outcome != Outcome::ok ||
                !(read.position ? went_back(read) : blamed(read, check))) {
                continue;
            }
            return "read behind, served by " + server_of(read);
        }
        return std::nullopt;
    }

    /// Of the operations that the check blames, the last one stands where another mutation was
    /// acknowledged.
    [[nodiscard]] bool place_taken(const Check& check) const {
        const Operation* last = nullptr;
        for (const Operation& operation : operations_) {
            if (placed(operation) && blamed(operation, &check)) {
                last = &operation;
            }
        }
        return last != nullptr && std::ranges::any_of(operations_, [&](const Operation& other) {
                   return &other != last && placed(other) && !reads(other) &&
                          other.position->index == last->position->index;
               });
    }

  private:
    [[nodiscard]] std::string server_of(const Operation& read) const {
        const RoleAt server = traces_.role(read.node, read.completed_at);
        if (server.role != "leader") {
            return "no leader";
        }
        if (traces_.deposed(read.node, read.completed_at)) {
            return "a leader of an earlier term";
        }
        // It was served somewhere between the two.
        const RoleAt before = traces_.role(read.node, read.invoked_at);
        const bool fresh = server.unconfirmed || before.unconfirmed || before.term != server.term ||
                           before.role != "leader";
        return fresh ? "a leader that had committed nothing yet" : "the leader";
    }

    [[nodiscard]] bool went_back(const Operation& read) const {
        return std::ranges::any_of(operations_, [&](const Operation& before) {
            return placed(before) && before.completed < read.invoked &&
                   before.position->index > read.position->index;
        });
    }

    [[nodiscard]] static bool blamed(const Operation& operation, const Check* check) {
        return check != nullptr &&
               std::ranges::find(check->evidence, operation.invoked) != check->evidence.end();
    }

    std::vector<Operation> operations_;
    const TraceView& traces_;
};

std::optional<std::string> what_clients_saw(const Results& results,
                                            std::span<const history::Event> events,
                                            const TraceView& traces) {
    const Check* linearizable = violated(results, "linearizable");
    if (linearizable != nullptr && mentions(*linearizable, "that one had failed")) {
        return "what had failed took effect";
    }
    if (traces.empty()) {
        return std::nullopt;
    }
    const ClientView clients(events, traces);
    if (clients.acknowledged_uncommitted()) {
        return "acknowledged before it was committed";
    }
    if (auto behind = clients.read_behind(linearizable)) {
        return behind;
    }
    if (const Check* order = violated(results, "claimed-order")) {
        return clients.place_taken(*order) ? "acknowledged at the place of something else"
                                           : "took effect where it was not acknowledged";
    }
    return std::nullopt;
}

/// "n3 had not applied ...": 3.
NodeId node_named_first(const std::string& sentence) {
    NodeId node = 0;
    if (sentence.starts_with('n')) {
        std::from_chars(sentence.data() + 1, sentence.data() + sentence.size(), node);
    }
    return node;
}

std::string how_elected(std::span<const checker::TraceRecord> records) {
    // Behind in both ways is what every rule that is too weak lets pass.
    return voted_for_behind(records) == LogBehind::in_term ? ", elected in spite of its last term"
                                                           : ", elected in spite of its length";
}

}  // namespace

Cause cause_of(const Results& results,
               const Check& violation,
               std::span<const history::Event> events,
               std::span<const checker::TraceRecord> records) {
    const bool simulated = results.command == "sim";
    const TraceView traces(
        records, results.plan.nodes, simulated ? 0 : results.monotonic_origin.count());
    const Check* certificate = violated(results, "commit-certificate");
    if (certificate != nullptr && mentions(*certificate, "known to hold durably")) {
        return {"commit-certificate", "committed without a majority"};
    }
    const bool durability = violation.name.starts_with("durable") || violation.name == "no-crash";
    if (!durability && !traces.empty() && traces.led_without_majority()) {
        return {"election-safety", "led without a majority of votes"};
    }
    if (violation.name == "linearizable" || violation.name == "claimed-order") {
        if (auto seen = what_clients_saw(results, events, traces)) {
            return {"linearizable", *seen};
        }
    }
    if (violation.name == "leader-completeness") {
        return {violation.name, "led without a committed entry" + how_elected(records)};
    }
    if (violation.name == "durable-hard-state") {
        return {violation.name, "recovered less than was durable"};
    }
    if (violation.name == "applied-hash") {
        if (const auto behind = traces.diverged_behind_a_snapshot()) {
            return {violation.name,
                    *behind ? "a state that began from a snapshot became another one"
                            : "the same entries made another state"};
        }
    }
    if (violation.name == "convergence") {
        if (const auto trouble = traces.trouble(node_named_first(violation.reason),
                                                results.plan.compaction_margin())) {
            return {violation.name, "a node " + *trouble + " does not catch up"};
        }
    }
    return {violation.name, ""};
}

}  // namespace squall::harness::triage
