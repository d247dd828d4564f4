#include "harness/explore/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/overloaded.hpp"

namespace squall::harness::explore {

namespace {

std::string entries_words(const std::vector<raft::Entry>& entries) {
    if (entries.empty()) {
        return "no entries";
    }
    std::vector<std::string> words;
    for (const raft::Entry& entry : entries) {
        words.push_back(
            fmt::format("{}:{}{}",
                        entry.index,
                        entry.term,
                        entry.kind == raft::EntryKind::noop ? " no-op" : " x" + entry.data));
    }
    return fmt::format("{} {}", words.size() == 1 ? "entry" : "entries", fmt::join(words, ", "));
}

std::string message_words(const raft::Message& message) {
    return std::visit(
        Overloaded{[](const raft::VoteRequest& m) {
                       return fmt::format("{} for term {}, last entry {}:{}",
                                          m.pre_vote ? "PreVote request" : "Vote request",
                                          m.term,
                                          m.last.index,
                                          m.last.term);
                   },
                   [](const raft::VoteReply& m) {
                       return fmt::format("{} reply of term {}, {}{}",
                                          m.pre_vote ? "PreVote" : "Vote",
                                          m.term,
                                          m.granted ? "granted" : "refused",
                                          m.term == m.request_term
                                              ? std::string()
                                              : fmt::format(" for term {}", m.request_term));
                   },
                   [](const raft::AppendRequest& m) {
                       return fmt::format("Append of term {} behind {}:{}, {}, commit {}",
                                          m.term,
                                          m.previous.index,
                                          m.previous.term,
                                          entries_words(m.entries),
                                          m.commit);
                   },
                   [](const raft::AppendReply& m) {
                       return m.success ? fmt::format(
                                              "Append reply of term {}, match {}", m.term, m.match)
                                        : fmt::format("Append reply of term {}, refused behind {}",
                                                      m.term,
                                                      m.previous);
                   },
                   [](const raft::Heartbeat& m) {
                       return fmt::format("Heartbeat of term {}, commit {}", m.term, m.commit);
                   },
                   [](const raft::HeartbeatReply& m) {
                       return fmt::format("Heartbeat reply of term {}", m.term);
                   },
                   [](const auto& m) { return std::string(raft::name_of(m)); }},
        message);
}

std::string log_words(const std::vector<raft::Term>& log) {
    return log.empty()
               ? "empty"
               : fmt::format("{} of term{} {}",
                             log.size() == 1 ? "one entry" : fmt::format("{} entries", log.size()),
                             log.size() == 1 ? "" : "s",
                             fmt::join(log, " "));
}

const raft::Envelope& message_of(const Model& model, const Action& action) {
    return model.locals().message(action.argument).envelope;
}

}  // namespace

std::string words_of(const raft::Envelope& envelope) {
    return fmt::format(
        "n{} -> n{} {}", envelope.from, envelope.to, message_words(envelope.message));
}

std::string words_of(raft::NodeId node, const Fact& fact) {
    switch (fact.kind) {
        case FactKind::voted:
            return fmt::format("n{} gave n{} its vote in term {}", node, fact.other, fact.term);
        case FactKind::led:
            return fmt::format("n{} became leader of term {}", node, fact.term);
        case FactKind::committed:
            return fmt::format(
                "n{} committed up to index {} in term {}", node, fact.index, fact.term);
        case FactKind::learned:
            return fmt::format("n{} learned that index {} is committed", node, fact.index);
        case FactKind::applied:
            return fmt::format("n{} applied index {} of term {}", node, fact.index, fact.term);
        case FactKind::read_begun:
            return fmt::format("n{} began read {}", node, fact.id);
        case FactKind::read_confirmed:
            return fmt::format("n{} may serve read {} at index {}", node, fact.id, fact.index);
        case FactKind::read_failed:
            return fmt::format("n{} gave up read {}", node, fact.id);
        case FactKind::restarted:
            return fmt::format("n{} started again", node);
    }
    return {};
}

std::string action_words(Model& model, const PathStep& step) {
    const Action& action = step.action;
    const raft::NodeId node = action.node;
    switch (action.kind) {
        case ActionKind::deliver:
            return fmt::format("{} arrives", words_of(message_of(model, action)));
        case ActionKind::duplicate:
            return fmt::format("{} arrives, and will once more",
                               words_of(message_of(model, action)));
        case ActionKind::drop:
            return fmt::format("{} is lost", words_of(message_of(model, action)));
        case ActionKind::persist:
            return fmt::format("n{}'s oldest write is durable", node);
        case ActionKind::election_timeout:
            return fmt::format("n{}'s election timer fires", node);
        case ActionKind::step_down:
            return fmt::format("n{} has led for long without hearing from a majority", node);
        case ActionKind::heartbeat:
            return fmt::format("n{}'s heartbeat timer fires", node);
        case ActionKind::propose:
            return fmt::format("a client proposes x{} to n{}", action.argument, node);
        case ActionKind::read:
            return fmt::format("a client asks n{} for a read", node);
        case ActionKind::crash: {
            const std::uint32_t parts =
                model.locals().summary(step.before.nodes[node - 1]).write_parts;
            return parts == 0 ? fmt::format("n{} crashes and starts again", node)
                              : fmt::format(
                                    "n{} crashes with {} of {} records of its writes on disk, and "
                                    "starts again",
                                    node,
                                    action.argument,
                                    parts);
        }
    }
    return {};
}

std::vector<std::string> change_words(Model& model, const PathStep& step) {
    std::vector<std::string> changes;
    if (step.action.kind == ActionKind::drop) {
        return changes;
    }
    const LocalStep local = model.step_of(step.before, step.action);
    const Locals& locals = model.locals();
    if (local.violation == nullptr) {
        const Summary& before = locals.summary(step.before.nodes[step.action.node - 1]);
        const Summary& after = locals.summary(local.image);
        if (before.role != after.role || before.term != after.term) {
            changes.push_back(
                fmt::format("is {} of term {}", raft::to_string(after.role), after.term));
        }
        if (before.log != after.log) {
            changes.push_back(fmt::format("log in memory: {}", log_words(locals.log(after.log))));
        }
        if (before.disk_log != after.disk_log) {
            changes.push_back(
                fmt::format("log on disk: {}", log_words(locals.log(after.disk_log))));
        }
        if (before.durable_term != after.durable_term) {
            changes.push_back(fmt::format("term {} on disk", after.durable_term));
        }
    }
    for (const Fact& fact : local.facts) {
        if (fact.kind != FactKind::restarted && fact.kind != FactKind::led) {
            changes.push_back(words_of(step.action.node, fact));
        }
    }
    for (const MessageId message : local.messages) {
        const raft::Envelope& envelope = locals.message(message).envelope;
        changes.push_back(
            fmt::format("says to n{}: {}", envelope.to, message_words(envelope.message)));
    }
    return changes;
}

}  // namespace squall::harness::explore
