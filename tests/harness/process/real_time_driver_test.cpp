#include "harness/process/real_time_driver.hpp"

#include <chrono>
#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "harness/failure.hpp"
#include "history/operation.hpp"

namespace squall::harness::process {

namespace {

using namespace std::chrono_literals;

Plan short_plan() {
    Plan plan;
    plan.nodes = 3;
    plan.concurrency = 4;
    plan.rate = 0;
    plan.time_limit = 200ms;
    plan.recovery_bound = 300ms;
    return plan;
}

/// Answers every operation from a map, a moment later.
class MapCluster : public Cluster {
  public:
    MapCluster(boost::asio::io_context& io, const history::MemoryRecorder& recorder)
        : io_(io), recorder_(recorder) {}

    void invoke(const Invocation& invocation) override {
        // The history comes first.
        const auto& last = recorder_.events().back();
        invoked_before_recorded |=
            last.type != history::EventType::invoke || last.client != invocation.client;
        boost::asio::post(io_, [this, invocation] {
            driver->enqueue(Replied{invocation.op, answer(invocation)});
        });
    }

    void abandon(OpId /*op*/) override {}

    void inject(FaultId /*id*/, const nemesis::Fault& /*fault*/) override {}

    void heal(FaultId /*id*/) override {}

    RealTimeDriver* driver = nullptr;
    bool invoked_before_recorded = false;

  private:
    Answer answer(const Invocation& invocation) {
        Answer answer;
        answer.outcome = history::Outcome::ok;
        answer.node = invocation.node;
        history::Value& value = values_[invocation.request.key];
        if (invocation.request.function == "write") {
            value = invocation.request.value;
        } else if (invocation.request.function == "cas") {
            answer.applied = false;
            answer.value = value;
        } else {
            answer.value = value;
        }
        return answer;
    }

    boost::asio::io_context& io_;
    const history::MemoryRecorder& recorder_;
    std::map<std::string, history::Value> values_;
};

class Driving : public ::testing::Test {
  protected:
    void drive(RealTimeDriver::Options options) {
        RealTimeDriver driver(io, run, recorder, std::move(options));
        cluster.driver = &driver;
        for (NodeId node = 1; node <= plan.nodes; ++node) {
            driver.enqueue(observed(node));
        }
        driver.drive(cluster);
        lag = driver.lag();
        elapsed = driver.now();
    }

    /// A cluster that is always well: the run may settle whenever it wants.
    static Observed observed(NodeId node) {
        return {node, true, node == 1 ? "leader" : "follower", 1, 1};
    }

    const Plan plan = short_plan();
    boost::asio::io_context io;
    harness::Run run{plan};
    history::MemoryRecorder recorder;
    MapCluster cluster{io, recorder};
    LagFacts lag;
    Time elapsed{};
};

}  // namespace

TEST_F(Driving, RunsAPlanToItsEndAndTheHistoryPairs) {
    std::vector<std::string> phases;
    RealTimeDriver::Options options;
    options.duration_max = 60s;
    options.on_progress = [&](Time, const Progress& progress) {
        if (phases.empty() || phases.back() != progress.phase) {
            phases.push_back(progress.phase);
        }
        for (NodeId node = 1; node <= plan.nodes; ++node) {
            cluster.driver->enqueue(observed(node));
        }
    };

    drive(options);

    const history::Pairing pairing = history::pair(recorder.events());
    EXPECT_FALSE(pairing.error.has_value());
    EXPECT_GT(pairing.operations.size(), 100U);
    EXPECT_FALSE(cluster.invoked_before_recorded);
    EXPECT_GE(elapsed, plan.time_limit);
    EXPECT_EQ(phases.front(), "main");
    EXPECT_EQ(phases.back(), "done");
    EXPECT_GT(lag.loop_lag_max, 0ns);
    EXPECT_LE(lag.loop_lag_recovery_max, lag.loop_lag_max);
}

TEST_F(Driving, LatenessOfTheOtherThreadsCountsAsOurs) {
    RealTimeDriver::Options options;
    options.duration_max = 60s;
    options.other_lag = [] { return 700s; };

    drive(options);

    EXPECT_EQ(lag.loop_lag_max, 700s);
    EXPECT_EQ(lag.loop_lag_recovery_max, 700s);
}

TEST_F(Driving, TimesAreMonotone) {
    RealTimeDriver::Options options;
    options.duration_max = 60s;

    drive(options);

    for (std::size_t i = 1; i < recorder.events().size(); ++i) {
        EXPECT_GE(recorder.events()[i].time, recorder.events()[i - 1].time);
    }
}

TEST_F(Driving, RunThatDoesNotEndInTimeIsAFailure) {
    RealTimeDriver::Options options;
    options.duration_max = 20ms;

    EXPECT_THROW(drive(options), Failure);
}

TEST_F(Driving, StopsEarlyWhenAsked) {
    const std::atomic<int> requests = 1;
    RealTimeDriver::Options options;
    options.duration_max = 60s;
    options.stop_requests = &requests;
    std::string last_phase;
    options.on_progress = [&](Time, const Progress& progress) { last_phase = progress.phase; };

    drive(options);

    EXPECT_EQ(last_phase, "done");
}

TEST_F(Driving, StopsAtOnceWhenAskedTwice) {
    const std::atomic<int> requests = 2;
    RealTimeDriver::Options options;
    options.duration_max = 60s;
    options.stop_requests = &requests;

    EXPECT_THROW(drive(options), Failure);
}

}  // namespace squall::harness::process
