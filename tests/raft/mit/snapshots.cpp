// Lab 2D: snapshots, with servers that miss so much that they need one.
#include <array>

#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {

namespace {

constexpr Index interval = 10;
constexpr double log_bytes_max = 2000;

enum class Victim : std::uint8_t { unharmed, disconnected, crashed };

void many_commands(Lab& lab, NodeId sender, Victim harm) {
    for (std::uint64_t count = interval / 2 + lab.below(interval); count > 0; --count) {
        static_cast<void>(lab.start(sender, lab.fresh()));
    }
    lab.one(lab.fresh(), harm == Victim::unharmed ? 3 : 2);
    lab.measures.at_most(
        "bytes of the largest log", static_cast<double>(lab.log_bytes()), log_bytes_max);
}

void thirty_rounds(Lab& lab, Victim harm) {
    lab.one(lab.fresh(), 3);
    NodeId leader = lab.check_one_leader();
    for (int round = 0; round < 30; ++round) {
        NodeId victim = lab.after(leader, 1);
        NodeId sender = leader;
        if (round % 3 == 1) {
            std::swap(victim, sender);
        }
        if (harm == Victim::disconnected) {
            lab.disconnect(victim);
            lab.one(lab.fresh(), 2);
        } else if (harm == Victim::crashed) {
            lab.crash(victim);
            lab.one(lab.fresh(), 2);
        }
        many_commands(lab, sender, harm);
        if (harm == Victim::disconnected) {
            lab.connect(victim);
        } else if (harm == Victim::crashed) {
            lab.restart(victim);
        }
        if (harm != Victim::unharmed) {
            lab.one(lab.fresh(), 3);
            leader = lab.check_one_leader();
        }
    }
    // Two segments: the current one and one that still holds something.
    for (NodeId id = 1; id <= 3; ++id) {
        lab.measures.at_most("bytes of the log's files",
                             static_cast<double>(lab.fleet.disk_bytes(id)),
                             2 * Fleet::segment_bytes);
    }
}

void basic(Lab& lab) {
    thirty_rounds(lab, Victim::unharmed);
}

void install(Lab& lab) {
    thirty_rounds(lab, Victim::disconnected);
}

void crash(Lab& lab) {
    thirty_rounds(lab, Victim::crashed);
}

constexpr std::array scenarios{
    Scenario{"snapshot_basic", 3, basic, interval},
    Scenario{"snapshot_install", 3, install, interval},
    Scenario{"snapshot_install_unreliable", 3, install, interval, true},
    Scenario{"snapshot_install_crash", 3, crash, interval},
    Scenario{"snapshot_install_unreliable_crash", 3, crash, interval, true}};

}  // namespace

std::span<const Scenario> snapshot_scenarios() {
    return scenarios;
}

}  // namespace squall::raft::mit
