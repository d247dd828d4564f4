#include "harness/triage/states.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "harness/triage/client_view.hpp"
#include "harness/triage/trace_view.hpp"
#include "harness/triage/unheard.hpp"
#include "harness/triage/votes.hpp"
#include "harness/triage/withheld.hpp"

namespace squall::harness::triage {
namespace {

using checker::Check;
using checker::Verdict;
using history::NodeId;

bool mentions(const Check& check, std::string_view words) {
    return check.reason.find(words) != std::string::npos;
}

const Check* violated(const Results& results, std::string_view name) {
    const auto found = std::ranges::find_if(results.checks, [&](const Check& check) {
        return check.name == name && check.verdict == Verdict::invalid;
    });
    return found == results.checks.end() ? nullptr : &*found;
}

std::optional<std::string> what_clients_saw(const Results& results,
                                            std::span<const history::Event> events,
                                            const TraceView& traces,
                                            std::span<const NodeMessage> messages) {
    const Check* linearizable = violated(results, "linearizable");
    if (linearizable != nullptr && mentions(*linearizable, "that one had failed")) {
        return "what had failed took effect";
    }
    if (traces.empty()) {
        return std::nullopt;
    }
    const ClientView clients(events, traces, messages, results.plan.nodes);
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

bool is_of_liveness(const std::string& check) {
    return check == "convergence" || check == "progress" || check == "availability" ||
           check == "term-growth";
}

/// Somebody is there and is sent nothing, whatever is seen of it.
bool kept_from_a_follower(const Results& results, const NodesSaid& nodes) {
    constexpr int timeouts = 2;
    return withheld_entries(
        nodes.records, nodes.messages, timeouts * results.plan.timing.election_max);
}

bool led_on_unheard(const Results& results, const NodesSaid& nodes) {
    // A leader's clock may run slowly for a while.
    constexpr int timeouts = 3;
    return led_unheard(nodes.records,
                       nodes.messages,
                       results.plan.nodes,
                       timeouts * results.plan.timing.election_max);
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
               const NodesSaid& nodes) {
    const std::span<const checker::TraceRecord> records = nodes.records;
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
        if (auto seen = what_clients_saw(results, events, traces, nodes.messages)) {
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
    if (is_of_liveness(violation.name) && led_on_unheard(results, nodes)) {
        return {"progress", "a leader that hears no majority goes on leading"};
    }
    if (is_of_liveness(violation.name) && kept_from_a_follower(results, nodes)) {
        return {"progress", "a leader does not send its entries to a node that follows it"};
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
