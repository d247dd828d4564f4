#include "checker/coverage.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace squall::checker {

namespace {

using history::Event;
using history::EventType;
using history::FaultPhase;
using history::FaultRecord;

struct ClassTally {
    std::uint64_t begun = 0;
    std::uint64_t skipped = 0;
    std::uint64_t bit = 0;
    std::string skip_reason;
    std::map<std::string, std::int64_t> effect;
};

/// That time passed proves nothing, unless a node spent it paused or down.
bool proves_bite(const std::string& effect) {
    return !effect.ends_with("_ms") || effect == "paused_ms" || effect == "down_ms";
}

bool bit(const FaultRecord& fault) {
    return std::any_of(fault.effect.begin(), fault.effect.end(), [](const auto& entry) {
        return entry.second > 0 && proves_bite(entry.first);
    });
}

void tally(const FaultRecord& fault, ClassTally& result) {
    switch (fault.phase) {
        case FaultPhase::begin:
            ++result.begun;
            break;
        case FaultPhase::skipped:
            ++result.skipped;
            result.skip_reason = fault.detail;
            break;
        case FaultPhase::end:
            result.bit += bit(fault) ? 1U : 0U;
            for (const auto& [name, amount] : fault.effect) {
                add_effect(result.effect, name, amount);
            }
            break;
    }
}

std::string summary(const std::string& name, const ClassTally& tally) {
    std::string line = fmt::format(
        "{}: {} injected, {} took effect, {} skipped", name, tally.begun, tally.bit, tally.skipped);
    if (!tally.skip_reason.empty()) {
        line += fmt::format(" ({})", tally.skip_reason);
    }
    for (const auto& [effect, amount] : tally.effect) {
        line += fmt::format("; {} {}", effect, amount);
    }
    return line;
}

/// Completed ok, not counting the final phase.
std::uint64_t ok_operations(std::span<const Event> events) {
    std::map<history::ClientId, bool> final_phase;
    std::uint64_t count = 0;
    for (const Event& event : events) {
        if (event.type == EventType::invoke) {
            final_phase[event.client] = event.final_read;
        } else if (event.type == EventType::ok) {
            count += final_phase[event.client] ? 0U : 1U;
        }
    }
    return count;
}

}  // namespace

void add_effect(std::map<std::string, std::int64_t>& total,
                const std::string& name,
                std::int64_t amount) {
    std::int64_t& so_far = total[name];
    so_far = name.ends_with("_max") ? std::max(so_far, amount) : so_far + amount;
}

Check coverage_check(std::span<const Event> events, const CoverageRequirements& required) {
    std::map<std::string, ClassTally> classes;
    for (const std::string& name : required.fault_classes) {
        classes[name];
    }
    for (const Event& event : events) {
        if (event.fault) {
            tally(*event.fault, classes[event.fault->name]);
        }
    }
    Check check;
    check.name = "coverage";
    check.detector = "coverage";
    std::vector<std::string> missing;
    for (const std::string& name : required.fault_classes) {
        if (const ClassTally& found = classes[name]; found.bit == 0) {
            missing.push_back(found.begun == 0 ? fmt::format("no {} could be injected", name)
                                               : fmt::format("no {} took effect", name));
        }
    }
    const std::uint64_t ok = ok_operations(events);
    if (ok < required.ok_operations_min) {
        missing.push_back(fmt::format(
            "only {} operations succeeded of {} wanted", ok, required.ok_operations_min));
    }
    for (const auto& [name, found] : classes) {
        check.details.push_back(summary(name, found));
    }
    if (!missing.empty()) {
        check.verdict = Verdict::unknown;
        check.reason = fmt::format("{}", fmt::join(missing, "; "));
    }
    return check;
}

}  // namespace squall::checker
