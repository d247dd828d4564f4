// Lab 2B: agreement, and what it may cost.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void expect_ordinal(Lab& lab, Index index, std::size_t least, std::size_t most) {
    const std::size_t ordinal = lab.ordinal(index);
    if (ordinal < least || ordinal > most) {
        throw Failed(fmt::format("command number {} should be {} to {}", ordinal, least, most));
    }
}

void basic_agree(Lab& lab) {
    for (std::size_t number = 1; number <= 3; ++number) {
        if (lab.commands() >= number) {
            throw Failed("something is committed before it was started");
        }
        expect_ordinal(lab, lab.one(lab.fresh(), 5, false), number, number);
    }
}

void rpc_bytes(Lab& lab) {
    lab.one("99", 3, false);
    const std::uint64_t before = lab.fleet.traffic().bytes;
    std::size_t sent = 0;
    for (int i = 0; i < 10; ++i) {
        const std::string command = lab.fresh() + std::string(5000, 'x');
        lab.one(command, 3, false);
        sent += command.size();
    }
    lab.measures.at_most("bytes for ten commands of 5 kB",
                         static_cast<double>(lab.fleet.traffic().bytes - before),
                         static_cast<double>(3 * sent + 50'000));
}

void fail_agree(Lab& lab) {
    lab.one("101", 3, false);
    const NodeId follower = lab.after(lab.check_one_leader(), 1);
    lab.disconnect(follower);
    lab.one("102", 2, false);
    lab.one("103", 2, false);
    lab.sleep(election_timeout);
    lab.one("104", 2, false);
    lab.one("105", 2, false);
    lab.connect(follower);
    lab.one("106", 3);
    lab.sleep(election_timeout);
    lab.one("107", 3);
}

void fail_no_agree(Lab& lab) {
    lab.one("10", 5, false);
    const NodeId leader = lab.check_one_leader();
    for (std::size_t i = 1; i <= 3; ++i) {
        lab.disconnect(lab.after(leader, i));
    }
    const auto lonely = lab.start(leader, "20");
    if (!lonely) {
        throw Failed("the leader refused a command");
    }
    lab.sleep(2 * election_timeout);
    if (lab.committed(lonely->index).servers > 0) {
        throw Failed("a minority committed a command");
    }
    for (std::size_t i = 1; i <= 3; ++i) {
        lab.connect(lab.after(leader, i));
    }
    // The minority may or may not have elected; its entry may or may not survive.
    expect_ordinal(lab, lab.one("30", 5), 2, 3);
    lab.one("1000", 5);
}

bool started_in_one_term(Lab& lab) {
    const NodeId leader = lab.check_one_leader();
    const Term term = lab.status(leader).term;
    std::vector<LogId> places;
    for (int i = 0; i < 6; ++i) {
        const auto place = lab.start(leader, fmt::format("{}", 100 + i));
        if (!place || place->term != term) {
            return false;
        }
        places.push_back(*place);
    }
    lab.sleep(seconds(2));
    if (lab.status(leader).term != term) {
        return false;
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto found = lab.committed(places[i].index);
        if (found.servers < 3 || found.command != fmt::format("{}", 100 + i)) {
            throw Failed(fmt::format("command {} is missing", 100 + i));
        }
    }
    return true;
}

void concurrent_starts(Lab& lab) {
    for (int tries = 0; tries < 5; ++tries) {
        if (started_in_one_term(lab)) {
            return;
        }
    }
    throw Failed("the term changed too often");
}

void rejoin(Lab& lab) {
    lab.one("101", 3);
    const NodeId first = lab.check_one_leader();
    lab.disconnect(first);
    for (const char* const lost : {"102", "103", "104"}) {
        static_cast<void>(lab.start(first, lost));
    }
    lab.one("103 by another", 2);
    const NodeId second = lab.check_one_leader();
    lab.disconnect(second);
    lab.connect(first);
    lab.one("104 by another", 2);
    lab.connect(second);
    lab.one("105", 3);
    if (std::ranges::count(lab.agreed(), "102") > 0) {
        throw Failed("an entry of a leader that nobody heard was committed");
    }
}

void start_fifty(Lab& lab, NodeId leader) {
    for (int i = 0; i < 50; ++i) {
        static_cast<void>(lab.start(leader, lab.fresh()));
    }
}

/// Long logs that differ: how fast is a leader back at the point where they part?
void backup(Lab& lab) {
    lab.one(lab.fresh(), 5);
    const NodeId first = lab.check_one_leader();
    const auto connect = [&](NodeId from, std::initializer_list<std::size_t> places, bool on) {
        for (const std::size_t place : places) {
            on ? lab.connect(lab.after(from, place)) : lab.disconnect(lab.after(from, place));
        }
    };
    // The leader and one follower alone, with 50 commands that cannot commit.
    connect(first, {2, 3, 4}, false);
    start_fifty(lab, first);
    lab.sleep(election_timeout / 2);
    connect(first, {0, 1}, false);
    // The other three commit 50 of their own.
    connect(first, {2, 3, 4}, true);
    std::vector<std::string> fifty;
    for (int i = 0; i < 50; ++i) {
        fifty.push_back(lab.fresh());
    }
    lab.all(fifty, 3);
    // One of them goes, and again 50 commands cannot commit.
    const NodeId second = lab.check_one_leader();
    NodeId other = lab.after(first, 2);
    if (other == second) {
        other = lab.after(first, 3);
    }
    lab.disconnect(other);
    start_fifty(lab, second);
    lab.sleep(election_timeout / 2);
    // The first leader, its follower and the one that went: three different logs.
    for (NodeId id = 1; id <= 5; ++id) {
        lab.disconnect(id);
    }
    connect(first, {0, 1}, true);
    lab.connect(other);
    const Time began = lab.fleet.now();
    for (int i = 0; i < 50; ++i) {
        lab.one(lab.fresh(), 3);
        if (i == 0) {
            lab.measures.at_most(
                "ms until logs that differ by 50 entries agree",
                std::chrono::duration<double, std::milli>(lab.fleet.now() - began).count(),
                10'000);
        }
    }
    for (NodeId id = 1; id <= 5; ++id) {
        lab.connect(id);
    }
    lab.one(lab.fresh(), 5);
}

std::uint64_t requests_of_ten(Lab& lab) {
    for (int tries = 0; tries < 5; ++tries) {
        const NodeId leader = lab.check_one_leader();
        const Term term = lab.status(leader).term;
        const std::uint64_t before = lab.fleet.traffic().requests;
        std::optional<LogId> last;
        for (int i = 0; i < 11; ++i) {
            last = lab.start(leader, lab.fresh());
        }
        const Time began = lab.fleet.now();
        while (last && lab.committed(last->index).servers < 3 &&
               lab.fleet.now() - began < seconds(2)) {
            lab.sleep(milliseconds(1));
        }
        if (last && last->term == term && lab.status(leader).term == term &&
            lab.committed(last->index).servers == 3) {
            return lab.fleet.traffic().requests - before;
        }
    }
    throw Failed("the term changed too often");
}

void count(Lab& lab) {
    lab.check_one_leader();
    const std::uint64_t election = lab.fleet.traffic().requests;
    if (election < 1) {
        throw Failed("a leader was elected without a word");
    }
    lab.measures.at_most("RPCs of the initial election", static_cast<double>(election), 30);
    constexpr double ten_commands = (10 + 1 + 3) * 3;
    lab.measures.at_most(
        "RPCs for ten commands", static_cast<double>(requests_of_ten(lab)), ten_commands);
    const std::uint64_t before = lab.fleet.traffic().requests;
    lab.sleep(election_timeout);
    lab.measures.at_most("RPCs of an idle second",
                         static_cast<double>(lab.fleet.traffic().requests - before),
                         3 * 20);
}

constexpr std::array scenarios{Scenario{"basic_agree", 5, basic_agree},
                               Scenario{"rpc_bytes", 3, rpc_bytes},
                               Scenario{"fail_agree", 3, fail_agree},
                               Scenario{"fail_no_agree", 5, fail_no_agree},
                               Scenario{"concurrent_starts", 3, concurrent_starts},
                               Scenario{"rejoin", 3, rejoin},
                               Scenario{"backup", 5, backup},
                               Scenario{"count", 3, count}};

}  // namespace

std::span<const Scenario> agreement_scenarios() {
    return scenarios;
}

}  // namespace squall::raft::mit
