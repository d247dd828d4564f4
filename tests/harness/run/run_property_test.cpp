// What every run keeps to, whatever the plan and however the cluster behaves.
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fake_cluster.hpp"
#include "history/operation.hpp"

namespace squall::harness {
namespace {

using history::Event;
using history::EventType;
using std::chrono::milliseconds;

std::uint64_t percent() {
    return *rc::gen::element<std::uint64_t>(0, 0, 5, 30, 100);
}

Plan any_plan() {
    Plan plan;
    plan.seed = *rc::gen::arbitrary<std::uint64_t>();
    plan.nodes = *rc::gen::inRange<std::uint32_t>(1, 6);
    plan.concurrency = *rc::gen::inRange<std::uint32_t>(1, 12);
    plan.rate = *rc::gen::element(0.0, 20.0, 500.0);
    plan.keys = *rc::gen::inRange<std::uint32_t>(1, 5);
    plan.operations_per_key = *rc::gen::inRange<std::uint32_t>(1, 50);
    plan.time_limit = milliseconds(*rc::gen::inRange(1, 6000));
    plan.operation_timeout = milliseconds(*rc::gen::inRange(1, 300));
    plan.recovery_bound = milliseconds(*rc::gen::inRange(1, 2000));
    plan.fault_classes = {"partition", "kill", "pause", "packet"};
    plan.fault_interval = milliseconds(*rc::gen::inRange(100, 2000));
    const auto deleted = *rc::gen::inRange<std::uint32_t>(0, 10);
    for (std::uint32_t i = 0; i < deleted; ++i) {
        plan.deleted_operations.emplace(i % plan.concurrency, i);
    }
    materialise_faults(plan);
    return plan;
}

FakeBehaviour any_behaviour(const Plan& plan) {
    FakeBehaviour behaviour;
    behaviour.seed = *rc::gen::arbitrary<std::uint64_t>();
    behaviour.never_answers = percent();
    behaviour.fails = percent();
    behaviour.is_unsure = percent();
    behaviour.fault_unconfirmed = percent();
    behaviour.fault_never_ends = percent();
    behaviour.answer_within = milliseconds(*rc::gen::inRange(1, 400));
    if (*rc::gen::element(false, true)) {
        behaviour.silent.insert(*rc::gen::inRange<NodeId>(1, plan.nodes + 1));
    }
    const auto at = milliseconds(*rc::gen::inRange(0, 5000));
    switch (*rc::gen::inRange(0, 3)) {
        case 1:
            behaviour.extra.emplace(at, StopRequested{"interrupted"});
            break;
        case 2:
            behaviour.extra.emplace(at, NodeExited{1, "signal 6 (Aborted)", ""});
            break;
        default:
            break;
    }
    return behaviour;
}

RC_GTEST_PROP(AnyRun, EndsWithEverythingHealedAndAWellFormedHistory, ()) {
    const Plan plan = any_plan();

    const FakeRun run = fake_run(plan, any_behaviour(plan));

    RC_ASSERT(run.problem == "");
    RC_ASSERT(run.finished);
    for (const auto& [id, at] : run.injected) {
        RC_ASSERT(run.healed.contains(id));
    }
    const history::Pairing pairing = history::pair(run.events);
    RC_ASSERT(!pairing.error);
    RC_ASSERT(pairing.operations.size() == run.invocations.size());
    RC_ASSERT(run.events.back().text == "phase: done");
}

RC_GTEST_PROP(AnyRun, ClosesEveryOperationAndRetiresEveryClientInDoubt, ()) {
    const Plan plan = any_plan();

    const FakeRun run = fake_run(plan, any_behaviour(plan));

    std::map<ClientId, bool> open;
    std::map<ClientId, bool> retired;
    for (const Event& event : run.events) {
        if (event.client < 0) {
            continue;
        }
        RC_ASSERT(!retired[event.client]);
        RC_ASSERT(open[event.client] == (event.type != EventType::invoke));
        open[event.client] = event.type == EventType::invoke;
        retired[event.client] = event.type == EventType::info;
    }
    for (const auto& [client, still_open] : open) {
        RC_ASSERT(!still_open);
    }
}

RC_GTEST_PROP(AnyRun, NumbersTheMutationsOfAClientWithoutGaps, ()) {
    const Plan plan = any_plan();

    const FakeRun run = fake_run(plan, any_behaviour(plan));

    std::map<ClientId, std::uint64_t> done;
    std::map<ClientId, bool> mutates;
    auto invocation = run.invocations.begin();
    for (const Event& event : run.events) {
        if (event.type == EventType::invoke) {
            const bool mutation = workloads::is_mutation(event.function);
            RC_ASSERT(invocation->client == event.client);
            RC_ASSERT(invocation->sequence == done[event.client] + (mutation ? 1U : 0U));
            mutates[event.client] = mutation;
            ++invocation;
        } else if (event.type == EventType::ok && mutates[event.client]) {
            ++done[event.client];
        }
    }
}

RC_GTEST_PROP(AnyRun, IsTheSameASecondTime, ()) {
    const Plan plan = any_plan();
    const FakeBehaviour behaviour = any_behaviour(plan);

    RC_ASSERT(fake_run(plan, behaviour).events == fake_run(plan, behaviour).events);
}

RC_GTEST_PROP(AnyRun, IsWokenOnlyForSomething, ()) {
    const Plan plan = any_plan();

    const FakeRun run = fake_run(plan, any_behaviour(plan));

    // Deleted operations and the least time of the settle phase pass without an action.
    RC_ASSERT(run.idle_wakes <= plan.deleted_operations.size() + 1);
}

RC_GTEST_PROP(AnyRun, RealisesAPlanThatRepeatsItsFaults, ()) {
    Plan plan = any_plan();
    plan.time_limit += milliseconds(500);
    FakeBehaviour behaviour;
    behaviour.answer_within = milliseconds(1);

    const FakeRun first = fake_run(plan, behaviour);
    const FakeRun second = fake_run(first.realised, behaviour);

    // By id: faults that begin within a moment of each other may change places.
    std::map<FaultId, nemesis::PlannedFault> again;
    for (const nemesis::PlannedFault& fault : second.realised.faults) {
        again[fault.id] = fault;
    }
    RC_ASSERT(again.size() == first.realised.faults.size());
    for (const nemesis::PlannedFault& fault : first.realised.faults) {
        RC_ASSERT(again[fault.id].action == fault.action);
        RC_ASSERT(again[fault.id].detail == fault.detail);
        RC_ASSERT(again[fault.id].at - fault.at < milliseconds(1));
    }
}

}  // namespace
}  // namespace squall::harness
