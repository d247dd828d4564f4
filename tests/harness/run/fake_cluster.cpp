#include "fake_cluster.hpp"

#include <utility>

#include "history/random.hpp"

namespace squall::harness {

namespace {

constexpr std::uint64_t most_inputs = 2'000'000;

class FakeCluster {
  public:
    FakeCluster(const Plan& plan, const FakeBehaviour& behaviour)
        : plan_(plan), behaviour_(behaviour), random_(behaviour.seed, "fake"), run_(plan) {
        for (const auto& [at, input] : behaviour.extra) {
            queue_.emplace(at, input);
        }
        for (NodeId node = 1; node <= plan.nodes; ++node) {
            queue_.emplace(std::chrono::milliseconds(100), seen(node));
        }
    }

    FakeRun play() {
        step(Time{}, Wake{});
        while (!result_.finished && result_.problem.empty()) {
            const std::optional<Time> wake = run_.next_wake();
            if (wake && *wake < now_) {
                broken("wants to be woken in the past");
            } else if (++result_.inputs > most_inputs) {
                broken("does not end");
            } else if (!queue_.empty() && (!wake || queue_.begin()->first <= *wake)) {
                const auto [at, input] = *queue_.begin();
                queue_.erase(queue_.begin());
                step(at, input);
            } else {
                step(*wake, Wake{});
            }
        }
        result_.ended = now_;
        result_.realised = run_.realised();
        result_.progress = run_.progress(now_);
        return std::move(result_);
    }

  private:
    void broken(const std::string& problem) {
        if (result_.problem.empty()) {
            result_.problem = problem;
        }
    }

    bool chance(std::uint64_t percent, std::uint64_t what, std::uint64_t id) const {
        return random_.below(100, what, id) < percent;
    }

    Time soon(std::uint64_t what, std::uint64_t id) const {
        const auto within = static_cast<std::uint64_t>(behaviour_.answer_within.count());
        return now_ + Duration(static_cast<Duration::rep>(random_.below(within, what, id)));
    }

    Observed seen(NodeId node) const {
        Observed observed;
        observed.node = node;
        observed.up = !behaviour_.silent.contains(node);
        observed.role = node == 1 ? "leader" : "follower";
        observed.term = 1;
        observed.leader = 1;
        return observed;
    }

    void step(Time at, const Input& input) {
        now_ = at;
        const std::vector<RunAction> actions = run_.on(at, input);
        if (std::holds_alternative<Wake>(input) && actions.empty()) {
            ++result_.idle_wakes;
        }
        if (const auto* observed = std::get_if<Observed>(&input)) {
            queue_.emplace(at + std::chrono::milliseconds(100), *observed);
        }
        for (const RunAction& action : actions) {
            if (result_.finished) {
                broken("acts after Finish");
            }
            std::visit([this](const auto& what) { carry_out(what); }, action);
        }
    }

    void carry_out(const Record& record) {
        if (record.event.index != result_.events.size() || record.event.time != now_) {
            broken("numbers or times its events wrongly");
        }
        result_.events.push_back(record.event);
    }

    void carry_out(const Invoke& invoke) {
        const Invocation& invocation = invoke.invocation;
        result_.invocations.push_back(invocation);
        const history::Event& event = result_.events.back();
        if (event.type != history::EventType::invoke || event.client != invocation.client) {
            broken("invokes without having recorded it");
        }
        if (chance(behaviour_.never_answers, 1, invocation.op)) {
            return;
        }
        Answer answer;
        answer.node = invocation.node;
        answer.outcome = history::Outcome::ok;
        if (chance(behaviour_.fails, 2, invocation.op)) {
            answer.outcome = history::Outcome::fail;
            answer.error = "not-leader";
        } else if (chance(behaviour_.is_unsure, 3, invocation.op)) {
            answer.outcome = history::Outcome::info;
            answer.error = "unknown";
        }
        queue_.emplace(soon(4, invocation.op), Replied{invocation.op, answer});
    }

    void carry_out(const Abandon& abandon) { result_.abandoned.insert(abandon.op); }

    void carry_out(const Inject& inject) {
        if (!result_.injected.emplace(inject.id, now_).second) {
            broken("injects a fault twice");
        }
        if (!chance(behaviour_.fault_unconfirmed, 5, inject.id)) {
            queue_.emplace(soon(6, inject.id), FaultBegun{inject.id});
        }
    }

    void carry_out(const Heal& heal) {
        if (!result_.injected.contains(heal.id) || !result_.healed.emplace(heal.id, now_).second) {
            broken("heals what is not injected");
        }
        if (!chance(behaviour_.fault_never_ends, 7, heal.id)) {
            queue_.emplace(soon(8, heal.id), FaultEnded{heal.id, {{"messages_cut", 5}}});
        }
    }

    void carry_out(const Finish& /*finish*/) { result_.finished = true; }

    Plan plan_;
    FakeBehaviour behaviour_;
    history::Stream random_;
    Run run_;
    std::multimap<Time, Input> queue_;
    Time now_{};
    FakeRun result_;
};

}  // namespace

std::int64_t FakeRun::note(const std::string& text) const {
    for (const history::Event& event : events) {
        if (event.type == history::EventType::note && event.text == text) {
            return static_cast<std::int64_t>(event.index);
        }
    }
    return -1;
}

FakeRun fake_run(const Plan& plan, const FakeBehaviour& behaviour) {
    return FakeCluster(plan, behaviour).play();
}

}  // namespace squall::harness
