#include "harness/sim/simulate.hpp"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/run.hpp"
#include "harness/sim/trace_records.hpp"
#include "harness/sim/virtual_cluster.hpp"

namespace squall::harness::sim {

namespace {

/// A little more than the virtual network and disk take: a message; a write with three syncs; a
/// restart.
constexpr AssumedDelays assumed{.link = std::chrono::milliseconds(2),
                                .sync = std::chrono::milliseconds(6),
                                .start = std::chrono::milliseconds(150)};

/// Carries inputs to the run and its actions to the cluster, moving time from one to the next.
class Driver {
  public:
    Driver(const Plan& plan, const SimulationOptions& options)
        : options_(options),
          traces_(options.keep_traces),
          messages_(options.keep_traces),
          run_(plan),
          cluster_(plan, traces_, messages_, options.assertions_off) {
        simulation_.record.plan = plan;
        simulation_.record.delays = assumed;
    }

    Simulation go() {
        RunRecord& record = simulation_.record;
        try {
            feed(Wake{});
            while (!finished_ && record.void_reason.empty()) {
                move();
            }
        } catch (const Failure& failure) {
            record.void_reason = failure.what();
        }
        record.realised = run_.realised();
        record.unplanned_exits = run_.unplanned_exits();
        record.trace_checks = traces_.results();
        // One alone has nobody to promise anything to.
        if (record.plan.nodes > 1) {
            record.trace_checks.push_back(cluster_.promises());
        }
        record.elapsed = cluster_.now();
        if (record.void_reason.empty()) {
            record.trace_checks.push_back(converge());
        }
        simulation_.core_steps = cluster_.core_steps();
        simulation_.traces = traces_.take_records();
        simulation_.messages = messages_.take();
        simulation_.messages_sent = cluster_.traffic().messages;
        simulation_.payload_bytes = cluster_.traffic().payload_bytes;
        return std::move(simulation_);
    }

  private:
    void move() {
        if (++simulation_.steps > options_.events_max) {
            simulation_.record.void_reason = "the simulation did not end within its event limit";
            return;
        }
        const std::optional<Time> wake = run_.next_wake();
        if (wake && *wake <= cluster_.next_event()) {
            cluster_.advance_to(std::max(*wake, cluster_.now()));
            feed(Wake{});
        } else {
            cluster_.handle_next();
        }
        // What the run asks for may have its result at once, such as a fault's begin.
        for (std::vector<Input> inputs = cluster_.take_inputs(); !inputs.empty();
             inputs = cluster_.take_inputs()) {
            for (const Input& input : inputs) {
                feed(input);
            }
        }
    }

    /// The run is over, and nothing is broken any more but what was given up for ever: within the
    /// recovery bound every other node has to know what any of them knows to be committed.
    checker::Check converge() {
        checker::Check check;
        check.name = "convergence";
        check.detector = "trace";
        const std::vector<NodeId>& without = run_.given_up();
        const raft::Index committed = cluster_.highest_commit(without);
        const Time end = cluster_.now() + simulation_.record.plan.recovery_bound;
        std::optional<NodeId> behind = cluster_.behind(committed, without);
        while (behind && cluster_.next_event() <= end) {
            cluster_.handle_next();
            static_cast<void>(cluster_.take_inputs());
            behind = cluster_.behind(committed, without);
        }
        if (behind) {
            check.verdict = checker::Verdict::invalid;
            check.reason = fmt::format(
                "n{} had not applied index {} within {:.3f} s, the bound, after the final reads, "
                "though {}",
                *behind,
                committed,
                std::chrono::duration<double>(simulation_.record.plan.recovery_bound).count(),
                without.empty() ? "everything was whole"
                                : "it is of the quorum that was healed, which was whole");
        }
        return check;
    }

    void feed(const Input& input) {
        for (RunAction& action : run_.on(cluster_.now(), input)) {
            std::visit([this](auto&& each) { carry_out(std::move(each)); }, std::move(action));
        }
    }

    void carry_out(Record&& action) {
        simulation_.record.events.push_back(std::move(action.event));
    }

    void carry_out(Invoke&& action) { cluster_.invoke(action.invocation); }

    void carry_out(Abandon&& action) { cluster_.abandon(action.op); }

    void carry_out(Inject&& action) { cluster_.inject(action.id, action.fault); }

    void carry_out(Heal&& action) { cluster_.heal(action.id); }

    void carry_out(Finish&&) { finished_ = true; }

    SimulationOptions options_;
    TraceFeed traces_;
    MessageLog messages_;
    Run run_;
    VirtualCluster cluster_;
    Simulation simulation_;
    bool finished_ = false;
};

}  // namespace

Simulation simulate(const Plan& plan, const SimulationOptions& options) {
    return Driver(plan, options).go();
}

}  // namespace squall::harness::sim
