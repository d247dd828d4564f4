// Faults that begin and end in any order: at every moment what is in force is what a plain list of
// the active ones amounts to, worked out in another way; and with the last of them all is as it
// was.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/active_faults.hpp"
#include "nemesis/link_fate.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;

constexpr NodeId node_count = 3;

NodeId any_node() {
    return *rc::gen::inRange<NodeId>(1, node_count + 1);
}

Duration any_time() {
    return milliseconds(*rc::gen::element(0, 0, 1, 70, 2500));
}

double any_probability() {
    return *rc::gen::element(0.0, 0.0, 0.1, 0.5, 1.0);
}

Action any_action() {
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            return KillFault{{any_node()}};
        case 1:
            return PauseFault{{any_node()}};
        case 2:
            return PowerFault{{any_node()}, 0};
        case 3: {
            ClockFault fault;
            fault.rules[any_node()] = {.rate = *rc::gen::element(0.0, 0.5, 1.0, 2.0),
                                       .realtime_jump = any_time()};
            return fault;
        }
        case 4: {
            DiskFault fault;
            fault.rules[any_node()] = {.sync_delay = any_time(),
                                       .stuck = *rc::gen::arbitrary<bool>(),
                                       .sync_error = any_probability(),
                                       .write_error = any_probability(),
                                       .full = *rc::gen::arbitrary<bool>()};
            return fault;
        }
        default: {
            LinkFault fault;
            const NodeId from = any_node();
            fault.rules[{.from = from, .to = from % node_count + 1}] = {
                .cut = *rc::gen::element(false, false, true),
                .delay = any_time(),
                .jitter = any_time(),
                .drop = any_probability(),
                .duplicate = any_probability(),
                .reorder = any_probability()};
            return fault;
        }
    }
}

/// The active ones in the order in which they began.
struct Held {
    FaultId id = 0;
    Action action;
};

template <typename Fault, typename Place>
auto rules_on(const std::vector<Held>& held, const Place& place) {
    std::vector<typename decltype(Fault::rules)::mapped_type> rules;
    for (const Held& each : held) {
        if (const auto* fault = std::get_if<Fault>(&each.action)) {
            if (const auto found = fault->rules.find(place); found != fault->rules.end()) {
                rules.push_back(found->second);
            }
        }
    }
    return rules;
}

/// One minus the chance that none of them happens.
template <typename Rule>
double any_of(const std::vector<Rule>& rules, double Rule::*chance) {
    double none = 1;
    for (const Rule& rule : rules) {
        none *= 1 - rule.*chance;
    }
    return 1 - none;
}

template <typename Rule>
Duration sum_of(const std::vector<Rule>& rules, Duration Rule::*time) {
    Duration sum{};
    for (const Rule& rule : rules) {
        sum += rule.*time;
    }
    return sum;
}

template <typename Rule>
bool some(const std::vector<Rule>& rules, bool Rule::*what) {
    return std::ranges::any_of(rules, what);
}

