#include <algorithm>
#include <utility>

#include "checker/trace.hpp"
#include "checker/trace_applied.hpp"
#include "checker/trace_commits.hpp"
#include "checker/trace_elections.hpp"
#include "checker/trace_invariant.hpp"
#include "checker/trace_logs.hpp"
#include "checker/trace_votes.hpp"

namespace squall::checker {

/// Follows each life, and tells every group of invariants what concerns it.
class TraceChecker::Impl {
  public:
    explicit Impl(TraceOrder order) : certificate_(order) {}

    bool add(const TraceRecord& record) {
        TracedLife& life = lives_[record.node];
        if (!life.started || record.incarnation != life.incarnation) {
            life = {};
            life.incarnation = record.incarnation;
            life.started = true;
        }
        std::visit([&](const auto& body) { handle(record, life, body); }, record.body);
        return holds();
    }

    [[nodiscard]] std::vector<Check> results() const {
        return {election_safety_.invariant().check(),
                votes_.vote_once().check(),
                votes_.hard_state().check(),
                logs_.matching().check(),
                certificate_.invariant().check(),
                hashes_.invariant().check(),
                monotone_.invariant().check(),
                logs_.append_only().check(),
                completeness_.invariant().check(),
                once_.invariant().check(),
                bounds_.invariant().check(),
                term_growth_.invariant().check()};
    }

  private:
    [[nodiscard]] bool holds() const {
        return election_safety_.invariant().holds() && votes_.vote_once().holds() &&
               votes_.hard_state().holds() && logs_.matching().holds() && certificate_.holds() &&
               hashes_.invariant().holds() && monotone_.invariant().holds() &&
               logs_.append_only().holds() && completeness_.invariant().holds() &&
               once_.invariant().holds() && bounds_.invariant().holds();
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceInit& init) {
        votes_.durable(record, {init.term, init.vote}, "recovered");
        term_growth_.durable(record, init.term);
        certificate_.reached(record, init.last_index);
        life.log.reset(init.last_index, init.last_term);
        life.commit = life.applied = init.snapshot_index;
        life.committed_by = life.applied_by = TraceEventId::of(record);
        if (init.snapshot_index > 0) {
            hashes_.applied(
                TraceEventId::of(record), init.snapshot_index, init.snapshot_term, init.hash);
        }
    }

    void handle(const TraceRecord& record, TracedLife& /*life*/, const TraceHardState& state) {
        votes_.durable(record, state, "made durable");
        term_growth_.durable(record, state.term);
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceRole& role) {
        if (role.role == "candidate") {
            term_growth_.candidate(record, role.term);
        }
        election_safety_.role(record, role);
        life.leads = role.role == "leader";
        if (!life.leads) {
            return;
        }
        life.leads_since = TraceEventId::of(record);
        if (life.log.end() > 0) {
            completeness_.elected(record, role.term, life.log.end() - 1, [&life](auto index) {
                return life.log.term_at(index);
            });
        }
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceAppend& append) {
        logs_.appended(record, life, append);
    }

    void handle(const TraceRecord& record, TracedLife& /*life*/, const TraceDurable& durable) {
        certificate_.durable(record, durable.index);
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceCommit& commit) {
        if (!commit.match.empty()) {
            certificate_.leader_commit(record, life, commit);
            // What a leader commits lies above every snapshot that it received, so that its log
            // here is as the trace tells it.
            if (const auto term = life.log.term_at(commit.index)) {
                completeness_.committed(record, commit.term, commit.index, *term);
            }
        } else {
            certificate_.reached(record, commit.index);
        }
        monotone_.commits(record, life, commit.index);
        life.committed_since_append = true;
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceApply& apply) {
        monotone_.applies(record, life, apply.first);
        const TraceEventId event = TraceEventId::of(record);
        const std::size_t count = std::min(apply.terms.size(), apply.hashes.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t index = apply.first + i;
            certificate_.committed(event, index, apply.terms[i]);
            hashes_.applied(event, index, apply.terms[i], apply.hashes[i]);
            if (i < apply.effects.size()) {
                once_.took_effect(event, index, apply.effects[i]);
            }
            logs_.confirm(life, index, apply.terms[i]);
        }
        if (count > 0 && apply.first + count - 1 > life.applied) {
            life.applied = apply.first + count - 1;
            life.applied_by = event;
        }
    }

    void handle(const TraceRecord& record, TracedLife& life, const TraceSnapshot& snapshot) {
        const TraceEventId event = TraceEventId::of(record);
        hashes_.applied(event, snapshot.index, snapshot.term, snapshot.hash);
        if (!snapshot.installed) {
            return;
        }
        monotone_.installs(record, life, snapshot.index);
        certificate_.durable(record, snapshot.index);
        logs_.confirm(life, snapshot.index, snapshot.term);
        if (snapshot.index > life.applied) {
            life.applied = snapshot.index;
            life.applied_by = event;
        }
        if (snapshot.index > life.commit) {
            life.commit = snapshot.index;
            life.committed_by = event;
        }
        life.log.install(snapshot.index, snapshot.term);
    }

    void handle(const TraceRecord& record, TracedLife& /*life*/, const TraceBound& bound) {
        bounds_.told(record, bound);
    }

    std::map<NodeId, TracedLife> lives_;
    ElectionSafety election_safety_;
    DurableVotes votes_;
    LogInvariants logs_;
    CommitCertificate certificate_;
    AppliedHash hashes_;
    MonotoneIndices monotone_;
    LeaderCompleteness completeness_;
    ExactlyOnce once_;
    BoundedResources bounds_;
    TermGrowth term_growth_;
};

TraceChecker::TraceChecker(TraceOrder order) : impl_(std::make_unique<Impl>(order)) {}

TraceChecker::~TraceChecker() = default;
TraceChecker::TraceChecker(TraceChecker&&) noexcept = default;
TraceChecker& TraceChecker::operator=(TraceChecker&&) noexcept = default;

bool TraceChecker::add(const TraceRecord& record) {
    return impl_->add(record);
}

std::vector<Check> TraceChecker::results() const {
    return impl_->results();
}

}  // namespace squall::checker
