#include "harness/shrink/fault_edits.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/overloaded.hpp"
#include "nemesis/targets.hpp"

namespace squall::harness::shrink {
namespace {

using nemesis::Action;
using nemesis::ClockFault;
using nemesis::ClockRule;
using nemesis::DiskFault;
using nemesis::DiskRule;
using nemesis::Duration;
using nemesis::KillFault;
using nemesis::Link;
using nemesis::LinkFault;
using nemesis::LinkRule;
using nemesis::NodeId;
using nemesis::PauseFault;
using nemesis::PlannedFault;
using nemesis::PowerFault;

/// Shorter than this a fault hardly happens.
constexpr Duration shortest = std::chrono::milliseconds(2);

/// One by one with each node left out, while another remains.
template <typename Fault>
std::vector<Action> fewer_nodes(const Fault& fault) {
    std::vector<Action> actions;
    for (std::size_t i = 0; fault.nodes.size() > 1 && i < fault.nodes.size(); ++i) {
        Fault fewer = fault;
        fewer.nodes.erase(fewer.nodes.begin() + static_cast<std::ptrdiff_t>(i));
        actions.emplace_back(std::move(fewer));
    }
    return actions;
}

/// The rules that differ from this one in one property, which is that of no fault.
std::vector<LinkRule> plainer(const LinkRule& rule) {
    std::vector<LinkRule> rules;
    const auto without = [&](auto LinkRule::*property) {
        LinkRule plain = rule;
        plain.*property = {};
        if (plain.jitter == Duration::zero()) {
            plain.law = {};  // There is nothing that it could be the law of.
        }
        if (plain != rule && plain != LinkRule{}) {
            rules.push_back(plain);
        }
    };
    without(&LinkRule::cut);
    without(&LinkRule::delay);
    without(&LinkRule::jitter);
    without(&LinkRule::law);
    without(&LinkRule::drop);
    without(&LinkRule::duplicate);
    without(&LinkRule::reorder);
    return rules;
}

std::vector<ClockRule> plainer(const ClockRule& rule) {
    std::vector<ClockRule> rules;
    if (rule.rate != 1 && rule.realtime_jump != Duration::zero()) {
        rules.push_back({.rate = rule.rate});
        rules.push_back({.realtime_jump = rule.realtime_jump});
    }
    return rules;
}

std::vector<DiskRule> plainer(const DiskRule& rule) {
    std::vector<DiskRule> rules;
    const auto without = [&](auto DiskRule::*property) {
        DiskRule plain = rule;
        plain.*property = {};
        if (plain != rule && plain != DiskRule{}) {
            rules.push_back(plain);
        }
    };
    without(&DiskRule::sync_delay);
    without(&DiskRule::stuck);
    without(&DiskRule::sync_error);
    without(&DiskRule::write_error);
    without(&DiskRule::full);
    return rules;
}

std::array<NodeId, 2> ends(const Link& link) {
    return {link.from, link.to};
}

std::array<NodeId, 1> ends(NodeId node) {
    return {node};
}

template <typename Fault>
std::vector<Action> fewer_rules(const Fault& fault) {
    std::vector<Action> actions;
    const auto add = [&](Fault smaller) {
        if (!smaller.rules.empty() && smaller.rules != fault.rules) {
            actions.emplace_back(std::move(smaller));
        }
    };
    std::set<NodeId> nodes;
    for (const auto& [where, unused] : fault.rules) {
        for (const NodeId node : ends(where)) {
            nodes.insert(node);
        }
    }
    for (const NodeId node : nodes) {
        Fault smaller = fault;
        std::erase_if(smaller.rules, [&](const auto& entry) {
            const auto both = ends(entry.first);
            return std::ranges::find(both, node) != both.end();
        });
        add(std::move(smaller));
    }
    for (const auto& [where, rule] : fault.rules) {
        Fault smaller = fault;
        smaller.rules.erase(where);
        add(std::move(smaller));
        for (const auto& plain : plainer(rule)) {
            Fault changed = fault;
            changed.rules[where] = plain;
            add(std::move(changed));
        }
    }
    return actions;
}

std::vector<Action> simpler_actions(const Action& action) {
    return std::visit(
        [](const auto& fault) {
            if constexpr (requires { fault.rules; }) {
                return fewer_rules(fault);
            } else {
                return fewer_nodes(fault);
            }
        },
        action);
}

std::vector<NodeId> targets_of(const Action& action, const std::vector<NodeId>& before) {
    if (const auto* kill = std::get_if<KillFault>(&action)) {
        return kill->nodes;
    }
    if (const auto* pause = std::get_if<PauseFault>(&action)) {
        return pause->nodes;
    }
    if (const auto* power = std::get_if<PowerFault>(&action)) {
        return power->nodes;
    }
    std::vector<NodeId> targets = before;
    std::erase_if(targets, [&](NodeId node) {
        if (const auto* clocks = std::get_if<ClockFault>(&action)) {
            return !clocks->rules.contains(node);
        }
        if (const auto* disks = std::get_if<DiskFault>(&action)) {
            return !disks->rules.contains(node);
        }
        return std::ranges::none_of(std::get<LinkFault>(action).rules, [&](const auto& entry) {
            return entry.first.from == node || entry.first.to == node;
        });
    });
    return targets;
}

std::string in_words(const Link& link, const LinkRule& rule) {
    std::string words = fmt::format("n{}>n{}", link.from, link.to);
    const auto ms = [](Duration time) { return static_cast<double>(time.count()) / 1e6; };
    const auto add = [&](bool there, const std::string& what) {
        words += there ? fmt::format(" {}", what) : std::string();
    };
    add(rule.cut, "cut");
    add(rule.delay > Duration::zero(), fmt::format("delay {} ms", ms(rule.delay)));
    add(rule.jitter > Duration::zero(), fmt::format("jitter {} ms", ms(rule.jitter)));
    add(rule.drop > 0, fmt::format("drop {}", rule.drop));
    add(rule.duplicate > 0, fmt::format("duplicate {}", rule.duplicate));
    add(rule.reorder > 0, fmt::format("reorder {}", rule.reorder));
    return words;
}

std::string links_in_words(const LinkFault& fault) {
    std::string words;
    const bool only_cuts =
        std::ranges::all_of(fault.rules, [](const auto& entry) { return entry.second.cut; });
    for (const auto& [link, rule] : fault.rules) {
        words += words.empty() ? "" : (only_cuts ? " " : ", ");
        words += only_cuts ? fmt::format("n{}>n{}", link.from, link.to) : in_words(link, rule);
    }
    return only_cuts ? fmt::format("cut {}", words) : words;
}

std::string clocks_in_words(const ClockFault& fault) {
    std::string words;
    for (const auto& [node, rule] : fault.rules) {
        words += words.empty() ? "" : ", ";
        words += fmt::format("clock of n{}", node);
        if (rule.rate != 1) {
            words += fmt::format(" at rate {:.3g}", rule.rate);
        }
        if (rule.realtime_jump != Duration::zero()) {
            words += fmt::format(" jumps {:.3f} s",
                                 std::chrono::duration<double>(rule.realtime_jump).count());
        }
    }
    return words;
}

std::string disks_in_words(const DiskFault& fault) {
    std::string words;
    for (const auto& [node, rule] : fault.rules) {
        words += fmt::format("{}disk of n{}", words.empty() ? "" : ", ", node);
        words += rule.stuck ? " stuck" : "";
        words += rule.full ? " full" : "";
        if (rule.sync_delay > Duration::zero()) {
            words +=
                fmt::format(" slower by {} ms", static_cast<double>(rule.sync_delay.count()) / 1e6);
        }
        if (rule.sync_error > 0) {
            words += fmt::format(" fsync fails {}", rule.sync_error);
        }
        if (rule.write_error > 0) {
            words += fmt::format(" writes fail {}", rule.write_error);
        }
    }
    return words;
}

}  // namespace

std::string words_of(const Action& action) {
    return std::visit(Overloaded{
                          [](const LinkFault& fault) { return links_in_words(fault); },
                          [](const KillFault& fault) {
                              return fmt::format("kill {}", nemesis::to_text(fault.nodes));
                          },
                          [](const PauseFault& fault) {
                              return fmt::format("pause {}", nemesis::to_text(fault.nodes));
                          },
                          [](const ClockFault& fault) { return clocks_in_words(fault); },
                          [](const DiskFault& fault) { return disks_in_words(fault); },
                          [](const PowerFault& fault) {
                              return fmt::format("power off {}{}",
                                                 nemesis::to_text(fault.nodes),
                                                 fault.bit_flips > 0 ? ", bits flipped" : "");
                          },
                      },
                      action);
}

bool hits_nobody(const Action& action) {
    return std::visit(
        [](const auto& fault) {
            if constexpr (requires { fault.rules; }) {
                return fault.rules.empty();
            } else {
                return fault.nodes.empty();
            }
        },
        action);
}

std::vector<PlannedFault> simpler(const PlannedFault& fault) {
    std::vector<PlannedFault> faults;
    if (fault.action) {
        for (Action& action : simpler_actions(*fault.action)) {
            PlannedFault changed = fault;
            changed.nodes = targets_of(action, fault.nodes);
            changed.detail = words_of(action);
            changed.action = std::move(action);
            faults.push_back(std::move(changed));
        }
    }
    if (fault.duration / 2 >= shortest) {
        PlannedFault changed = fault;
        changed.duration = fault.duration / 2;
        faults.push_back(std::move(changed));
    }
    return faults;
}

}  // namespace squall::harness::shrink
