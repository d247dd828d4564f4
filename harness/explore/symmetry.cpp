// Which of the states that differ only in the names of nodes stands for all of them. Sound because
// the core treats nodes alike: their ids decide nothing but the order in which it says things, and
// what is on the way has no order.
#include <algorithm>
#include <compare>
#include <numeric>
#include <tuple>
#include <utility>

#include "harness/explore/model.hpp"

namespace squall::harness::explore {

void Model::name_nodes() {
    std::vector<raft::NodeId> names(options_.nodes + 1);
    std::iota(names.begin(), names.end(), raft::NodeId{0});
    do {
        namings_.push_back(names);
        std::vector<raft::NodeId>& owners = owners_.emplace_back(options_.nodes);
        for (raft::NodeId id = 1; id <= options_.nodes; ++id) {
            owners[names[id] - 1] = id;
        }
    } while (std::next_permutation(names.begin() + 1, names.end()));
    renamed_histories_.resize(namings_.size());
}

std::uint32_t Model::rename_history(std::uint32_t history, std::size_t ordinal) {
    std::vector<std::uint32_t>& table = renamed_histories_[ordinal];
    if (table.size() <= history) {
        table.resize(std::max<std::size_t>(std::size_t{history} + 1, table.size() * 2));
    }
    if (table[history] == 0) {
        buffer_.clear();
        History(options_.nodes, histories_[history]).write_image(buffer_, namings_[ordinal]);
        const std::uint32_t renamed = histories_.intern(buffer_).first;
        table[history] = renamed + 1;
    }
    return table[history] - 1;
}

void Model::canonical(State& state) {
    if (options_.symmetry && options_.symmetric_bugs) {
        fold(state);
    }
}

void Model::fold(State& state) {
    State best = state;
    const State original = std::move(state);
    for (std::size_t ordinal = 1; ordinal < namings_.size(); ++ordinal) {
        const std::vector<raft::NodeId>& names = namings_[ordinal];
        // Mostly the first node decides.
        candidate_.nodes.clear();
        auto order = std::strong_ordering::equal;
        for (std::size_t at = 0; at < best.nodes.size() && order <= 0; ++at) {
            const ImageId image = original.nodes[owners_[ordinal][at] - 1];
            candidate_.nodes.push_back(locals_.rename(image, ordinal, names));
            if (order == 0) {
                order = candidate_.nodes.back() <=> best.nodes[at];
            }
        }
        if (order > 0) {
            continue;
        }
        candidate_.budgets = original.budgets;
        candidate_.history = rename_history(original.history, ordinal);
        candidate_.messages.clear();
        for (const MessageId message : original.messages) {
            candidate_.messages.push_back(locals_.rename_message(message, ordinal, names));
        }
        std::sort(candidate_.messages.begin(), candidate_.messages.end());
        const auto key = [](const State& s) { return std::tie(s.nodes, s.history, s.messages); };
        if (key(candidate_) < key(best)) {
            std::swap(best, candidate_);
        }
    }
    state = std::move(best);
}

}  // namespace squall::harness::explore
