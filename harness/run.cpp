#include "harness/run.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/failure.hpp"
#include "harness/overloaded.hpp"
#include "harness/plan_operations.hpp"
#include "harness/run_clients.hpp"
#include "harness/run_faults.hpp"
#include "harness/run_final_reads.hpp"
#include "harness/run_operations.hpp"
#include "harness/run_output.hpp"
#include "harness/run_watch.hpp"
#include "history/random.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/topology.hpp"

namespace squall::harness {

namespace {

enum class Phase : std::uint8_t { before, main, heal, settle, final_reads, done };

const char* name_of(Phase phase) {
    switch (phase) {
        case Phase::before:
            return "before";
        case Phase::main:
            return "main";
        case Phase::heal:
            return "heal";
        case Phase::settle:
            return "settle";
        case Phase::final_reads:
            return "final";
        case Phase::done:
            return "done";
    }
    return "done";
}

/// How long the healing of all faults may take before the run goes on without.
constexpr Duration heal_bound = std::chrono::seconds(10);

std::unique_ptr<workloads::Generator> make_generator(const Plan& plan) {
    const workloads::Workload* workload = workloads::find_workload(plan.workload);
    if (workload == nullptr) {
        throw Failure("unknown workload '" + plan.workload + "'");
    }
    if (plan.operations) {
        return listed_generator(plan);
    }
    return workload->generator(workloads::GeneratorConfig{
        plan.seed, plan.concurrency, plan.keys, plan.operations_per_key});
}

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
}

}  // namespace

class Run::Impl {
  public:
    explicit Impl(const Plan& plan)
        : plan_(plan),
          generator_(make_generator(plan_)),
          watch_(plan.nodes),
          operations_(plan_, output_),
          clients_(plan_, *generator_, operations_),
          faults_(plan_, output_, watch_),
          finals_(plan_, output_, operations_) {}

    std::vector<RunAction> on(Time now, const Input& input) {
        if (phase_ == Phase::done) {
            return {};
        }
        output_.begin(now);
        if (phase_ == Phase::before) {
            enter(Phase::main);
            clients_.start(output_.now());
        }
        handle(input);
        advance();
        return output_.take();
    }

    [[nodiscard]] std::optional<Time> next_wake() const {
        if (phase_ == Phase::before) {
            return Time{};
        }
        if (phase_ == Phase::done) {
            return std::nullopt;
        }
        std::optional<Time> wake = earlier(operations_.next_deadline(), phase_wake());
        wake = earlier(wake, faults_.next_due());
        wake = earlier(wake, clients_.next_due());
        return earlier(wake, finals_.next_due());
    }

    [[nodiscard]] Progress progress(Time now) const {
        Progress progress;
        progress.phase = name_of(phase_);
        operations_.count_into(progress);
        progress.active_faults = faults_.active_details();
        progress.leader = watch_.leader(faults_.down());
        if (phase_ <= Phase::main) {
            progress.remaining = std::max(Duration::zero(), plan_.time_limit - now);
        }
        return progress;
    }

    [[nodiscard]] Plan realised() const {
        Plan plan = plan_;
        plan.faults = faults_.realised();
        if (phase_ > Phase::main) {
            plan.time_limit = std::min(plan.time_limit, main_ended_);
        }
        return plan;
    }

    [[nodiscard]] const std::vector<NodeExited>& unplanned_exits() const { return exits_; }

    [[nodiscard]] const std::vector<NodeId>& given_up() const { return given_up_; }

  private:
    void enter(Phase phase) {
        phase_ = phase;
        entered_ = output_.now();
        output_.note(std::string("phase: ") + name_of(phase));
    }

    void handle(const Input& input) {
        std::visit(
            Overloaded{
                [](const Wake&) {},
                [this](const Replied& replied) {
                    // A late one, after the operation timed out, finds nothing.
                    if (const auto ended = operations_.complete(replied.op, replied.answer)) {
                        completed(*ended);
                    }
                },
                [this](const FaultBegun& begun) { faults_.begun(begun.id); },
                [this](const FaultEnded& ended) { faults_.ended(ended.id, ended.effect); },
                [this](const Observed& seen) { watch_.observe(output_.now(), seen); },
                [this](const NodeExited& exited) { exited_by_itself(exited); },
                [this](const StopRequested& stop) { stop_early(stop); },
            },
            input);
    }

    void exited_by_itself(const NodeExited& exited) {
        if (!exited.by_fault) {
            exits_.push_back(exited);
        } else if (exited.for_ever) {
            refused_.insert(exited.node);
            judge_budget();
        }
        watch_.exited(exited.node);
        output_.note("node n" + std::to_string(exited.node) + " exited: " + exited.how);
    }

    void stop_early(const StopRequested& stop) {
        if (phase_ == Phase::main && !stop_) {
            stop_ = true;
            output_.note("stop requested: " + stop.reason);
        }
    }

    void completed(const Completed& ended) {
        generator_->observe(ended.request, ended.event);
        if (ended.owner.final_reader) {
            finals_.completed(ended.owner.index, ended.event.type);
        } else {
            clients_.completed(output_.now(), ended);
        }
    }

    /// Does everything that is due. Ends: each round but the last goes one phase further.
    void advance() {
        for (const Completed& expired : operations_.expire()) {
            completed(expired);
        }
        bool changed = true;
        while (changed) {
            changed = next_phase();
            faults_.run_due();
            clients_.run_due(output_.now());
            finals_.run_due();
        }
    }

