#include <array>
#include <ostream>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/raft/core/cluster.hpp"
#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

enum class ClusterEvent : std::uint8_t {
    nothing,
    deliver,
    duplicate,
    drop,
    flow,
    persist,
    wake,
    pass,
    propose,
    read,
    snapshot,
    isolate,
    restart,
    replay,
    mangle,
    forge_term
};

struct ClusterMove {
    ClusterEvent kind = ClusterEvent::nothing;
    std::size_t a = 0;
    std::size_t b = 0;
};

std::ostream& operator<<(std::ostream& out, const ClusterMove& move) {
    static constexpr std::array<std::string_view, 16> names = {"nothing",
                                                               "deliver",
                                                               "duplicate",
                                                               "drop",
                                                               "flow",
                                                               "persist",
                                                               "wake",
                                                               "pass",
                                                               "propose",
                                                               "read",
                                                               "snapshot",
                                                               "isolate",
                                                               "restart",
                                                               "replay",
                                                               "mangle",
                                                               "forge_term"};
    return out << names[static_cast<std::size_t>(move.kind)] << '(' << move.a << ',' << move.b
               << ')';
}

/// What a network of correct servers can do, and how often.
constexpr std::array<std::pair<std::size_t, ClusterEvent>, 13> honest = {
    {{1, ClusterEvent::nothing},
     {30, ClusterEvent::deliver},
     {6, ClusterEvent::duplicate},
     {4, ClusterEvent::drop},
     {12, ClusterEvent::flow},
     {14, ClusterEvent::persist},
     {8, ClusterEvent::wake},
     {6, ClusterEvent::pass},
     {9, ClusterEvent::propose},
     {4, ClusterEvent::read},
     {4, ClusterEvent::snapshot},
     {2, ClusterEvent::isolate},
     {4, ClusterEvent::restart}}};

/// What somebody can add who sees all messages and reaches all ports, without making up entries or
/// votes.
constexpr std::array<std::pair<std::size_t, ClusterEvent>, 3> hostile = {
    {{20, ClusterEvent::replay}, {10, ClusterEvent::mangle}, {1, ClusterEvent::forge_term}}};

/// By how much forged terms are ahead.
constexpr std::array<std::uint64_t, 4> forged = {
    1, limits::term_jump, limits::term_jump + 1, limits::numbers_end / 2};

rc::Gen<ClusterMove> any_move(bool with_hostile) {
    std::vector<ClusterEvent> kinds;
    for (const auto& [weight, kind] : honest) {
        kinds.insert(kinds.end(), weight, kind);
    }
    for (const auto& [weight, kind] : hostile) {
        kinds.insert(kinds.end(), with_hostile ? weight : 0, kind);
    }
    return rc::gen::build<ClusterMove>(
        rc::gen::set(&ClusterMove::kind, rc::gen::elementOf(kinds)),
        rc::gen::set(&ClusterMove::a, rc::gen::inRange<std::size_t>(0, 5000)),
        rc::gen::set(&ClusterMove::b, rc::gen::inRange<std::size_t>(0, 16)));
}

void play(Cluster& cluster, const ClusterMove& move) {
    switch (move.kind) {
        case ClusterEvent::nothing:
            break;
        case ClusterEvent::deliver:
            cluster.deliver(move.a, false);
            break;
        case ClusterEvent::duplicate:
            cluster.deliver(move.a, true);
            break;
        case ClusterEvent::drop:
            cluster.drop(move.a);
            break;
        case ClusterEvent::flow:
            cluster.flow(2 * move.b);
            break;
        case ClusterEvent::persist:
            cluster.persist(move.a, move.b % 3);
            break;
        case ClusterEvent::wake:
            cluster.wake(move.a);
            break;
        case ClusterEvent::pass:
            cluster.pass(static_cast<int>(move.b) * ms(40));
            break;
        case ClusterEvent::propose:
            cluster.propose(move.a, move.b % 4);
            break;
        case ClusterEvent::read:
            cluster.read(move.a);
            break;
        case ClusterEvent::snapshot:
            cluster.snapshot(move.a);
            break;
        case ClusterEvent::isolate:
            cluster.isolate(move.a, move.b < 10);
            break;
        case ClusterEvent::restart:
            cluster.restart(move.a, move.b, move.a % 5);
            break;
        case ClusterEvent::replay:
            cluster.replay(move.a);
            break;
        case ClusterEvent::mangle:
            cluster.mangle(move.a, move.a * 16 + move.b, move.b == 0);
            break;
        case ClusterEvent::forge_term:
            cluster.forge_term(move.a, forged.at(move.b % forged.size()));
            break;
    }
}

/// Plays random moves, then expects that nothing was violated and that everything recovers.
void play_and_heal(bool with_hostile) {
    const auto nodes = *rc::gen::inRange<std::size_t>(3, 6);
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto moves = *rc::gen::resize(
        100, rc::gen::container<std::vector<ClusterMove>>(2000, any_move(with_hostile)));

    Cluster cluster(nodes, seed);
    for (const ClusterMove& move : moves) {
        play(cluster, move);
        if (!cluster.violation().empty()) {
            RC_FAIL(cluster.violation());
        }
    }
    cluster.heal();

    RC_CLASSIFY(cluster.installed() > 0, "snapshot installed");
    RC_CLASSIFY(cluster.confirmed_reads() > 0, "read confirmed");
    RC_CLASSIFY(cluster.committed() > 20, "more than 20 committed");
    RC_ASSERT(cluster.mangled_accepted() == 0U);
    RC_ASSERT(cluster.violation() == "");
}

// Figure 3: election safety, leader append-only, log matching, leader completeness, state-machine
// safety; durability of what was said; and progress once the adversary stops.
RC_GTEST_PROP(ClusterProperty, StaysSafeUnderAnAdversaryAndRecovers, ()) {
    play_and_heal(false);
}

// The same when what was said long ago is said again, at any time, in any order and to servers that
// restarted; when frames are damaged on the way; and when absurd terms are claimed.
RC_GTEST_PROP(ClusterProperty, StaysSafeUnderReplaysDamagedFramesAndForgedTerms, ()) {
    play_and_heal(true);
}

}  // namespace
}  // namespace squall::raft::test
