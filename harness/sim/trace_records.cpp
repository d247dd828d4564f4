#include "harness/sim/trace_records.hpp"

#include <utility>

namespace squall::harness::sim {

namespace {

struct Translate {
    checker::TraceBody operator()(raft::InitTrace&& init) const {
        return checker::TraceInit{.term = init.hard_state.term,
                                  .vote = init.hard_state.voted_for,
                                  .snapshot_term = init.snapshot.term,
                                  .snapshot_index = init.snapshot.index,
                                  .last_term = init.last.term,
                                  .last_index = init.last.index,
                                  .hash = init.hash};
    }

    checker::TraceBody operator()(raft::HardStateTrace&& state) const {
        return checker::TraceHardState{.term = state.hard_state.term,
                                       .vote = state.hard_state.voted_for};
    }

    checker::TraceBody operator()(raft::RoleTrace&& role) const {
        return checker::TraceRole{
            .role = raft::to_string(role.role), .term = role.term, .leader = role.leader};
    }

    checker::TraceBody operator()(raft::AppendTrace&& append) const {
        return checker::TraceAppend{.first = append.first, .terms = std::move(append.terms)};
    }

    checker::TraceBody operator()(raft::DurableTrace&& durable) const {
        return checker::TraceDurable{.term = durable.last.term, .index = durable.last.index};
    }

    checker::TraceBody operator()(raft::CommitTrace&& commit) const {
        return checker::TraceCommit{
            .index = commit.index, .term = commit.term, .match = std::move(commit.match)};
    }

    checker::TraceBody operator()(raft::ApplyTrace&& apply) const {
        checker::TraceApply applied{.first = apply.first,
                                    .terms = std::move(apply.terms),
                                    .hashes = std::move(apply.hashes)};
        applied.effects.reserve(apply.effects.size());
        for (const raft::SessionEffect& effect : apply.effects) {
            applied.effects.push_back({effect.session, effect.sequence});
        }
        return applied;
    }

    checker::TraceBody operator()(raft::SnapshotTrace&& snapshot) const {
        return checker::TraceSnapshot{.installed = snapshot.installed,
                                      .term = snapshot.last.term,
                                      .index = snapshot.last.index,
                                      .hash = snapshot.hash};
    }

    checker::TraceBody operator()(raft::BoundTrace&& bound) const {
        return checker::TraceBound{.what = bound.what, .value = bound.value, .limit = bound.limit};
    }
};

}  // namespace

checker::TraceBody to_trace_body(raft::TraceEvent&& event) {
    return std::visit(Translate{}, std::move(event));
}

void TraceFeed::add(NodeId node,
                    std::uint64_t incarnation,
                    Time now,
                    std::vector<raft::TraceEvent>&& events) {
    Position& position = positions_[node];
    if (position.incarnation != incarnation) {
        position = {.incarnation = incarnation, .next_sequence = 0};
    }
    for (raft::TraceEvent& event : events) {
        checker::TraceRecord record{.node = node,
                                    .incarnation = incarnation,
                                    .sequence = position.next_sequence++,
                                    .raw_time_ns = now.count(),
                                    .body = to_trace_body(std::move(event))};
        checker_.add(record);
        if (keep_) {
            records_.push_back(std::move(record));
        }
    }
}

}  // namespace squall::harness::sim
