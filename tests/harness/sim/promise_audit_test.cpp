#include "harness/sim/promise_audit.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace squall::harness::sim {
namespace {

using checker::Verdict;
using raft::AppendReply;
using raft::VoteReply;
using raft::VoteRequest;

raft::Entry entry(raft::Term term, raft::Index index) {
    raft::Entry made;
    made.term = term;
    made.index = index;
    return made;
}

/// Node 1 in term 3 writes entries 1 to 3, the last two of them in term 3.
PromiseAudit with_a_log() {
    PromiseAudit audit;
    audit.started(1, 1, {});
    raft::Persist persist;
    persist.hard_state = raft::HardState{3, raft::no_node};
    persist.append = {entry(1, 1), entry(3, 2), entry(3, 3)};
    audit.asked(1, std::span(&persist, 1));
    return audit;
}

FoundOnDisk disk(raft::HardState state, std::vector<raft::Term> terms) {
    FoundOnDisk found;
    found.hard_state = state;
    found.terms = std::move(terms);
    return found;
}

AppendReply acknowledged(raft::Term term, raft::Index match) {
    AppendReply reply;
    reply.term = term;
    reply.success = true;
    reply.match = match;
    return reply;
}

TEST(PromiseAudit, KeptPromisesAreValid) {
    PromiseAudit audit = with_a_log();
    audit.said({1, 2, VoteReply{3, 3, false, true}});
    audit.said({1, 2, acknowledged(3, 3)});

    audit.started(1, 2, disk({3, 2}, {1, 3, 3}));
    audit.started(1, 3, disk({4, 0}, {1, 3, 3, 4}));

    EXPECT_EQ(audit.check().verdict, Verdict::valid) << audit.check().reason;
}

TEST(PromiseAudit, WithoutAnyPromiseItIsUnknown) {
    PromiseAudit audit;
    audit.said({1, 2, VoteReply{3, 3, true, true}});
    audit.started(1, 2, {});

    EXPECT_EQ(audit.check().verdict, Verdict::unknown);
}

TEST(PromiseAudit, AForgottenVoteIsFound) {
    for (const raft::HardState state : {raft::HardState{3, 0}, {3, 4}, {2, 2}}) {
        PromiseAudit audit = with_a_log();
        audit.said({1, 2, VoteReply{3, 3, false, true}});

        audit.started(1, 2, disk(state, {1, 3, 3}));

        EXPECT_EQ(audit.check().verdict, Verdict::invalid) << state.term << " " << state.voted_for;
    }
}

TEST(PromiseAudit, AForgottenCandidacyIsFound) {
    PromiseAudit audit = with_a_log();
    audit.said({1, 2, VoteRequest{5, {3, 3}, false}});

    audit.started(1, 2, disk({5, 0}, {1, 3, 3}));

    EXPECT_EQ(audit.check().reason,
              "n1 had given n1 its vote in term 5, but its disk says nobody (start of life 2)");
}

TEST(PromiseAudit, ALostEntryIsFoundAndSoIsAnotherInItsPlace) {
    for (const std::vector<raft::Term>& terms : {std::vector<raft::Term>{1, 3}, {1, 3, 2}, {}}) {
        PromiseAudit audit = with_a_log();
        audit.said({1, 2, acknowledged(3, 3)});

        audit.started(1, 2, disk({3, 0}, terms));

        EXPECT_EQ(audit.check().verdict, Verdict::invalid) << terms.size();
    }
}

TEST(PromiseAudit, WhatWasNeverAcknowledgedMayBeLost) {
    PromiseAudit audit = with_a_log();
    audit.said({1, 2, acknowledged(3, 2)});

    audit.started(1, 2, disk({3, 0}, {1, 3}));

    EXPECT_EQ(audit.check().verdict, Verdict::valid) << audit.check().reason;
}

TEST(PromiseAudit, ALaterLeaderMayOverwriteWhatWasAcknowledged) {
    PromiseAudit audit = with_a_log();
    audit.said({1, 2, acknowledged(3, 3)});
    raft::Persist persist;
    persist.hard_state = raft::HardState{4, raft::no_node};
    persist.truncate_from = 2;
    persist.append = {entry(4, 2)};
    audit.asked(1, std::span(&persist, 1));
    audit.said({1, 2, acknowledged(3, 3)});  // Held back until now; says nothing any longer.

    PromiseAudit before = audit;
    before.started(1, 2, disk({3, 0}, {1, 3, 3}));
    audit.started(1, 2, disk({4, 0}, {1, 4}));

    EXPECT_EQ(before.check().verdict, Verdict::valid) << before.check().reason;
    EXPECT_EQ(audit.check().verdict, Verdict::valid) << audit.check().reason;
}

TEST(PromiseAudit, ASnapshotKeepsWhatItCovers) {
    PromiseAudit audit = with_a_log();
    audit.said({1, 2, acknowledged(3, 3)});
    FoundOnDisk found = disk({3, 0}, {});
    found.snapshot = {3, 3};
    found.first = 4;

    audit.started(1, 2, found);

    EXPECT_EQ(audit.check().verdict, Verdict::valid) << audit.check().reason;
}

}  // namespace
}  // namespace squall::harness::sim
