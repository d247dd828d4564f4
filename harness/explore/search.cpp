#include "harness/explore/search.hpp"

#include <algorithm>

#include "raft/assert.hpp"

namespace squall::harness::explore {

Search::Search(Model& model, const Limits& limits, const State& start)
    : model_(model), limits_(limits) {
    State first = start;
    model_.canonical(first);
    pack(first, packed_);
    static_cast<void>(states_.intern(packed_));
    parents_.push_back(0);
    layer_end_ = 1;
}

Stop Search::advance(std::uint64_t states) {
    for (; states > 0 && stop_ == Stop::none; --states) {
        if (next_ == states_.size()) {
            stop_ = Stop::exhausted;
            break;
        }
        if (next_ == layer_end_) {
            ++depth_;
            layer_end_ = static_cast<std::uint32_t>(states_.size());
        }
        if (limits_.depth > 0 && depth_ >= limits_.depth) {
            stop_ = Stop::depth;
        } else if (limits_.states > 0 && states_.size() >= limits_.states) {
            stop_ = Stop::states;
        } else if (limits_.bytes > 0 && next_ % 1024 == 0 && progress().bytes >= limits_.bytes) {
            stop_ = Stop::memory;
        } else {
            expand(next_);
            // The one that broke something is looked at last.
            next_ += stop_ == Stop::violation ? 0 : 1;
        }
    }
    return stop_;
}

void Search::expand(std::uint32_t id) {
    unpack(states_[id], model_.options().nodes, state_);
    model_.actions(state_, actions_);
    std::optional<Violation> violation;
    for (const Action& action : actions_) {
        if (!model_.apply(state_, action, successor_, violation)) {
            continue;
        }
        ++transitions_;
        if (violation) {
            stop_ = Stop::violation;
            return;
        }
        model_.canonical(successor_);
        pack(successor_, packed_);
        if (states_.intern(packed_).second) {
            parents_.push_back(id);
        }
    }
}

Progress Search::progress() const {
    Progress progress;
    progress.states = states_.size();
    progress.expanded = next_;
    progress.transitions = transitions_;
    progress.depth = depth_ + (states_.size() > layer_end_ ? 1 : 0);
    progress.bytes = states_.bytes() + parents_.capacity() * sizeof(parents_[0]) + model_.bytes();
    return progress;
}

std::vector<std::string> Search::way() const {
    ASSERT(stop_ == Stop::violation);
    std::vector<std::string> way;
    for (std::uint32_t at = next_;; at = parents_[at]) {
        way.emplace_back(states_[at]);
        if (at == 0) {
            break;
        }
    }
    std::reverse(way.begin(), way.end());
    return way;
}

}  // namespace squall::harness::explore
