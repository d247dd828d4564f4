#include "harness/report/story.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/overloaded.hpp"
#include "harness/report/cluster_past.hpp"
#include "harness/report/escape.hpp"
#include "harness/report/happenings.hpp"
#include "harness/report/message_sequence.hpp"

namespace squall::harness::report {
namespace {

using checker::Check;
using history::Operation;

/// How far the story goes on after the violation, and of how much of it after that only what is
/// decisive counts.
constexpr Time after_the_end = std::chrono::milliseconds(5);

const checker::TraceRecord* find(std::span<const checker::TraceRecord> traces,
                                 const TracePlace& place) {
    const auto found = std::ranges::find_if(traces, [&](const checker::TraceRecord& record) {
        return record.sequence == place.sequence && record.incarnation == place.incarnation &&
               record.node == place.node;
    });
    return found == traces.end() ? nullptr : &*found;
}

/// When the node ended that a check names first.
std::optional<Time> exit_named(const std::string& reason, const Material& material) {
    unsigned node = 0;
    if (std::sscanf(reason.c_str(), "n%9u", &node) != 1) {
        return std::nullopt;
    }
    const std::string begins = fmt::format("node n{} exited", node);
    const auto note = std::ranges::find_if(material.events, [&](const history::Event& event) {
        return event.type == history::EventType::note && event.text.starts_with(begins);
    });
    return note == material.events.end() ? std::nullopt : std::optional(note->time);
}

/// The end of what a check found: of its evidence, of the traced event that it names.
std::optional<Time> moment_of(const Check& check, const Material& material, Time origin) {
    std::optional<Time> last;
    for (const std::uint64_t index : check.evidence) {
        const auto event =
            std::ranges::lower_bound(material.events, index, {}, &history::Event::index);
        if (event != material.events.end() && event->index == index) {
            last = std::max(last.value_or(event->time), event->time);
        }
    }
    if (!last && check.name == "no-crash") {
        last = exit_named(check.reason, material);
    }
    if (!last && check.detector == "trace") {
        const auto place = place_named(check.reason);
        const checker::TraceRecord* record = place ? find(material.traces, *place) : nullptr;
        if (record != nullptr) {
            last = Time(record->raw_time_ns) - origin;
        }
    }
    return last;
}

/// The violation that came first; of those without a moment the first.
const Check* first_violation(const Results& results,
                             const Material& material,
                             std::optional<Time>& moment) {
    const Check* first = nullptr;
    for (const Check& check : results.checks) {
        if (check.verdict != checker::Verdict::invalid) {
            continue;
        }
        const std::optional<Time> at = moment_of(check, material, results.monotonic_origin);
        if (first == nullptr || (at && (!moment || *at < *moment))) {
            first = &check;
            moment = at;
        }
    }
    return first;
}

void concern_record(const checker::TraceRecord& record, Concern& concern) {
    std::visit(
        Overloaded{
            [&](const checker::TraceHardState& state) { concern.terms.insert(state.term); },
            [&](const checker::TraceRole& role) { concern.terms.insert(role.term); },
            [&](const checker::TraceAppend& append) { concern.indices.insert(append.first); },
            [&](const checker::TraceCommit& commit) { concern.indices.insert(commit.index); },
            [&](const checker::TraceApply& apply) { concern.indices.insert(apply.first); },
            [&](const checker::TraceSnapshot& snapshot) { concern.indices.insert(snapshot.index); },
            [](const checker::TraceBound&) {},
            [&](const auto& init) { concern.terms.insert(init.term); }},
        record.body);
}

Concern concern_of(const Check& check,
                   const Material& material,
                   std::span<const Operation> operations) {
    constexpr std::size_t events_max = 40;
    Concern concern;
    // The end of a counterexample is where it goes wrong.
    const std::size_t skip = check.evidence.size() - std::min(check.evidence.size(), events_max);
    concern.events.insert(check.evidence.begin() + static_cast<std::ptrdiff_t>(skip),
                          check.evidence.end());
    for (const Operation& operation : operations) {
        if (operation.position && operation.function != "read" &&
            (concern.events.contains(operation.invoked) ||
             concern.events.contains(operation.completed))) {
            concern.indices.insert(operation.position->index);
        }
    }
    const auto place = place_named(check.reason);
    const checker::TraceRecord* record = place ? find(material.traces, *place) : nullptr;
    if (record != nullptr) {
        concern_record(*record, concern);
    }
    return concern;
}

/// The sentence of a check without where the trace has it: that is a line of its own.
std::string without_place(const std::string& reason) {
    const std::size_t at = std::min(reason.rfind(" (n"), reason.rfind(" (start of life "));
    return place_named(reason) && at != std::string::npos ? reason.substr(0, at) : reason;
}

Clocks clocks_of(const Material& material) {
    if (!material.messages.empty()) {
        return Clocks::exact;
    }
    return std::ranges::any_of(material.events,
                               [](const history::Event& event) {
                                   return event.fault && event.fault->name == "clock";
                               })
               ? Clocks::bent
               : Clocks::one;
}

Happening violation(const Check& check, std::optional<Time> moment, Time end) {
    Happening line;
    line.at = moment.value_or(end);
    line.weight = Weight::decisive;
    line.kind = "violation";
    const std::string reason = without_place(check.reason);
    line.text = fmt::format("{}: {}", check.name, reason.substr(0, reason.find('\n')));
    if (check.name == "no-crash" && check.details.size() > 1) {
        line.text += ". Its last words: " + shortened(check.details[1], 200);
    }
    line.mark = check.name + " is violated";
    if (const auto place = place_named(check.reason)) {
        line.node = place->node;
    }
    return line;
}

/// The message that came to the node right before it, which may be why.
std::optional<Happening> cause_of(const Happening& what, std::span<const NodeMessage> messages) {
    constexpr Time shortly = std::chrono::milliseconds(4);
    const NodeMessage* last = nullptr;
    for (const NodeMessage& message : messages) {
        if (message.to == what.node && message.client < 0 && message.fate == Fate::arrived &&
            message.received <= what.at && what.at - message.received <= shortly &&
            (last == nullptr || message.received >= last->received)) {
            last = &message;
        }
    }
    if (last == nullptr) {
        return std::nullopt;
    }
    const Time took = last->received - last->sent;
    Happening cause;
    cause.at = last->received;
    cause.weight = Weight::decisive;
    cause.kind = "message";
    cause.node = last->to;
    cause.term = last->term;
    cause.others = {last->from};
    cause.mark = "gets " + message_label(*last);
    cause.text =
        fmt::format("n{} gets a message of n{}: {}", last->to, last->from, message_label(*last));
    if (took >= std::chrono::milliseconds(50)) {
        cause.text +=
            fmt::format(", sent {:.3f} s before", std::chrono::duration<double>(took).count());
    }
    return cause;
}

/// Weightier first, then nearer to the moment.
void choose(std::vector<Happening>& lines, Time moment, std::size_t most) {
    if (lines.size() <= most) {
        return;
    }
    std::vector<std::size_t> order(lines.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    const auto rank = [&](std::size_t i) {
        const Happening& line = lines[i];
        const Time distance = line.at > moment ? line.at - moment : moment - line.at;
        return std::tuple(line.weight == Weight::decisive ? 0 : 1,
                          // A second away something telling counts as much as daily work does here.
                          distance + (line.weight == Weight::ordinary ? std::chrono::seconds(1)
                                                                      : std::chrono::seconds(0)));
    };
    std::ranges::stable_sort(order, {}, rank);
    order.resize(most);
    std::ranges::sort(order);
    std::vector<Happening> kept;
    for (const std::size_t i : order) {
        kept.push_back(std::move(lines[i]));
    }
    lines = std::move(kept);
}

}  // namespace

std::optional<TracePlace> place_named(const std::string& reason) {
    unsigned node = 0;
    unsigned long long life = 0;
    unsigned long long sequence = 0;
    const std::size_t start = reason.rfind("(start of life ");
    if (start != std::string::npos && std::sscanf(reason.c_str(), "n%9u ", &node) == 1 &&
        std::sscanf(reason.c_str() + start, "(start of life %18llu)", &life) == 1) {
        return TracePlace{.node = node, .incarnation = life, .sequence = 0};
    }
    const std::size_t at = reason.rfind("(n");
    const char* place = at == std::string::npos ? "" : reason.c_str() + at;
    if (std::sscanf(place, "(n%9u life %18llu event %18llu)", &node, &life, &sequence) != 3) {
        return std::nullopt;
    }
    return TracePlace{.node = node, .incarnation = life, .sequence = sequence};
}

Story tell(const Results& results,
           const Material& material,
           std::span<const Operation> operations,
           std::size_t lines_max) {
    Story story;
    const Check* check = first_violation(results, material, story.moment);
    if (check == nullptr) {
        return story;
    }
    story.check = check->name;
    story.reason = without_place(check->reason);
    const Time origin = results.monotonic_origin;
    const Concern concern = concern_of(*check, material, operations);
    const ClusterPast past(material.traces, origin, material.messages);

    std::vector<Happening> all = fault_happenings(material.events);
    std::ranges::move(
        operation_happenings(operations, material, past, concern, clocks_of(material)),
        std::back_inserter(all));
    std::ranges::move(trace_happenings(material, past, origin, concern), std::back_inserter(all));
    const Time end = material.events.empty() ? Time{} : material.events.back().time;
    const auto place = place_named(check->reason);
    std::optional<Happening> cause;
    for (Happening& each : all) {
        if (place && each.place == place) {
            each.weight = Weight::decisive;
            cause = cause_of(each, material.messages);
        }
    }
    if (cause) {
        all.insert(all.begin(), std::move(*cause));  // Before what it led to.
    }
    all.push_back(violation(*check, story.moment, end));
    std::ranges::stable_sort(all, {}, &Happening::at);
    if (story.moment) {
        // What came after it explains nothing.
        std::erase_if(all, [&](const Happening& each) {
            return each.at > *story.moment + after_the_end && each.weight != Weight::decisive;
        });
    }
    for (const Happening& each : all) {
        if (each.weight != Weight::detail) {
            story.lines.push_back(each);
        }
    }
    const std::size_t count = story.lines.size();
    choose(story.lines, story.moment.value_or(end), lines_max);
    story.left_out = count - story.lines.size();
    story.details = std::move(all);
    return story;
}

}  // namespace squall::harness::report
