// Lab 2A: elections.
#include <array>
#include <set>

#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {

namespace {

using std::chrono::milliseconds;

void initial_election(Lab& lab) {
    lab.check_one_leader();
    lab.sleep(milliseconds(50));
    const Term term = lab.check_terms();
    if (term < 1) {
        throw Failed("a leader's term is at least 1");
    }
    lab.sleep(2 * election_timeout);
    if (lab.check_terms() != term) {
        throw Failed("the term changed though nothing failed");
    }
    lab.check_one_leader();
}

void reelection(Lab& lab) {
    const NodeId first = lab.check_one_leader();
    lab.disconnect(first);
    lab.check_one_leader();
    // The old leader comes back and does no harm.
    lab.connect(first);
    const NodeId second = lab.check_one_leader();
    // No quorum, no leader.
    lab.disconnect(second);
    lab.disconnect(lab.after(second, 1));
    lab.sleep(2 * election_timeout);
    lab.check_no_leader();
    lab.connect(lab.after(second, 1));
    lab.check_one_leader();
    lab.connect(second);
    lab.check_one_leader();
}

void many_election(Lab& lab) {
    lab.check_one_leader();
    for (int round = 0; round < 10; ++round) {
        std::set<NodeId> gone;
        while (gone.size() < 3) {
            gone.insert(lab.any_server());
        }
        for (const NodeId id : gone) {
            lab.disconnect(id);
        }
        lab.check_one_leader();
        for (const NodeId id : gone) {
            lab.connect(id);
        }
    }
    lab.check_one_leader();
}

constexpr std::array scenarios{Scenario{"initial_election", 3, initial_election},
                               Scenario{"reelection", 3, reelection},
                               Scenario{"many_election", 7, many_election}};

}  // namespace

std::span<const Scenario> election_scenarios() {
    return scenarios;
}

}  // namespace squall::raft::mit
