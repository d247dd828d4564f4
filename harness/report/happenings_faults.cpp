#include <cstdio>

#include <fmt/format.h>

#include "harness/report/escape.hpp"
#include "harness/report/fault_rows.hpp"
#include "harness/report/happenings.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {

std::vector<Happening> fault_happenings(std::span<const history::Event> events) {
    std::vector<Happening> all;
    const auto add = [&](Time at, Weight weight, const char* kind, std::string text) -> Happening& {
        Happening happening;
        happening.at = at;
        happening.weight = weight;
        happening.kind = kind;
        happening.text = shortened(text, 300);
        happening.mark = shortened(text, 80);
        return all.emplace_back(std::move(happening));
    };
    for (const FaultRow& fault : fault_rows(events)) {
        if (fault.skipped) {
            continue;
        }
        const bool named = fault.detail.starts_with(fault.name);
        const std::string what = named ? fault.detail : fault.name + ": " + fault.detail;
        Happening& begin = add(fault.begin, Weight::telling, "fault", "fault begins: " + what);
        for (const history::FaultTarget& target : fault.targets) {
            begin.others.push_back(target.node);
            if (target.role == "leader") {
                begin.text += fmt::format(" (n{} leads)", target.node);
            }
        }
        if (fault.end) {
            std::string measured;
            for (const auto& [name, amount] : fault.effect) {
                measured += (measured.empty() ? "" : ", ") + effect_words(name, amount);
            }
            add(*fault.end,
                measured.empty() ? Weight::ordinary : Weight::telling,
                "fault",
                fmt::format("fault ends: {}{}", what, measured.empty() ? "" : " – " + measured));
        }
    }
    for (const history::Event& event : events) {
        unsigned node = 0;
        if (event.type != history::EventType::note) {
            continue;
        }
        if (std::sscanf(event.text.c_str(), "node n%5u exited", &node) == 1) {
            Happening& exit = add(event.time, Weight::telling, "exit", event.text);
            exit.node = node;
            exit.mark = "exits";
        } else if (event.text == "phase: heal") {
            add(event.time, Weight::ordinary, "fault", "everything is healed");
        }
    }
    return all;
}

}  // namespace squall::harness::report
