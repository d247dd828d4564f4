#include "harness/suite/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace squall::harness::suite {
namespace {

/// A simulated cell of less would mostly start and stop.
constexpr double sim_least_s = 1;

double least_of(const PendingCell& cell) {
    return cell.tier == SuiteTier::sim ? std::max(cell.least_s, sim_least_s) : cell.least_s;
}

/// Distributes `total` over the cells so that each has weight times a common factor, but no less
/// than its least. Those that the factor leaves below their least get just that.
void distribute(const std::vector<PendingCell>& cells,
                const std::vector<std::size_t>& chosen,
                double total,
                std::vector<double>& shares) {
    std::vector<std::size_t> order = chosen;
    // By the factor from which on a cell gets more than its least.
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return least_of(cells[a]) / cells[a].weight > least_of(cells[b]) / cells[b].weight;
    });
    double weight = 0;
    for (const std::size_t i : order) {
        weight += cells[i].weight;
    }
    for (const std::size_t i : order) {
        const double fair = weight > 0 ? std::max(0.0, total) * cells[i].weight / weight : 0;
        shares[i] = std::max(fair, least_of(cells[i]));
        total -= shares[i];
        weight -= cells[i].weight;
    }
}

double sum(const std::vector<double>& shares, const std::vector<std::size_t>& chosen) {
    return std::accumulate(chosen.begin(), chosen.end(), 0.0, [&](double total, std::size_t i) {
        return total + shares[i];
    });
}

double running_s(const ScheduleState& state, bool processes_only) {
    double total = 0;
    for (const RunningCell& cell : state.running) {
        total += processes_only && cell.tier == SuiteTier::sim ? 0 : std::max(0.0, cell.left_s);
    }
    return total;
}

std::size_t running_processes(const ScheduleState& state) {
    return static_cast<std::size_t>(
        std::ranges::count(state.running, SuiteTier::process, &RunningCell::tier));
}

}  // namespace

std::vector<double> shares(const ScheduleState& state) {
    std::vector<double> result(state.pending.size(), 0);
    std::vector<std::size_t> processes;
    std::vector<std::size_t> simulated;
    for (std::size_t i = 0; i < state.pending.size(); ++i) {
        (state.pending[i].tier == SuiteTier::process ? processes : simulated).push_back(i);
    }
    std::vector<std::size_t> both = processes;
    both.insert(both.end(), simulated.begin(), simulated.end());
    const double total = state.jobs * state.left_s - running_s(state, false);
    const double for_processes = state.process_jobs * state.left_s - running_s(state, true);
    distribute(state.pending, both, total, result);
    // Only so many run side by side, so that simulated ones may have what they cannot use.
    if (simulated.empty() || sum(result, processes) > for_processes) {
        distribute(state.pending, processes, std::min(total, for_processes), result);
        distribute(state.pending, simulated, total - sum(result, processes), result);
    }
    for (double& share : result) {
        share = std::min(share, std::max(0.0, state.left_s));
    }
    return result;
}

std::optional<Start> next_cell(const ScheduleState& state) {
    if (state.running.size() >= state.jobs || state.pending.empty()) {
        return std::nullopt;
    }
    const std::vector<double> share = shares(state);
    const bool process_allowed = running_processes(state) < state.process_jobs;
    std::optional<std::size_t> best;
    const auto heavier = [&](std::size_t a, std::size_t b) {
        const PendingCell& one = state.pending[a];
        const PendingCell& other = state.pending[b];
        if (one.tier != other.tier) {
            return one.tier == SuiteTier::process;
        }
        return share[a] != share[b] ? share[a] > share[b] : one.ordinal < other.ordinal;
    };
    std::size_t simulated = 0;
    for (std::size_t i = 0; i < state.pending.size(); ++i) {
        const PendingCell& cell = state.pending[i];
        const bool process = cell.tier == SuiteTier::process;
        simulated += process ? 0 : 1;
        if ((process && !process_allowed) || least_of(cell) > state.left_s) {
            continue;
        }
        if (!best || heavier(i, *best)) {
            best = i;
        }
    }
    if (!best) {
        return std::nullopt;
    }
    const PendingCell& cell = state.pending[*best];
    // Nothing comes after the last simulated cell, so it goes on to the end.
    const bool last = cell.tier == SuiteTier::sim && simulated == 1 && state.pending.size() == 1;
    return Start{cell.ordinal, last ? state.left_s : share[*best]};
}

std::vector<std::uint32_t> out_of_time(const ScheduleState& state) {
    std::vector<std::uint32_t> cells;
    for (const PendingCell& cell : state.pending) {
        if (least_of(cell) > state.left_s) {
            cells.push_back(cell.ordinal);
        }
    }
    return cells;
}

double seconds_to_end(const ScheduleState& state) {
    double longest = 0;
    bool fills = false;
    for (const RunningCell& cell : state.running) {
        longest = std::max(longest, cell.left_s);
    }
    for (const PendingCell& cell : state.pending) {
        fills = fills || cell.tier == SuiteTier::sim;
    }
    if (fills) {
        return std::max(state.left_s, longest);
    }
    const std::vector<double> share = shares(state);
    const double pending = std::accumulate(share.begin(), share.end(), 0.0);
    return std::max(longest,
                    (running_s(state, false) + pending) / std::max(1U, state.process_jobs));
}

double seconds_until(int until_minute, int begun_second) {
    constexpr int day = 24 * 3600;
    const int seconds = until_minute * 60 - begun_second;
    return seconds > 0 ? seconds : seconds + day;
}

}  // namespace squall::harness::suite
