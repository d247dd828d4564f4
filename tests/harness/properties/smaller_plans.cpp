#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/plan_edits.hpp"
#include "tests/harness/properties/any_plan.hpp"

namespace squall::harness::properties {

namespace {

using std::chrono::milliseconds;

/// The original, shared by all that is made from it; only what is asked for is made.
using Source = std::shared_ptr<const Plan>;
using Candidates = rc::Seq<std::optional<Plan>>;

struct Chunk {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// All of a list, its halves, its quarters and so on: not as RapidCheck's removeChunks, whose
/// chunks of every length begin at every place, too many where each costs a run.
std::vector<Chunk> chunks_of(std::size_t size) {
    std::vector<Chunk> chunks;
    for (std::size_t count = size; count > 0; count /= 2) {
        for (std::size_t first = 0; first < size; first += count) {
            chunks.push_back({first, std::min(count, size - first)});
        }
    }
    return chunks;
}

std::vector<std::size_t> all_but(const Chunk& chunk, std::size_t size) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < size; ++i) {
        if (i < chunk.first || i >= chunk.first + chunk.count) {
            kept.push_back(i);
        }
    }
    return kept;
}

std::size_t operations_of(const Plan& plan) {
    return plan.operations ? plan.operations->size() : 0;
}

/// A candidate for each of `ways`.
template <typename Way, typename Edit>
Candidates each(std::vector<Way> ways, Edit edit) {
    return rc::seq::map(rc::seq::fromContainer(std::move(ways)), std::move(edit));
}

Candidates fewer_faults(const Source& plan) {
    const std::size_t size = plan->faults.size();
    return each(chunks_of(size), [plan, size](const Chunk& chunk) {
        return std::optional(shrink::with_faults(*plan, all_but(chunk, size)));
    });
}

Candidates fewer_operations(const Source& plan) {
    const std::size_t size = operations_of(*plan);
    return each(chunks_of(size), [plan, size](const Chunk& chunk) {
        return std::optional(shrink::with_operations(*plan, all_but(chunk, size)));
    });
}

Candidates shorter(const Source& plan) {
    const std::vector<int> percents{25, 50, 75, 90};
    return each(percents, [plan](int percent) -> std::optional<Plan> {
        const Duration limit = plan->time_limit * percent / 100;
        return limit < milliseconds(1) ? std::nullopt : std::optional(shrink::cut_at(*plan, limit));
    });
}

Candidates fewer_nodes(const Source& plan) {
    std::vector<NodeId> nodes;
    for (NodeId node = plan->nodes; node >= 1; --node) {
        nodes.push_back(node);
    }
    return each(nodes, [plan](NodeId node) { return shrink::without_node(*plan, node); });
}

Candidates simpler_faults(const Source& plan) {
    struct Way {
        std::size_t position = 0;
        nemesis::PlannedFault fault;
    };

    std::vector<Way> ways;
    for (std::size_t i = 0; i < plan->faults.size(); ++i) {
        for (nemesis::PlannedFault& fault : shrink::simpler(plan->faults[i])) {
            ways.push_back({i, std::move(fault)});
        }
    }
    return each(std::move(ways), [plan](const Way& way) {
        Plan simpler = *plan;
        simpler.faults[way.position] = way.fault;
        return std::optional(std::move(simpler));
    });
}

Candidates shorter_gaps(const Source& plan) {
    std::vector<std::size_t> gaps;
    for (std::size_t i = 0; i + 1 < shrink::moments(*plan).size(); ++i) {
        gaps.push_back(i);
    }
    const auto to = [&](Duration length) {
        return each(
            gaps, [plan, length](std::size_t gap) { return shrink::with_gap(*plan, gap, length); });
    };
    return rc::seq::concat(to(milliseconds(1)), to(milliseconds(100)));
}

/// Settings as they are by default, one after the other.
Candidates plainer_settings(const Source& plan) {
    using Setting = void (*)(Plan&);
    const std::vector<Setting> settings{
        [](Plan& changed) { changed.limits.reset(); },
        [](Plan& changed) { changed.timing = {}; },
        [](Plan& changed) { changed.snapshot_interval = Plan{}.snapshot_interval; },
        [](Plan& changed) { changed.operation_timeout = Plan{}.operation_timeout; },
        [](Plan& changed) { changed.heal_quorum_only = false; },
    };
    const auto plainer = each(settings, [plan](Setting setting) -> std::optional<Plan> {
        Plan changed = *plan;
        setting(changed);
        // Plans have no equality; their text has.
        return to_json(changed) == to_json(*plan) ? std::nullopt
                                                  : std::optional(std::move(changed));
    });
    const auto tidy = each(std::vector<int>{0}, [plan](int) { return shrink::tidied(*plan); });
    return rc::seq::concat(plainer, tidy);
}

}  // namespace

rc::Seq<Plan> smaller_plans(const Plan& original) {
    const auto plan = std::make_shared<const Plan>(original);
    const Candidates candidates = rc::seq::concat(fewer_faults(plan),
                                                  shorter(plan),
                                                  fewer_operations(plan),
                                                  fewer_nodes(plan),
                                                  simpler_faults(plan),
                                                  shorter_gaps(plan),
                                                  plainer_settings(plan));
    return rc::seq::map(
        rc::seq::filter(candidates,
                        [](const std::optional<Plan>& some) { return some.has_value(); }),
        [](std::optional<Plan>&& some) { return std::move(*some); });
}

}  // namespace squall::harness::properties