bool close(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

template <typename Fault>
bool hits(const std::vector<Held>& held, NodeId node) {
    return std::ranges::any_of(held, [node](const Held& each) {
        const auto* fault = std::get_if<Fault>(&each.action);
        return fault != nullptr && std::ranges::count(fault->nodes, node) > 0;
    });
}

void check_node(const ActiveFaults& faults, const std::vector<Held>& held, NodeId node) {
    RC_ASSERT(faults.down(node) == (hits<KillFault>(held, node) || hits<PowerFault>(held, node)));
    RC_ASSERT(faults.paused(node) == hits<PauseFault>(held, node));
    const auto disks = rules_on<DiskFault>(held, node);
    const DiskRule disk = faults.disk(node);
    RC_ASSERT(disk.sync_delay == sum_of(disks, &DiskRule::sync_delay));
    RC_ASSERT(disk.stuck == some(disks, &DiskRule::stuck));
    RC_ASSERT(disk.full == some(disks, &DiskRule::full));
    RC_ASSERT(close(disk.sync_error, any_of(disks, &DiskRule::sync_error)));
    RC_ASSERT(close(disk.write_error, any_of(disks, &DiskRule::write_error)));
    const auto clocks = rules_on<ClockFault>(held, node);
    double rate = 1;
    for (const ClockRule& rule : clocks) {
        rate *= rule.rate;
    }
    RC_ASSERT(close(faults.clock(node).rate, rate));
    RC_ASSERT(faults.clock(node).realtime_jump == sum_of(clocks, &ClockRule::realtime_jump));
}

void check_link(const ActiveFaults& faults, const std::vector<Held>& held, Link link) {
    const auto rules = rules_on<LinkFault>(held, link);
    const LinkRule rule = faults.rule(link);
    RC_ASSERT(rule.cut == some(rules, &LinkRule::cut));
    RC_ASSERT(rule.delay == sum_of(rules, &LinkRule::delay));
    RC_ASSERT(rule.jitter == sum_of(rules, &LinkRule::jitter));
    RC_ASSERT(close(rule.drop, any_of(rules, &LinkRule::drop)));
    RC_ASSERT(close(rule.duplicate, any_of(rules, &LinkRule::duplicate)));
    RC_ASSERT(close(rule.reorder, any_of(rules, &LinkRule::reorder)));
}

void check(const ActiveFaults& faults, const std::vector<Held>& held) {
    RC_ASSERT(faults.active().size() == held.size());
    for (NodeId node = 1; node <= node_count; ++node) {
        check_node(faults, held, node);
        for (NodeId to = 1; to <= node_count; ++to) {
            check_link(faults, held, {.from = node, .to = to});
        }
    }
}

RC_GTEST_PROP(ActiveFaultsModel, AmountToTheListOfThoseThatHaveBegunAndNotEnded, ()) {
    ActiveFaults faults;
    std::vector<Held> held;
    FaultId next = 1;
    const auto steps = *rc::gen::inRange(1, 25);
    for (int step = 0; step < steps; ++step) {
        if (held.empty() || *rc::gen::inRange(0, 3) > 0) {
            const Action action = any_action();
            held.push_back({next, action});
            faults.begin(next++, {.name = "drawn", .detail = "", .targets = {}, .action = action});
        } else {
            const auto place = *rc::gen::inRange<std::size_t>(0, held.size());
            faults.end(held[place].id);
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(place));
        }
        check(faults, held);
    }
    for (const Held& each : held) {
        faults.end(each.id);
    }
    for (NodeId node = 1; node <= node_count; ++node) {
        // Exactly: no trace of a sum or a product is left.
        RC_ASSERT(faults.clock(node) == ClockRule{});
        RC_ASSERT(faults.disk(node) == DiskRule{});
        RC_ASSERT(faults.rule({.from = node, .to = node % node_count + 1}) == LinkRule{});
        RC_ASSERT(!faults.down(node) && !faults.paused(node));
    }
}

/// Within six standard deviations of what a coin with this chance does.
bool plausible(std::size_t count, std::size_t of, double chance) {
    const double n = static_cast<double>(of);
    return std::abs(static_cast<double>(count) - n * chance) <=
           6 * std::sqrt(n * chance * (1 - chance)) + 1;
}

RC_GTEST_PROP(LinkFateModel, RulesHappenAsOftenAsTheySay, (std::uint64_t seed)) {
    constexpr std::size_t messages = 5000;
    const LinkRule rule{.jitter = milliseconds(10),
                        .drop = any_probability(),
                        .duplicate = any_probability(),
                        .reorder = any_probability()};
    const history::Stream stream(seed, "links");
    std::size_t dropped = 0;
    std::size_t duplicated = 0;
    std::size_t reordered = 0;
    std::size_t both = 0;
    for (std::size_t i = 0; i < messages; ++i) {
        const Fate fate = decide_fate(rule, stream, {.from = 1, .to = 2}, i);
        dropped += fate.dropped ? 1U : 0U;
        duplicated += fate.copy_after ? 1U : 0U;
        reordered += fate.held_back ? 1U : 0U;
        both += fate.copy_after && fate.held_back ? 1U : 0U;
    }

    const std::size_t left = messages - dropped;
    RC_ASSERT(plausible(dropped, messages, rule.drop));
    RC_ASSERT(plausible(duplicated, left, rule.duplicate));
    RC_ASSERT(plausible(reordered, left, rule.reorder));
    RC_ASSERT(plausible(both, left, rule.duplicate * rule.reorder));
}

}  // namespace
}  // namespace squall::nemesis
