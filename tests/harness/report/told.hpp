// Runs made by hand for what tells their story: traces, messages and a check that failed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/story.hpp"
#include "history/operation.hpp"
#include "storm.hpp"

namespace squall::harness::testing {

constexpr history::Time ms(std::int64_t count) {
    return std::chrono::milliseconds(count);
}

/// Three nodes. Every call adds a record to a node's trace.
class Told {
  public:
    Told() {
        for (const history::NodeId node : {1U, 2U, 3U}) {
            trace(node, 0, checker::TraceInit{});
        }
        results_.verdict = RunVerdict::invalid;
        results_.command = "sim";
    }

    Told& trace(history::NodeId node, std::int64_t at, checker::TraceBody body) {
        if (std::holds_alternative<checker::TraceInit>(body)) {
            ++incarnation_[node];
            sequence_[node] = 0;
        }
        traces_.push_back({.node = node,
                           .incarnation = incarnation_[node],
                           .sequence = sequence_[node]++,
                           .raw_time_ns = ms(at).count(),
                           .body = std::move(body)});
        return *this;
    }

    Told& votes(history::NodeId node, std::int64_t at, std::uint64_t term, history::NodeId vote) {
        return trace(node, at, checker::TraceHardState{.term = term, .vote = vote});
    }

    Told& leads(history::NodeId node, std::int64_t at, std::uint64_t term) {
        return trace(node, at, checker::TraceRole{"leader", term, node});
    }

    Told& commits(history::NodeId node,
                  std::int64_t at,
                  std::uint64_t index,
                  std::map<history::NodeId, std::uint64_t> match) {
        return trace(node, at, checker::TraceCommit{index, 1, std::move(match)});
    }

    Told& says(history::NodeId from,
               history::NodeId to,
               std::int64_t sent,
               std::int64_t received,
               const std::string& name,
               Fate fate = Fate::arrived) {
        NodeMessage message;
        message.sent = ms(sent);
        message.received = ms(received);
        message.from = from;
        message.to = to;
        message.name = name;
        message.fate = fate;
        message.term = 1;
        message.entries = 1;
        messages_.push_back(message);
        return *this;
    }

    history::Event& event(history::EventType type, std::int64_t at) {
        history::Event& added = history_.add(type);
        added.time = ms(at);
        return added;
    }

    /// One operation; its events are evidence.
    Told& operation(const std::string& function,
                    history::NodeId node,
                    std::int64_t from,
                    std::int64_t to,
                    history::LogPosition position) {
        for (const auto type : {history::EventType::invoke, history::EventType::ok}) {
            history::Event& each = event(type, type == history::EventType::invoke ? from : to);
            each.client = 7;
            each.node = node;
            each.function = function;
            each.key = "k1";
            each.position = position;
            evidence_.push_back(each.index);
        }
        return *this;
    }

    Told& violates(const std::string& name, const std::string& reason) {
        results_.checks.push_back({.name = name,
                                   .detector = evidence_.empty() ? "trace" : "jit",
                                   .verdict = checker::Verdict::invalid,
                                   .reason = reason,
                                   .evidence = evidence_});
        return *this;
    }

    [[nodiscard]] report::Material material() const {
        return {.events = history_.record_.events, .traces = traces_, .messages = messages_};
    }

    [[nodiscard]] report::Story story(std::size_t lines_max = report::story_lines_max) const {
        return report::tell(
            results_, material(), history::pair(history_.record_.events).operations, lines_max);
    }

    RecordBuilder history_;
    Results results_;
    std::vector<checker::TraceRecord> traces_;
    std::vector<NodeMessage> messages_;
    std::vector<std::uint64_t> evidence_;

  private:
    std::map<history::NodeId, std::uint64_t> incarnation_;
    std::map<history::NodeId, std::uint64_t> sequence_;
};

/// The line that begins so; null: there is none.
inline const report::Happening* line_that(const report::Story& story, const std::string& begins) {
    for (const report::Happening& line : story.lines) {
        if (line.text.starts_with(begins)) {
            return &line;
        }
    }
    return nullptr;
}

/// n1 wins term 1 with n2's vote; n2 restarts and forgets it, and gives it to n3.
inline Told two_leaders() {
    Told told;
    told.votes(1, 10, 1, 1).votes(2, 11, 1, 1).leads(1, 12, 1);
    told.trace(2, 20, checker::TraceInit{});
    told.votes(3, 30, 1, 3).votes(2, 31, 1, 3).leads(3, 32, 1);
    told.violates("election-safety", "n1 and n3 both led term 1 (n3 life 1 event 2)");
    return told;
}

}  // namespace squall::harness::testing
