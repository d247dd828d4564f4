#include "harness/cli/check_page.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "harness/cli/run_directory.hpp"
#include "harness/cli/version.hpp"
#include "harness/report/html.hpp"

namespace squall::harness::cli {
namespace {

using history::Event;
using history::EventType;
using history::Operation;
using history::OperationId;
using history::Outcome;

constexpr std::size_t operations_max = 2000;

/// The operation whose invocation the check names first.
std::optional<OperationId> first_evidence(const history::CompactHistory& history,
                                          const checker::Check& check) {
    for (const std::uint64_t event : check.evidence) {
        const auto found = std::ranges::lower_bound(
            history.operations, event, {}, &history::CompactOperation::invoked);
        if (found != history.operations.end() && found->invoked == event) {
            return static_cast<OperationId>(found - history.operations.begin());
        }
    }
    return std::nullopt;
}

/// What is drawn, in order of invocation.
std::vector<OperationId> shown(const history::CompactHistory& history,
                               const checker::Check& check) {
    const std::optional<OperationId> first = first_evidence(history, check);
    std::vector<OperationId> same_key;
    std::size_t place = 0;
    for (OperationId id = 0; id < history.operations.size(); ++id) {
        if (!first || history.operations[id].key == history.operations[*first].key) {
            place = first && id <= *first ? same_key.size() : place;
            same_key.push_back(id);
        }
    }
    const std::size_t begin = place - std::min(place, operations_max / 2);
    const std::size_t end = std::min(same_key.size(), begin + operations_max);
    return {same_key.begin() + static_cast<std::ptrdiff_t>(begin),
            same_key.begin() + static_cast<std::ptrdiff_t>(end)};
}

Event event_at(std::uint64_t index, EventType type, const Operation& operation) {
    Event event;
    event.index = index;
    event.type = type;
    event.client = operation.client;
    event.node = operation.node;
    event.function = operation.function;
    event.key = operation.key;
    event.final_read = operation.final_read;
    return event;
}

EventType type_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
            return EventType::ok;
        case Outcome::fail:
            return EventType::fail;
        case Outcome::info:
            break;
    }
    return EventType::info;
}

std::vector<Event> events_of(const history::CompactHistory& history,
                             const std::vector<OperationId>& operations) {
    std::vector<Event> events;
    for (const OperationId id : operations) {
        const Operation operation = history.expand(id);
        events.push_back(event_at(operation.invoked, EventType::invoke, operation));
        events.back().value = operation.argument;
        if (operation.completed != history::never) {
            Event completion = event_at(operation.completed, type_of(operation.outcome), operation);
            completion.value = operation.result;
            completion.applied = operation.applied;
            completion.position = operation.position;
            events.push_back(std::move(completion));
        }
    }
    std::ranges::sort(events, {}, &Event::index);
    for (Event& event : events) {
        event.time = std::chrono::milliseconds(event.index - events.front().index);
    }
    return events;
}

RunVerdict verdict_of(checker::Verdict verdict) {
    switch (verdict) {
        case checker::Verdict::valid:
            return RunVerdict::valid;
        case checker::Verdict::invalid:
            return RunVerdict::invalid;
        case checker::Verdict::unknown:
            break;
    }
    return RunVerdict::unknown;
}

}  // namespace

void write_check_page(const std::string& path,
                      const CheckedFile& checked,
                      const history::CompactHistory& history,
                      const checker::Check& check) {
    const std::vector<OperationId> operations = shown(history, check);
    const std::vector<Event> events = events_of(history, operations);
    Results results;
    results.version = version();
    results.command = "check";
    results.plan.program = {checked.file};
    results.plan.workload = checked.model;
    results.verdict = verdict_of(check.verdict);
    if (check.verdict != checker::Verdict::valid) {
        results.reasons.push_back(check.name + ": " + check.reason);
    }
    results.checks = {check};
    for (const history::CompactOperation& operation : history.operations) {
        ++(operation.outcome == Outcome::ok     ? results.operations.ok
           : operation.outcome == Outcome::fail ? results.operations.fail
                                                : results.operations.info);
    }
    report::Material material;
    material.events = events;
    material.no_traces = fmt::format(
        "this is a history alone; {} of its {} operations are here, and a second of the "
        "axis is a thousand events",
        operations.size(),
        history.operations.size());
    write_file(path, report::html(results, material));
}

}  // namespace squall::harness::cli
