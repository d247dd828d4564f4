#include "harness/suite/sweep_summary.hpp"

#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/json_fields.hpp"
#include "history/text_input.hpp"

namespace squall::harness::suite {
namespace {

using Json = JsonFields::Json;

}  // namespace

std::string to_json(const SweepSummary& summary) {
    Json covered = Json::array();
    for (const auto& [pair, times] : summary.covered) {
        covered.push_back({{"fault", pair.first}, {"state", pair.second}, {"times", times}});
    }
    return Json{{"squall_sweep", sweep_version},
                {"verdict", summary.verdict},
                {"first_seed", summary.first_seed},
                {"seeds", summary.seeds},
                {"unknown", summary.unknown},
                {"hollow", summary.hollow},
                {"ok_operations", summary.ok_operations},
                {"simulated_s", summary.simulated_s},
                {"fault_states", std::move(covered)}}
               .dump(2) +
           "\n";
}

SweepSummary sweep_from_json(const std::string& text, const std::string& name) {
    constexpr std::size_t depth_max = 8;
    if (history::nests_deeper(text, depth_max) || !history::why_not_json(text).empty()) {
        throw Failure(name + ": is no summary of a sweep");
    }
    const Json json = Json::parse(text);
    if (!json.is_object()) {
        throw Failure(name + ": is no summary of a sweep");
    }
    JsonFields fields(json, name, "");
    std::uint64_t version = 0;
    fields.read_unsigned("squall_sweep", version);
    if (version != sweep_version) {
        fields.fail("squall_sweep", "is of a version that this squall does not know");
    }
    SweepSummary summary;
    fields.read("verdict", summary.verdict);
    fields.read_unsigned("first_seed", summary.first_seed);
    fields.read_unsigned("seeds", summary.seeds);
    fields.read_unsigned("unknown", summary.unknown);
    fields.read_unsigned("hollow", summary.hollow);
    fields.read_unsigned("ok_operations", summary.ok_operations);
    fields.read_number("simulated_s", summary.simulated_s, 0, 1e15);
    if (const Json* states = fields.find("fault_states"); states != nullptr && states->is_array()) {
        for (const Json& entry : *states) {
            if (!entry.is_object()) {
                fields.fail("fault_states", "must be a list of objects");
            }
            JsonFields state(entry, name, "fault_states[]");
            std::string fault;
            std::string met;
            std::uint64_t times = 0;
            state.read("fault", fault);
            state.read("state", met);
            state.read_unsigned("times", times);
            state.finish();
            summary.covered[{fault, met}] += times;
        }
    }
    fields.finish();
    return summary;
}

}  // namespace squall::harness::suite