    bool next_phase() {
        const Time now = output_.now();
        switch (phase_) {
            case Phase::main:
                if (stop_ || now >= plan_.time_limit) {
                    begin_heal();
                    return true;
                }
                return false;
            case Phase::heal:
                if (faults_.all_ended() || now >= entered_ + heal_bound) {
                    begin_settle();
                    return true;
                }
                return false;
            case Phase::settle:
                if (operations_.open() == 0 && settled(now)) {
                    begin_final();
                    return true;
                }
                return false;
            case Phase::final_reads:
                if (finals_.done()) {
                    enter(Phase::done);
                    output_.push(Finish{});
                }
                return false;
            case Phase::before:
            case Phase::done:
                return false;
        }
        return false;
    }

    void begin_heal() {
        main_ended_ = output_.now();
        enter(Phase::heal);
        clients_.stop();
        faults_.heal_all();
        if (plan_.heal_quorum_only) {
            give_up_the_rest();
        }
    }

    /// Nodes whose disks rotted refuse to start, and do so for ever.
    void judge_budget() {
        std::size_t whole = 0;
        for (NodeId node = 1; node <= plan_.nodes; ++node) {
            whole += refused_.contains(node) || watch_.written_off(node) ? 0U : 1U;
        }
        if (whole < nemesis::majority_of(plan_.nodes) && !over_budget_) {
            over_budget_ = true;
            output_.note("beyond the fault budget: fewer than a majority of the nodes is left");
        }
    }

    void give_up_the_rest() {
        std::vector<NodeId> rest;
        for (NodeId node = 1; node <= plan_.nodes; ++node) {
            rest.push_back(node);
        }
        rest = nemesis::shuffled(rest, history::Stream(plan_.seed, "quorum").bits(0, 0));
        std::ranges::stable_partition(rest, [&](NodeId node) { return !faults_.rotten(node); });
        rest.erase(rest.begin(),
                   rest.begin() + static_cast<std::ptrdiff_t>(nemesis::majority_of(rest.size())));
        std::ranges::sort(rest);
        if (rest.empty()) {
            return;
        }
        output_.note("heal: a quorum only, for ever broken: " + nemesis::to_text(rest));
        given_up_ = rest;
        for (const NodeId node : rest) {
            watch_.write_off(node);
        }
        faults_.break_for_ever(rest);
        judge_budget();
    }

    void begin_settle() {
        if (!faults_.all_ended()) {
            output_.note("heal: not undone in time: " + faults_.open_in_words());
        }
        enter(Phase::settle);
    }

    void begin_final() {
        if (!watch_.serving_since(entered_)) {
            output_.note("settle: not every node was seen up and a leader known in time");
        }
        enter(Phase::final_reads);
        std::vector<NodeId> gone;
        for (NodeId node = 1; node <= plan_.nodes; ++node) {
            if (watch_.gone(node)) {
                gone.push_back(node);
            }
        }
        finals_.start(generator_->final_requests(), gone);
    }

    /// At least one election timeout, so that whoever was cut off has noticed that it is back.
    [[nodiscard]] Time settle_earliest() const { return entered_ + plan_.timing.election_max; }

    /// Half of the recovery bound, so that the final reads are asked within it: only an answer can
    /// show whether the cluster has recovered.
    [[nodiscard]] Time settle_latest() const {
        return std::max(settle_earliest(), entered_ + plan_.recovery_bound / 2);
    }

    [[nodiscard]] bool settled(Time now) const {
        return now >= settle_latest() ||
               (now >= settle_earliest() && watch_.serving_since(entered_));
    }

    /// When the phase itself wants to look again.
    [[nodiscard]] std::optional<Time> phase_wake() const {
        const Time now = output_.now();
        switch (phase_) {
            case Phase::main:
                return plan_.time_limit;
            case Phase::heal:
                return entered_ + heal_bound;
            case Phase::settle:
                if (now < settle_earliest()) {
                    return settle_earliest();
                }
                // Later only the operations in flight can hold it up.
                return now < settle_latest() ? std::optional<Time>(settle_latest()) : std::nullopt;
            case Phase::before:
            case Phase::final_reads:
            case Phase::done:
                return std::nullopt;
        }
        return std::nullopt;
    }

    const Plan plan_;
    std::unique_ptr<workloads::Generator> generator_;
    RunOutput output_;
    ClusterWatch watch_;
    Operations operations_;
    Clients clients_;
    FaultBook faults_;
    FinalReads finals_;
    Phase phase_ = Phase::before;
    Time entered_{};  ///< The current phase.
    Time main_ended_{};
    bool stop_ = false;
    std::vector<NodeExited> exits_;
    std::set<NodeId> refused_;  ///< Those that faults ended for ever.
    bool over_budget_ = false;
    std::vector<NodeId> given_up_;
};

Run::Run(const Plan& plan) : impl_(std::make_unique<Impl>(plan)) {}

Run::~Run() = default;
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;

std::vector<RunAction> Run::on(Time now, const Input& input) {
    return impl_->on(now, input);
}

std::optional<Time> Run::next_wake() const {
    return impl_->next_wake();
}

Progress Run::progress(Time now) const {
    return impl_->progress(now);
}

Plan Run::realised() const {
    return impl_->realised();
}

const std::vector<NodeId>& Run::given_up() const {
    return impl_->given_up();
}

const std::vector<NodeExited>& Run::unplanned_exits() const {
    return impl_->unplanned_exits();
}

}  // namespace squall::harness
