// Which messages a diagram shows, and how they are called.
#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/report/message_sequence.hpp"

namespace squall::harness::report {
namespace {

/// A message under way for longer than this is worth a look, whatever it says.
constexpr Time late = std::chrono::milliseconds(100);

/// A message that came so shortly before something decisive may be why.
constexpr Time cause_within = std::chrono::milliseconds(4);

bool routine_kind(const NodeMessage& message) {
    return message.name == "heartbeat" || message.name == "heartbeat_reply" || message.pre_vote ||
           (message.name == "append_request" && message.entries == 0);
}

bool near_decision(const NodeMessage& message, const Story& story) {
    return std::ranges::any_of(story.lines, [&](const Happening& line) {
        return line.weight == Weight::decisive && line.node == message.to && line.place &&
               message.received <= line.at && line.at - message.received <= cause_within;
    });
}

NodeMessage derived(Time sent, Time received, NodeId from, NodeId to, const char* name) {
    NodeMessage message;
    message.sent = sent;
    message.received = std::max(sent, received);
    message.fate = Fate::arrived;
    message.from = from;
    message.to = to;
    message.name = name;
    return message;
}

/// When a leader took the entry into its log; nothing: the story does not have it.
std::optional<Time> appended(const Story& story, NodeId leader, std::uint64_t index) {
    for (const Happening& each : story.details) {
        if (each.kind == "log" && each.node == leader && each.index >= index) {
            return each.at;
        }
    }
    return std::nullopt;
}

/// What nobody saw, from what the nodes traced: a vote that was given, entries that came.
std::vector<NodeMessage> from_traces(const Story& story, const ClusterPast& past) {
    std::vector<NodeMessage> messages;
    for (const Happening& each : story.details) {
        if (each.kind == "vote" && !each.others.empty() && each.others.front() != each.node) {
            messages.push_back(
                derived(each.at, each.at, each.node, each.others.front(), "vote_reply"));
        } else if (each.kind == "log") {
            const auto* role = past.role_at(each.node, each.at);
            if (role == nullptr || role->leader == 0 || role->leader == each.node) {
                continue;
            }
            const auto sent = appended(story, role->leader, each.index);
            messages.push_back(derived(sent && *sent < each.at ? *sent : each.at,
                                       each.at,
                                       role->leader,
                                       each.node,
                                       "append_request"));
            messages.back().index = each.index - 1;
            messages.back().entries = 1;
        } else if ((each.kind == "request" || each.kind == "answer") && each.node != 0) {
            const bool asks = each.kind == "request";
            messages.push_back(derived(each.at,
                                       each.at,
                                       asks ? 0 : each.node,
                                       asks ? each.node : 0,
                                       asks ? "request" : "reply"));
            messages.back().client = each.client;
            messages.back().agreed = true;
            messages.back().index = each.index;
        } else {
            continue;
        }
        messages.back().agreed = true;
        messages.back().term = each.term;
    }
    return messages;
}

}  // namespace

std::vector<NodeMessage> messages_to_draw(const Story& story,
                                          const Material& material,
                                          const ClusterPast& past,
                                          std::size_t& routine) {
    if (material.messages.empty()) {
        return from_traces(story, past);
    }
    if (story.details.empty()) {
        return {};
    }
    const Time last = story.details.back().at;
    std::vector<NodeMessage> messages;
    for (const NodeMessage& message : material.messages) {
        if (message.sent > last) {
            continue;
        }
        const bool slow = message.fate == Fate::arrived && message.received <= last &&
                          message.received - message.sent >= late;
        if (routine_kind(message) && !slow && !near_decision(message, story)) {
            ++routine;
            continue;
        }
        messages.push_back(message);
        if (message.fate == Fate::arrived && message.received > last) {
            messages.back().fate = Fate::under_way;
        }
    }
    return messages;
}

bool part_of_decision(const NodeMessage& message, const Story& story) {
    return std::ranges::any_of(story.lines, [&](const Happening& line) {
        if (line.weight != Weight::decisive) {
            return false;
        }
        if (message.client >= 0) {
            return message.client == line.client &&
                   (message.from == 0 ? message.sent == line.at : message.received == line.at);
        }
        return message.to == line.node && message.received == line.at;
    });
}

std::size_t keep_nearest(std::vector<NodeMessage>& messages, const Story& story, std::size_t most) {
    if (messages.size() <= most || story.lines.empty()) {
        return 0;
    }
    const Time moment = story.moment.value_or(story.lines.back().at);
    std::vector<std::tuple<bool, Time, std::size_t>> order;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Time sent = messages[i].sent;
        order.emplace_back(!part_of_decision(messages[i], story),
                           sent > moment ? sent - moment : moment - sent,
                           i);
    }
    std::ranges::sort(order);
    std::vector<NodeMessage> kept;
    for (std::size_t i = 0; i < most; ++i) {
        kept.push_back(std::move(messages[std::get<2>(order[i])]));
    }
    const std::size_t left_out = messages.size() - most;
    messages = std::move(kept);
    std::ranges::stable_sort(messages, {}, &NodeMessage::sent);
    return left_out;
}

