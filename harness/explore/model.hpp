// The transition system: which steps a state allows, and what each makes of it. Pure: equal
// arguments in equal order give equal numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/explore/history.hpp"
#include "harness/explore/locals.hpp"
#include "harness/explore/options.hpp"
#include "harness/explore/state.hpp"

namespace squall::harness::explore {

class Model {
  public:
    explicit Model(const Options& options);

    [[nodiscard]] const Options& options() const { return options_; }

    /// Empty disks, nothing under way.
    [[nodiscard]] State fresh();

    /// One more of it is left then.
    void grant(State& state, Budget budget);

    /// Every step that is possible in the state, deliveries first; `actions` is overwritten.
    void actions(const State& state, std::vector<Action>& actions);

    /// Makes `next` of `state`. False when nothing comes of it but a message less: `next` could do
    /// nothing that `state` cannot. Otherwise `violation` tells whether the step broke something;
    /// `next` means nothing then.
    [[nodiscard]] bool apply(const State& state,
                             const Action& action,
                             State& next,
                             std::optional<Violation>& violation);

    /// What the step makes of its node alone; not for ActionKind::drop.
    [[nodiscard]] LocalStep step_of(const State& state, const Action& action);

    /// The least of all the states that differ from it only in the names of nodes.
    void fold(State& state);

    /// The state that stands for it: folded when the options say so.
    void canonical(State& state);

    [[nodiscard]] Locals& locals() { return locals_; }

    [[nodiscard]] const Locals& locals() const { return locals_; }

    /// What is left in the state.
    [[nodiscard]] Budgets budgets(const State& state) const;

    [[nodiscard]] std::size_t bytes() const;

  private:
    void name_nodes();
    [[nodiscard]] bool may_spend(const Budgets& left) const;
    [[nodiscard]] std::uint32_t spend(std::uint32_t budgets, Budget budget);
    [[nodiscard]] bool judge(const State& before,
                             raft::NodeId node,
                             std::span<const Fact> facts,
                             State& next,
                             std::optional<Violation>& violation);
    [[nodiscard]] std::optional<Violation> match_logs(const State& next, raft::NodeId node);
    void bury_dead(State& state, raft::NodeId node) const;
    [[nodiscard]] std::uint32_t rename_history(std::uint32_t history, std::size_t ordinal);

    Options options_;
    Locals locals_;
    Interner histories_;
    Interner budgets_;
    /// names[id]; the first leaves all as they are.
    std::vector<std::vector<raft::NodeId>> namings_;
    /// Who gets the place from 0 on, under each naming.
    std::vector<std::vector<raft::NodeId>> owners_;
    std::vector<std::vector<std::uint32_t>> renamed_histories_;
    State candidate_;
    std::string buffer_;
};

}  // namespace squall::harness::explore
