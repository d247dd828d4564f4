// Where our Raft differs from etcd's by design, and what the comparison does about each. This is
// the only place where anything is evened out; what is not named here must be equal.
//
// Done to our side, while playing a file:
//
// 1. Pre-vote and check-quorum are always on in our core; etcd has them as options. A file without
//    `prevote=true` or `checkquorum=true` runs with the bug `no-prevote` or `no-checkquorum`.
// 2. Our voters ignore requests soon after they heard from a leader, and a leader always does;
// etcd's
//    only with check-quorum. Without it, time passes for a voter before a request reaches it, and a
//    leader first hears of the candidate's term by an answer. (Requests for pre-votes, which prove
//    no term, a leader of ours goes on ignoring: the answer of etcd's is `Excused`.)
// 3. etcd tells a new commit index to everybody at once, by an empty append, and reacts to every
//    answer to a heartbeat; ours waits for the next heartbeat and goes by time. So when `stabilize`
//    has come to rest and a follower lacks something, a heartbeat interval passes. So it does
//    behind a Ready with commits and without appends where a file handles Readys one by one
//    (asynchronously).
// 4. etcd's bootstrap puts nodes in term 0 with a snapshot of term 1, which no correct disk holds:
// an
//    entry proves that its term has begun. Ours get a snapshot of term 0.
// 5. Randomised timeouts come from our core's own seed, so set-randomized-election-timeout is kept
//    by the driver: the node is not ticked before.
// 6. etcd looks at fixed intervals whether a quorum was active; ours counts from the last answers.
// So
//    one election timeout of etcd (3 ticks) is our shortest, two are our longest.
// 7. A candidate of ours asks for votes when its own is on disk (figure 2), one of etcd's at once.
// So
//    its disk is done when its Ready is handled, even where writes are asynchronous.
//
// Done to both sides, when comparing:
//
// 8. Rejected appends: etcd's and our hints lead to different probes on the way back, both within
//    §5.3's one per conflicting term. The first rejection in a block is compared, not how many.
// 9. Progress of a follower in state snapshot: etcd sets `next` to what will follow the snapshot,
//    ours leaves it until then; and after the snapshot ours probes once before it replicates.
#pragma once

#include <string>
#include <vector>

#include "tests/raft/scenarios/etcd/skeleton.hpp"
#include "tests/raft/scenarios/world.hpp"

namespace squall::raft::test::etcd {

/// What the file chose by the options of add-nodes.
struct Rules {
    bool pre_vote = false;
    bool check_quorum = false;
};

/// An answer of etcd's that ours does not give (2).
struct Excused {
    NodeId node = no_node;
    std::string event_prefix;
};

constexpr Duration tick = std::chrono::milliseconds(50);
constexpr int election_ticks = 3;

/// 1 and 6.
[[nodiscard]] CoreConfig config_for(const Rules& rules, zoo::Bugs bugs);

/// 4: what etcd's add-nodes puts on a disk; nothing with index 0.
[[nodiscard]] Recovered bootstrap(Index index, const std::vector<NodeId>& voters);

/// 2: what has to happen before `envelope` reaches `node`; perhaps another message.
[[nodiscard]] std::vector<Envelope> prepare(const Rules& rules,
                                            Node& node,
                                            const Envelope& envelope,
                                            std::vector<Excused>& excused);

/// 3: whether `leader` has this follower wait for its next heartbeat.
[[nodiscard]] bool waits_for_heartbeat(const Node& leader, const Node& follower);

/// 3: whether the Readys that wait commit something and carry no append.
[[nodiscard]] bool commits_without_appends(const Node& node);

/// 7.
[[nodiscard]] bool writes_before_asking(const Node& node);

/// 2, 8 and 9.
void even_out(Skeleton& expected, Skeleton& observed, const std::vector<Excused>& excused);

}  // namespace squall::raft::test::etcd