std::string mark_label(const Happening& line, bool own_lanes) {
    const std::size_t colon = line.mark.find(": ");
    const bool named = line.kind == "request" && line.mark.starts_with('c');
    return named && own_lanes && colon != std::string::npos ? line.mark.substr(colon + 2)
                                                            : line.mark;
}

std::string message_label(const NodeMessage& message) {
    const std::string term = message.term == 0 ? "" : fmt::format(" t{}", message.term);
    if (message.name == "vote_request") {
        return fmt::format("{}vote?{}", message.pre_vote ? "pre-" : "", term);
    }
    if (message.name == "vote_reply") {
        return fmt::format(
            "{}{}{}", message.pre_vote ? "pre-" : "", message.agreed ? "vote" : "no vote", term);
    }
    if (message.name == "append_request") {
        return message.entries == 0   ? fmt::format("probe #{}{}", message.index, term)
               : message.entries == 1 ? fmt::format("append #{}{}", message.index + 1, term)
                                      : fmt::format("append #{}-{}{}",
                                                    message.index + 1,
                                                    message.index + message.entries,
                                                    term);
    }
    if (message.name == "append_reply") {
        return fmt::format("{} #{}{}", message.agreed ? "has" : "no, after", message.index, term);
    }
    if (message.name == "snapshot_chunk") {
        return fmt::format("snapshot #{}{}", message.index, term);
    }
    if (message.name == "snapshot_reply") {
        return fmt::format(
            "{} #{}{}", message.agreed ? "installed" : "got part", message.index, term);
    }
    if (message.name == "reply") {
        return !message.agreed      ? message.word
               : message.index == 0 ? std::string("ok")
                                    : fmt::format("ok #{}{}", message.index, term);
    }
    return message.name == "heartbeat_reply" ? "heartbeat ok" + term : message.name + term;
}

std::string message_words(const NodeMessage& message) {
    const auto who = [&](NodeId node) {
        return node == 0 ? fmt::format("c{}", message.client) : fmt::format("n{}", node);
    };
    const double sent = std::chrono::duration<double>(message.sent).count();
    const double took =
        std::chrono::duration<double, std::milli>(message.received - message.sent).count();
    std::string fate;
    switch (message.fate) {
        case Fate::arrived:
            fate = fmt::format("arrived after {:.2f} ms", took);
            break;
        case Fate::cut:
            fate = "lost on a cut link";
            break;
        case Fate::dropped:
            fate = "dropped";
            break;
        case Fate::nobody:
            fate = "came to a node that was down";
            break;
        case Fate::under_way:
            fate = "still under way";
            break;
    }
    return fmt::format("{} to {}: {}{}, sent at {:.4f} s, {}",
                       who(message.from),
                       who(message.to),
                       message_label(message),
                       message.copy ? " (one of two)" : "",
                       sent,
                       fate);
}

}  // namespace squall::harness::report
