// Pairing against its definition, client by client: of any events whatever, the history up to the
// first one that no single-threaded client can have is paired, and just that one is named.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "history/operation.hpp"

namespace squall::history {
namespace {

bool completes(const Event& event) {
    return event.type == EventType::ok || event.type == EventType::fail ||
           event.type == EventType::info;
}

/// Mostly what a client may do next, sometimes anything.
std::vector<Event> any_events() {
    std::vector<Event> events;
    std::map<ClientId, std::optional<Event>> open;
    std::map<ClientId, bool> retired;
    const bool honest = *rc::gen::inRange(0, 2) == 0;
    const auto count = *rc::gen::inRange<std::size_t>(0, 40);
    // Small, large and, by mistake, none.
    const std::vector<ClientId> clients{0, 1, 2, 70'000, std::int64_t{1} << 40U};
    while (events.size() < count) {
        Event event;
        event.index = events.size() * 2 + 5;
        event.time = Time(static_cast<Time::rep>(events.size()) * 10);
        const bool wild = !honest && *rc::gen::inRange(0, 12) == 0;
        event.client = wild ? *rc::gen::element<ClientId>(-1, 0, 1) : *rc::gen::elementOf(clients);
        if (*rc::gen::inRange(0, 8) == 0) {
            event.type = *rc::gen::element(EventType::fault, EventType::note);
            event.client = -1;
        } else if (wild) {
            event.type = *rc::gen::element(
                EventType::invoke, EventType::ok, EventType::fail, EventType::info);
            event.function = *rc::gen::element<std::string>("", "read", "write");
            event.key = *rc::gen::element<std::string>("", "a", "b");
        } else if (const auto& begun = open[event.client]) {
            event.type =
                *rc::gen::element(EventType::ok, EventType::ok, EventType::fail, EventType::info);
            event.function = *rc::gen::element(std::string(), begun->function);
            event.key = *rc::gen::element(std::string(), begun->key);
            event.node = *rc::gen::element<NodeId>(0, 3);
            event.value = 7;
            event.error = "timeout";
            retired[event.client] = event.type == EventType::info;
            open[event.client].reset();
        } else if (!retired[event.client] || (!honest && *rc::gen::inRange(0, 3) == 0)) {
            event.type = EventType::invoke;
            event.function = *rc::gen::element<std::string>("read", "write");
            event.key = *rc::gen::element<std::string>("a", "b");
            event.node = *rc::gen::element<NodeId>(1, 2);
            event.value = static_cast<std::int64_t>(events.size());
            open[event.client] = event;
        } else {
            continue;
        }
        events.push_back(event);
    }
    return events;
}

/// What the client did before position `end`, in order.
std::vector<Event> acts_of(const std::vector<Event>& events, ClientId client, std::size_t end) {
    std::vector<Event> acts;
    for (std::size_t i = 0; i < end; ++i) {
        const bool acts_here = events[i].type == EventType::invoke || completes(events[i]);
        if (acts_here && events[i].client == client) {
            acts.push_back(events[i]);
        }
    }
    return acts;
}

/// After acts that were all right: an invocation, its completion, an invocation, and so on; nothing
/// after an info.
bool may_follow(const std::vector<Event>& acts, const Event& event) {
    const bool open = acts.size() % 2 == 1;
    if (event.type == EventType::invoke) {
        return event.client >= 0 && !open && (acts.empty() || acts.back().type != EventType::info);
    }
    return open && (event.function.empty() || event.function == acts.back().function) &&
           (event.key.empty() || event.key == acts.back().key);
}

std::optional<std::size_t> first_bad(const std::vector<Event>& events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
        const bool acts = events[i].type == EventType::invoke || completes(events[i]);
        if (acts && !may_follow(acts_of(events, events[i].client, i), events[i])) {
            return i;
        }
    }
    return std::nullopt;
}

void check(const Operation& operation, const Event& invoked, const Event* completed) {
    RC_ASSERT(operation.invoked == invoked.index);
    RC_ASSERT(operation.invoked_at == invoked.time);
    RC_ASSERT(operation.client == invoked.client);
    RC_ASSERT(operation.function == invoked.function);
    RC_ASSERT(operation.key == invoked.key);
    RC_ASSERT(operation.argument == invoked.value);
    const bool known = completed != nullptr && completed->type != EventType::info;
    RC_ASSERT(operation.completed == (known ? completed->index : never));
    const Outcome outcome = !known                             ? Outcome::info
                            : completed->type == EventType::ok ? Outcome::ok
                                                               : Outcome::fail;
    RC_ASSERT(operation.outcome == outcome);
    RC_ASSERT(operation.result == (outcome == Outcome::ok ? completed->value : Value()));
    const bool answered = completed != nullptr && completed->node != 0;
    RC_ASSERT(operation.node == (answered ? completed->node : invoked.node));
    RC_ASSERT(operation.error == (completed != nullptr ? completed->error : ""));
}

RC_GTEST_PROP(PairingModel, IsItsDefinition, ()) {
    const std::vector<Event> events = any_events();

    const Pairing pairing = pair(events);

    const std::optional<std::size_t> bad = first_bad(events);
    RC_ASSERT(pairing.error.has_value() == bad.has_value());
    if (bad) {
        RC_ASSERT(pairing.error->event == events[*bad].index);
        RC_ASSERT(!pairing.error->problem.empty());
    }
    RC_CLASSIFY(bad.has_value(), "refused");
    const std::size_t end = bad.value_or(events.size());
    std::size_t number = 0;
    for (std::size_t i = 0; i < end; ++i) {
        if (events[i].type != EventType::invoke) {
            continue;
        }
        const Event* completed = nullptr;
        for (std::size_t j = i + 1; j < end && completed == nullptr; ++j) {
            completed =
                completes(events[j]) && events[j].client == events[i].client ? &events[j] : nullptr;
        }
        RC_ASSERT(number < pairing.operations.size());
        check(pairing.operations[number++], events[i], completed);
    }
    RC_ASSERT(number == pairing.operations.size());
}

}  // namespace
}  // namespace squall::history
