#include "harness/explore/model.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "raft/assert.hpp"

namespace squall::harness::explore {

namespace {

InputKind input_of(ActionKind kind) {
    switch (kind) {
        case ActionKind::deliver:
        case ActionKind::duplicate:
        case ActionKind::drop:
            return InputKind::message;
        case ActionKind::persist:
            return InputKind::persist;
        case ActionKind::election_timeout:
            return InputKind::election_timeout;
        case ActionKind::step_down:
            return InputKind::step_down;
        case ActionKind::heartbeat:
            return InputKind::heartbeat;
        case ActionKind::propose:
            return InputKind::propose;
        case ActionKind::read:
            return InputKind::read;
        case ActionKind::crash:
            return InputKind::crash;
    }
    return InputKind::message;
}

std::optional<Budget> budget_of(ActionKind kind) {
    switch (kind) {
        case ActionKind::deliver:
        case ActionKind::persist:
            return std::nullopt;
        case ActionKind::election_timeout:
        case ActionKind::step_down:
            return Budget::timeouts;
        case ActionKind::heartbeat:
            return Budget::heartbeats;
        case ActionKind::propose:
            return Budget::proposals;
        case ActionKind::read:
            return Budget::reads;
        case ActionKind::crash:
            return Budget::crashes;
        case ActionKind::duplicate:
            return Budget::duplicates;
        case ActionKind::drop:
            return Budget::drops;
    }
    return std::nullopt;
}

std::string_view bytes_of(const Budgets& budgets) {
    return {reinterpret_cast<const char*>(budgets.data()), budgets.size()};
}

void insert_sorted(std::vector<MessageId>& messages, MessageId message) {
    messages.insert(std::upper_bound(messages.begin(), messages.end(), message), message);
}

}  // namespace

Model::Model(const Options& options) : options_(options), locals_(options) {
    name_nodes();
}

State Model::fresh() {
    State state;
    for (raft::NodeId id = 1; id <= options_.nodes; ++id) {
        state.nodes.push_back(locals_.fresh(id));
    }
    buffer_.clear();
    History(options_.nodes).write_image(buffer_);
    state.history = histories_.intern(buffer_).first;
    state.budgets = budgets_.intern(bytes_of(options_.budgets)).first;
    return state;
}

Budgets Model::budgets(const State& state) const {
    Budgets budgets{};
    const std::string_view bytes = budgets_[state.budgets];
    std::copy(bytes.begin(), bytes.end(), budgets.begin());
    return budgets;
}

void Model::grant(State& state, Budget budget) {
    Budgets left = budgets(state);
    ++left[static_cast<std::size_t>(budget)];
    state.budgets = budgets_.intern(bytes_of(left)).first;
}

bool Model::may_spend(const Budgets& left) const {
    const auto sum = [](const Budgets& budgets) {
        return std::accumulate(budgets.begin(), budgets.end(), std::uint32_t{0});
    };
    return options_.events == 0 || sum(options_.budgets) - sum(left) < options_.events;
}

std::uint32_t Model::spend(std::uint32_t budgets, Budget budget) {
    Budgets left{};
    const std::string_view bytes = budgets_[budgets];
    std::copy(bytes.begin(), bytes.end(), left.begin());
    std::uint8_t& count = left[static_cast<std::size_t>(budget)];
    ASSERT(count > 0);
    --count;
    return budgets_.intern(bytes_of(left)).first;
}

void Model::actions(const State& state, std::vector<Action>& actions) {
    actions.clear();
    const Budgets left = budgets(state);
    const bool any = may_spend(left);
    const auto may = [&left, any](Budget budget) {
        return any && left[static_cast<std::size_t>(budget)] > 0;
    };
    const auto each_message = [&](ActionKind kind) {
        MessageId before = UINT32_MAX;
        for (const MessageId message : state.messages) {
            if (message != before) {  // Equal ones: it does not matter which.
                actions.push_back({kind, locals_.message(message).envelope.to, message});
            }
            before = message;
        }
    };
    each_message(ActionKind::deliver);
    for (raft::NodeId node = 1; node <= options_.nodes; ++node) {
        const Summary& summary = locals_.summary(state.nodes[node - 1]);
        const bool leads = summary.role == raft::Role::leader;
        if (summary.writing) {
            actions.push_back({ActionKind::persist, node});
        }
        if (may(Budget::timeouts)) {
            actions.push_back({leads ? ActionKind::step_down : ActionKind::election_timeout, node});
        }
        if (leads && may(Budget::heartbeats)) {
            actions.push_back({ActionKind::heartbeat, node});
        }
        if (leads && may(Budget::proposals)) {
            const auto left_over = left[static_cast<std::size_t>(Budget::proposals)];
            const auto all = options_.budgets[static_cast<std::size_t>(Budget::proposals)];
            actions.push_back({ActionKind::propose, node, std::uint32_t{all} - left_over + 1});
        }
        if (leads && may(Budget::reads)) {
            actions.push_back({ActionKind::read, node});
        }
        for (std::uint32_t parts = 0; may(Budget::crashes) && parts <= summary.write_parts;
             ++parts) {
            actions.push_back({ActionKind::crash, node, parts});
        }
    }
    if (may(Budget::duplicates)) {
        each_message(ActionKind::duplicate);
    }
    if (may(Budget::drops)) {
        each_message(ActionKind::drop);
    }
}

bool Model::apply(const State& state,
                  const Action& action,
                  State& next,
                  std::optional<Violation>& violation) {
    violation.reset();
    next = state;
    if (action.kind == ActionKind::deliver || action.kind == ActionKind::drop) {
        next.messages.erase(
            std::lower_bound(next.messages.begin(), next.messages.end(), action.argument));
    }
    if (const std::optional<Budget> budget = budget_of(action.kind)) {
        next.budgets = spend(state.budgets, *budget);
    }
    if (action.kind == ActionKind::drop) {
        return true;
    }
    const ImageId image = state.nodes[action.node - 1];
    const LocalStep step = step_of(state, action);
    if (step.violation != nullptr) {
        violation = *step.violation;
        return true;
    }
    if (step.image == image && step.messages.empty() && step.facts.empty()) {
        return false;
    }
    next.nodes[action.node - 1] = step.image;
    for (const MessageId message : step.messages) {
        const MessageInfo& info = locals_.message(message);
        const ImageId receiver = next.nodes[info.envelope.to - 1];
        if (!options_.bury_dead || locals_.summary(receiver).durable_term < info.dead_from) {
            insert_sorted(next.messages, message);
        }
    }
    if (options_.bury_dead &&
        locals_.summary(step.image).durable_term != locals_.summary(image).durable_term) {
        bury_dead(next, action.node);
    }
    return judge(state, action.node, step.facts, next, violation);
}

LocalStep Model::step_of(const State& state, const Action& action) {
    return locals_.step(state.nodes[action.node - 1], input_of(action.kind), action.argument);
}

bool Model::judge(const State& before,
                  raft::NodeId node,
                  std::span<const Fact> facts,
                  State& next,
                  std::optional<Violation>& violation) {
    const Summary& old = locals_.summary(before.nodes[node - 1]);
    const Summary& now = locals_.summary(next.nodes[node - 1]);
    if (old.log != now.log || old.disk_log != now.disk_log) {
        violation = match_logs(next, node);
    }
    if (facts.empty() || violation) {
        return true;
    }
    History history(options_.nodes, histories_[before.history]);
    for (const Fact& fact : facts) {
        if (!violation) {
            violation = history.add(node, fact, locals_, next.nodes);
        }
    }
    buffer_.clear();
    history.write_image(buffer_);
    next.history = histories_.intern(buffer_).first;
    return true;
}

/// Log matching (§5.3) between the node and all others, in memory and on disk.
std::optional<Violation> Model::match_logs(const State& next, raft::NodeId node) {
    const Summary now = locals_.summary(next.nodes[node - 1]);
    for (raft::NodeId other = 1; other <= options_.nodes; ++other) {
        const Summary& theirs = locals_.summary(next.nodes[other - 1]);
        for (const LogNumber own : {now.log, now.disk_log}) {
            for (const LogNumber log : {theirs.log, theirs.disk_log}) {
                if (!locals_.logs_match(own, log)) {
                    return Violation{
                        "log-matching",
                        node,
                        now.term,
                        0,
                        fmt::format("n{} and n{} have an entry of the same index and term in "
                                    "their logs, but not the same before it",
                                    node,
                                    other),
                        std::nullopt};
                }
            }
        }
    }
    return std::nullopt;
}

/// Forgets replies to the node that can never matter any more, so that states which differ only in
/// them are one.
void Model::bury_dead(State& state, raft::NodeId node) const {
    const raft::Term durable = locals_.summary(state.nodes[node - 1]).durable_term;
    std::erase_if(state.messages, [&](MessageId message) {
        const MessageInfo& info = locals_.message(message);
        return info.envelope.to == node && durable >= info.dead_from;
    });
}

std::size_t Model::bytes() const {
    std::size_t bytes = locals_.bytes() + histories_.bytes() + budgets_.bytes();
    for (const std::vector<std::uint32_t>& table : renamed_histories_) {
        bytes += table.capacity() * sizeof(table[0]);
    }
    return bytes;
}

}  // namespace squall::harness::explore
