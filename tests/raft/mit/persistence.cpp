// Lab 2C: crashes and restarts, also under an unreliable network.
#include <algorithm>
#include <array>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "tests/raft/mit/scenario.hpp"

namespace squall::raft::mit {

namespace {

using std::chrono::milliseconds;

void wait_for(Lab& lab, Index index, std::size_t servers) {
    const Time began = lab.fleet.now();
    while (lab.committed(index).servers < servers) {
        if (lab.fleet.now() - began > std::chrono::seconds(10)) {
            throw Failed(fmt::format("index {} did not reach {} servers", index, servers));
        }
        lab.sleep(milliseconds(10));
    }
}

void persist1(Lab& lab) {
    lab.one("11", 3);
    for (NodeId id = 1; id <= 3; ++id) {
        lab.crash(id);
    }
    for (NodeId id = 1; id <= 3; ++id) {
        lab.restart(id);
    }
    lab.one("12", 3);
    lab.restart(lab.check_one_leader());
    lab.one("13", 3);
    const NodeId leader = lab.check_one_leader();
    lab.crash(leader);
    const Index place = lab.one("14", 2);
    lab.restart(leader);
    wait_for(lab, place, 3);
    const NodeId follower = lab.after(lab.check_one_leader(), 1);
    lab.crash(follower);
    lab.one("15", 2);
    lab.restart(follower);
    lab.one("16", 3);
}

void persist2(Lab& lab) {
    for (int round = 0; round < 5; ++round) {
        lab.one(lab.fresh(), 5);
        const NodeId leader = lab.check_one_leader();
        const auto at = [&](std::size_t place) { return lab.after(leader, place); };
        lab.crash(at(1));
        lab.crash(at(2));
        lab.one(lab.fresh(), 3);
        lab.crash(at(0));
        lab.crash(at(3));
        lab.crash(at(4));
        lab.restart(at(1));
        lab.restart(at(2));
        lab.sleep(election_timeout);
        lab.restart(at(3));
        lab.one(lab.fresh(), 3);
        lab.restart(at(4));
        lab.restart(at(0));
    }
    lab.one("1000", 5);
}

/// The leader and a follower crash; the leader comes back to a third that missed something.
void persist3(Lab& lab) {
    lab.one("101", 3);
    const NodeId leader = lab.check_one_leader();
    const NodeId stale = lab.after(leader, 2);
    lab.disconnect(stale);
    lab.one("102", 2);
    lab.crash(leader);
    lab.crash(lab.after(leader, 1));
    lab.connect(stale);
    lab.restart(leader);
    lab.one("103", 2);
    lab.restart(lab.after(leader, 1));
    lab.one("104", 3);
}

NodeId start_everywhere(Lab& lab) {
    NodeId leader = no_node;
    for (NodeId id = 1; id <= lab.size(); ++id) {
        if (lab.start(id, lab.fresh())) {
            leader = id;
        }
    }
    return leader;
}

void nap(Lab& lab) {
    const std::uint64_t longest = lab.below(10) == 0 ? 500 : 13;
    lab.sleep(milliseconds(static_cast<int>(lab.below(longest))));
}

/// Figure 8 of the paper: leaders crash right after they started something.
void figure_8(Lab& lab) {
    lab.one(lab.fresh(), 1);
    std::size_t up = lab.size();
    for (int round = 0; round < 1000; ++round) {
        const NodeId leader = start_everywhere(lab);
        nap(lab);
        if (leader != no_node) {
            lab.crash(leader);
            --up;
        }
        const NodeId other = lab.any_server();
        if (up < 3 && !lab.fleet.running(other)) {
            lab.restart(other);
            ++up;
        }
    }
    for (NodeId id = 1; id <= lab.size(); ++id) {
        if (!lab.fleet.running(id)) {
            lab.restart(id);
        }
    }
    lab.one(lab.fresh(), lab.size());
}

void unreliable_agree(Lab& lab) {
    for (int round = 1; round < 50; ++round) {
        lab.all({lab.fresh(), lab.fresh(), lab.fresh(), lab.fresh(), lab.fresh()}, 1);
    }
    lab.fleet.network.unreliable = false;
    lab.one("100", 5);
}

void figure_8_unreliable(Lab& lab) {
    lab.one(lab.fresh(), 1);
    std::size_t up = lab.size();
    for (int round = 0; round < 1000; ++round) {
        lab.fleet.network.long_reordering = round >= 200;
        const NodeId leader = start_everywhere(lab);
        nap(lab);
        if (leader != no_node && lab.fleet.connected(leader) && lab.below(2) == 0) {
            lab.disconnect(leader);
            --up;
        }
        const NodeId other = lab.any_server();
        if (up < 3 && !lab.fleet.connected(other)) {
            lab.connect(other);
            ++up;
        }
    }
    for (NodeId id = 1; id <= lab.size(); ++id) {
        lab.connect(id);
    }
    lab.one(lab.fresh(), lab.size());
}

/// Starts commands one after the other, waits a while for each, and remembers those that it saw
/// committed.
class ChurnClient {
  public:
    ChurnClient(Lab& lab, int number) : lab_(lab), number_(number) { next(Duration(1)); }

