#include "harness/triage/client_view.hpp"

#include <algorithm>
#include <cstddef>

#include "harness/triage/confirmation.hpp"

namespace squall::harness::triage {
namespace {

using history::Operation;
using history::Outcome;

bool is_read(const Operation& operation) {
    return operation.function == "read";
}

bool has_place(const Operation& operation) {
    return operation.outcome == Outcome::ok && operation.position.has_value();
}

bool is_blamed(const Operation& operation, const checker::Check* check) {
    return check != nullptr &&
           std::ranges::find(check->evidence, operation.invoked) != check->evidence.end();
}

}  // namespace

ClientView::ClientView(std::span<const history::Event> events,
                       const TraceView& traces,
                       std::span<const NodeMessage> messages,
                       std::uint32_t nodes)
    : operations_(history::pair(events).operations),
      traces_(traces),
      messages_(messages),
      nodes_(nodes) {}

bool ClientView::acknowledged_uncommitted() const {
    return std::ranges::any_of(operations_, [&](const Operation& operation) {
        return has_place(operation) && !is_read(operation) &&
               !traces_.committed(operation.position->index, operation.completed_at);
    });
}

std::optional<std::string> ClientView::read_behind(const checker::Check* check) const {
    const auto behind = std::ranges::find_if(operations_, [&](const Operation& read) {
        return is_read(read) && read.outcome == Outcome::ok &&
               (read.position ? went_back(read) : is_blamed(read, check));
    });
    if (behind == operations_.end()) {
        return std::nullopt;
    }
    return std::string(read_behind_words) +
           (any_node_serves() ? std::string(no_leader_words) : server_of(*behind));
}

bool ClientView::place_taken(const checker::Check& check) const {
    const Operation* last = nullptr;
    for (const Operation& operation : operations_) {
        if (has_place(operation) && is_blamed(operation, &check)) {
            last = &operation;
        }
    }
    return last != nullptr && std::ranges::any_of(operations_, [&](const Operation& other) {
               return &other != last && has_place(other) && !is_read(other) &&
                      other.position->index == last->position->index;
           });
}

/// Whoever answers without leading may answer while it leads, too: one read may not show it.
bool ClientView::any_node_serves() const {
    constexpr std::size_t reads_max = 2000;  // The last ones, which are read everywhere.
    std::size_t looked_at = 0;
    for (auto read = operations_.rbegin(); read != operations_.rend(); ++read) {
        if (!is_read(*read) || read->outcome != Outcome::ok) {
            continue;
        }
        const auto how = confirmation_of(*read, messages_);
        if (how && traces_.role(read->node, how->answered_at).role != "leader") {
            return true;
        }
        if (++looked_at == reads_max) {
            break;
        }
    }
    return false;
}

/// How a leader came to answer.
std::string ClientView::server_of(const Operation& read) const {
    if (const auto how = confirmation_of(read, messages_)) {
        const std::uint32_t others = nodes_ / 2;  // That make a majority with the leader.
        if (others > 0 && !how->asked_others) {
            return "a leader that asked nobody";
        }
        if (how->told_by < others) {
            return "a leader that no majority had answered";
        }
        return unconfirmed(read.node, how->came_at, how->answered_at)
                   ? "a leader that had committed nothing yet"
                   : "the leader";
    }
    if (traces_.role(read.node, read.completed_at).role != "leader") {
        return std::string(no_leader_words);
    }
    if (traces_.deposed(read.node, read.completed_at)) {
        return "a leader of an earlier term";
    }
    return unconfirmed(read.node, read.invoked_at, read.completed_at)
               ? "a leader that had committed nothing yet"
               : "the leader";
}

/// At some time between the two nothing was committed yet by the node as the leader of its term.
bool ClientView::unconfirmed(NodeId node, history::Time from, history::Time until) const {
    const RoleAt before = traces_.role(node, from);
    const RoleAt after = traces_.role(node, until);
    return after.unconfirmed || before.unconfirmed || before.term != after.term ||
           before.role != "leader";
}

bool ClientView::went_back(const Operation& read) const {
    return std::ranges::any_of(operations_, [&](const Operation& before) {
        return has_place(before) && before.completed < read.invoked &&
               before.position->index > read.position->index;
    });
}

}  // namespace squall::harness::triage
