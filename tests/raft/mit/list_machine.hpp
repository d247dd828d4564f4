// A core whose application is the list of everything committed, as the labs' testers keep it. Its
// snapshots hold the whole list.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/raft/mit/fleet.hpp"

namespace squall::raft::mit {

class ListMachine final : public Machine {
  public:
    /// What was committed, from index 1; the entry of a new leader is empty.
    using List = std::vector<std::string>;
    /// The list has changed.
    using Learn = std::function<void(const List&)>;

    /// `snapshot_every`: entries between snapshots; 0: none are taken.
    ListMachine(
        const CoreConfig& config, Recovered recovered, Index snapshot_every, Learn learn, Time now);

    void receive(Time now, Envelope envelope) override { core_.step(now, envelope); }

    void persisted(Time now, PersistId id) override { core_.on_persisted(now, id); }

    void tick(Time now) override { core_.tick(now); }

    [[nodiscard]] Output take(Time now) override;

    [[nodiscard]] Time deadline() const override { return core_.next_deadline(); }

    [[nodiscard]] Status status() const override { return core_.status(); }

    [[nodiscard]] Core& core() { return core_; }

  private:
    void apply(Ready& ready);
    void maybe_snapshot(Time now);

    Index snapshot_every_;
    Learn learn_;
    List list_;
    LogId last_;
    Index snapshot_ = 0;
    Core core_;
};

}  // namespace squall::raft::mit