    void stop() { stopped_ = true; }

    [[nodiscard]] const std::vector<std::string>& seen() const { return seen_; }

  private:
    void next(Duration in) {
        lab_.fleet.at(lab_.fleet.now() + in, [this] { step(); });
    }

    void step() {
        if (!command_.empty()) {
            const auto found = lab_.committed(place_.index);
            if (found.servers > 0) {
                if (found.command == command_) {
                    seen_.push_back(command_);
                }
                command_.clear();
            } else if (++waited_ < waits_ms.size()) {
                next(milliseconds(waits_ms.at(waited_)));
                return;
            }
            command_.clear();
        }
        if (stopped_) {
            return;
        }
        for (NodeId id = 1; id <= lab_.size(); ++id) {
            const std::string command = lab_.fresh();
            if (const auto place = lab_.start(id, command)) {
                place_ = *place;
                command_ = command;
            }
        }
        waited_ = 0;
        next(milliseconds(command_.empty() ? 79 + number_ * 17 : waits_ms[0]));
    }

    static constexpr std::array waits_ms{10, 20, 50, 100, 200};

    Lab& lab_;
    int number_;
    bool stopped_ = false;
    std::string command_;
    LogId place_;
    std::size_t waited_ = 0;
    std::vector<std::string> seen_;
};

/// Servers come and go while clients work; what a client saw committed stays.
void churn(Lab& lab) {
    ChurnClient first(lab, 0);
    ChurnClient second(lab, 1);
    ChurnClient third(lab, 2);
    for (int round = 0; round < 20; ++round) {
        const NodeId some = lab.any_server();
        if (lab.below(100) < 20) {
            lab.disconnect(some);
        }
        const NodeId other = lab.any_server();
        if (lab.below(100) < 50) {
            if (!lab.fleet.running(other)) {
                lab.restart(other);
            }
            lab.connect(other);
        }
        const NodeId third_server = lab.any_server();
        if (lab.below(100) < 20) {
            lab.crash(third_server);
        }
        lab.sleep(election_timeout * 7 / 10);
    }
    lab.sleep(election_timeout);
    lab.fleet.network.unreliable = false;
    for (NodeId id = 1; id <= lab.size(); ++id) {
        if (!lab.fleet.running(id)) {
            lab.restart(id);
        }
        lab.connect(id);
    }
    std::size_t seen = 0;
    for (ChurnClient* client : {&first, &second, &third}) {
        client->stop();
        seen += client->seen().size();
    }
    lab.sleep(election_timeout);
    lab.one(lab.fresh(), lab.size());
    for (const ChurnClient* client : {&first, &second, &third}) {
        for (const std::string& command : client->seen()) {
            if (std::ranges::count(lab.agreed(), command) != 1) {
                throw Failed(fmt::format("\"{}\" was seen committed and is not there", command));
            }
        }
    }
    lab.measures.note("commands that clients saw committed", static_cast<double>(seen));
}

constexpr std::array scenarios{
    Scenario{"persist1", 3, persist1},
    Scenario{"persist2", 5, persist2},
    Scenario{"persist3", 3, persist3},
    Scenario{"figure_8", 5, figure_8},
    Scenario{.name = "unreliable_agree", .servers = 5, .run = unreliable_agree, .unreliable = true},
    Scenario{.name = "figure_8_unreliable",
             .servers = 5,
             .run = figure_8_unreliable,
             .unreliable = true},
    Scenario{"reliable_churn", 5, churn},
    Scenario{.name = "unreliable_churn", .servers = 5, .run = churn, .unreliable = true}};

}  // namespace

std::span<const Scenario> persistence_scenarios() {
    return scenarios;
}

}  // namespace squall::raft::mit
