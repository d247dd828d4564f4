#include "harness/availability.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace squall::harness {
namespace {

using checker::Verdict;
using history::Event;
using history::EventType;
using history::FaultPhase;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A run of three nodes, whose availability bound is 4.6 s, told event by event.
class Story {
  public:
    Story() {
        record_.plan.nodes = 3;
        record_.plan.timing.election_min = milliseconds(120);
        record_.plan.timing.election_max = milliseconds(360);
        record_.plan.rate = 10;
        record_.delays = {milliseconds(1), milliseconds(2), milliseconds(100)};
        record_.plan.operation_timeout = seconds(1);
        note(seconds(0), "phase: main");
    }

    Story& note(Time at, const std::string& text) {
        Event event = next(at, EventType::note);
        event.text = text;
        record_.events.push_back(event);
        return *this;
    }

    Story& begin(Time at, FaultId id, nemesis::Action action) {
        nemesis::PlannedFault planned;
        planned.id = id;
        planned.action = std::move(action);
        record_.realised.faults.push_back(std::move(planned));
        return fault(at, id, FaultPhase::begin);
    }

    Story& end(Time at, FaultId id) { return fault(at, id, FaultPhase::end); }

    /// Ten a second, of which none succeeds.
    Story& ask(Time from, Time to, const std::string& function, NodeId node = 2) {
        for (Time at = from; at < to; at += std::chrono::milliseconds(100)) {
            Event event = next(at, EventType::invoke);
            event.function = function;
            event.node = node;
            record_.events.push_back(event);
        }
        return *this;
    }

    Story& serve(Time at, const std::string& function) {
        Event event = next(at, EventType::ok);
        event.function = function;
        record_.events.push_back(event);
        return *this;
    }

    [[nodiscard]] Verdict verdict() const { return availability_check(record_).verdict; }

    [[nodiscard]] RunRecord& record() { return record_; }

  private:
    Story& fault(Time at, FaultId id, FaultPhase phase) {
        Event event = next(at, EventType::fault);
        event.fault.emplace();
        event.fault->id = id;
        event.fault->phase = phase;
        record_.events.push_back(event);
        return *this;
    }

    [[nodiscard]] Event next(Time at, EventType type) const {
        Event event;
        event.index = record_.events.size();
        event.time = at;
        event.type = type;
        return event;
    }

    RunRecord record_;
};

nemesis::LinkFault cut_off(NodeId node) {
    nemesis::LinkFault links;
    for (NodeId other = 1; other <= 3; ++other) {
        if (other != node) {
            links.rules[{other, node}].cut = true;
        }
    }
    return links;
}

TEST(Availability, AConnectedMajorityThatServesNobodyIsFound) {
    Story story;
    story.begin(seconds(1), 1, cut_off(1)).ask(seconds(1), seconds(7), "write").end(seconds(7), 1);

    EXPECT_EQ(story.verdict(), Verdict::invalid);
    EXPECT_EQ(availability_check(story.record()).reason,
              "for 6.000 s no mutation was served though a majority was up and connected, more "
              "than 4.604 s");
}

TEST(Availability, ReadsDoNotExcuseMutations) {
    Story story;
    story.ask(seconds(1), seconds(3), "write");
    for (int second = 1; second < 8; ++second) {
        story.ask(seconds(second), seconds(second + 1), "read").serve(seconds(second + 1), "read");
    }
    story.note(seconds(8), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::invalid);
}

TEST(Availability, ASuccessNowAndThenIsEnough) {
    Story story;
    for (int second = 1; second < 20; second += 3) {
        story.ask(seconds(second), seconds(second + 3), "write")
            .serve(seconds(second + 3), "write");
    }
    story.note(seconds(23), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, WithoutAMajorityNothingIsOwed) {
    Story story;
    story.begin(seconds(1), 1, nemesis::KillFault{{1}})
        .begin(seconds(1), 2, cut_off(2))
        .ask(seconds(1), seconds(20), "write")
        .end(seconds(20), 1)
        .end(seconds(20), 2)
        .note(seconds(21), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, WhoAsksOthersThanTheMajorityProvesNothing) {
    Story story;
    story.begin(seconds(1), 1, cut_off(1)).ask(seconds(1), seconds(20), "write", 1);
    story.end(seconds(20), 1).note(seconds(21), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, NodesThatNeverStartAgainAreNoMajority) {
    Story story;
    story.note(seconds(1), "node n1 exited: refused to start")
        .begin(seconds(1), 1, nemesis::KillFault{{3}})
        .ask(seconds(1), seconds(20), "write")
        .end(seconds(20), 1)
        .note(seconds(21), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, ANodeWhoseDiskFailedIsAboutToStartAgain) {
    Story story;
    story.ask(seconds(1), seconds(4), "write")
        .note(seconds(4), "node n1 exited: its disk failed")
        .ask(seconds(4), seconds(8), "write")
        .note(seconds(8), "phase: heal");
    EXPECT_EQ(story.verdict(), Verdict::valid);

    story = Story();
    story.note(seconds(1), "node n1 exited: its disk failed")
        .ask(seconds(1), seconds(8), "write")
        .note(seconds(8), "phase: heal");
    EXPECT_EQ(story.verdict(), Verdict::invalid);
}

TEST(Availability, WithoutABoundNothingIsOwed) {
    Story story;
    story.record().plan.timing.election_max = milliseconds(124);
    story.ask(seconds(1), seconds(60), "write").note(seconds(61), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
    EXPECT_EQ(availability_check(story.record()).details.front(),
              "not judged: with these timeouts and limits no bound can be given");
}

TEST(Availability, ABoundBeyondTheMainPhaseIsSaidToJudgeNothing) {
    Story story;
    story.record().plan.time_limit = seconds(4);
    story.ask(seconds(1), seconds(4), "write").note(seconds(4), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
    EXPECT_TRUE(availability_check(story.record())
                    .details.front()
                    .starts_with("not judged: the bound, 4.6"));
}

TEST(Availability, SlowLinksOweNothing) {
    nemesis::LinkFault late;
    late.rules[{1, 2}].delay = seconds(1);
    Story story;
    story.begin(seconds(1), 1, late)
        .ask(seconds(1), seconds(20), "write")
        .end(seconds(20), 1)
        .note(seconds(21), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, EachChangeOfTheFaultsGivesNewTime) {
    Story story;
    for (int i = 0; i < 4; ++i) {
        const auto id = static_cast<FaultId>(i + 1);
        story.begin(seconds(1 + 5 * i), id, cut_off(1))
            .ask(seconds(1 + 5 * i), seconds(5 + 5 * i), "write")
            .end(seconds(5 + 5 * i), id);
    }
    story.note(seconds(20), "phase: heal");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, ClientsThatAskNothingGetNothing) {
    Story story;
    story.note(seconds(60), "phase: heal").ask(seconds(61), seconds(90), "write");

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

TEST(Availability, AHarnessThatWasLateBlamesNobody) {
    Story story;
    story.ask(seconds(1), seconds(9), "write").note(seconds(9), "phase: heal");
    story.record().lag.loop_lag_max = seconds(1);

    EXPECT_EQ(story.verdict(), Verdict::valid);
}

}  // namespace
}  // namespace squall::harness
