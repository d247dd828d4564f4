// One node of the simulated cluster: a raft::server::Server and its Storage over a virtual disk,
// with what the operating system does to a process: it is killed, started, stopped and continued,
// and its log thread writes one group at a time. A disk that reports an error ends it.
//
// It is passive: it knows no event queue, no network and no clients. Whoever drives it calls `step`
// when there is input, and asks it afterwards what must happen next.
//
// A kill loses what was not yet handed to the disk; a loss of power also what was not synced.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/sim/promise_audit.hpp"
#include "harness/sim/virtual_clock.hpp"
#include "harness/sim/virtual_disk.hpp"
#include "history/random.hpp"
#include "raft/server/server.hpp"
#include "raft/storage/storage.hpp"

namespace squall::harness::sim {

class VirtualNode {
  public:
    /// Throws UsageError when this build does not know the plan's bug.
    VirtualNode(const Plan& plan, NodeId id, bool assertions_off = false);

    // ---- the process

    struct Refusal {
        std::string problem;
        bool disk_error = false;  ///< A call failed: another start may succeed.
    };

    /// Only when not up. Why the node refuses to start; nothing when it runs.
    [[nodiscard]] std::optional<Refusal> start(Time now);

    /// Harmless when not up.
    void kill(Time now);

    /// The machine is off: whether up or not, what was not synced is at risk.
    void lose_power(Time now);

    void pause() { paused_ = true; }

    /// Goes on with what has piled up, not necessarily all of it at once. Only when paused.
    void resume();

    [[nodiscard]] NodeId id() const { return id_; }

    [[nodiscard]] bool up() const { return server_.has_value(); }

    [[nodiscard]] bool paused() const { return paused_; }

    [[nodiscard]] bool running() const { return up() && !paused_; }

    /// Counts the starts, from 1.
    [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }

    /// Only when up.
    [[nodiscard]] raft::Status status() const { return server_->status(); }

    // ---- input and output

    /// Puts an input before the node; only when up. False: there is no room (a paused node whose
    /// peers' and clients' buffers are full), the input is lost.
    [[nodiscard]] bool offer(raft::server::Input input);

    [[nodiscard]] bool has_input() const { return !inbox_.empty(); }

    /// Until when it is busy with its last batch.
    [[nodiscard]] Time busy_until() const { return busy_until_; }

    /// Handles what is in the inbox, and the timer when it is due; only when running. Right after a
    /// pause some of the inbox may be left. The writes that it asks for are queued.
    [[nodiscard]] raft::server::Output step(Time now);

    /// The writes that the last step asked for.
    [[nodiscard]] std::span<const raft::Persist> asked() const {
        return std::span(queued_writes_).last(asked_);
    }

    /// What the last start found.
    [[nodiscard]] const FoundOnDisk& found() const { return found_; }

    /// In true time, as everything here is but what the server sees. Not before `now`, the end of
    /// time while the clock stands still. Only when up.
    [[nodiscard]] Time next_deadline(Time now) const {
        return clock_.when(server_->next_deadline(), now);
    }

    // ---- the clock

    /// A new rule for the node's clock, which runs on through deaths.
    void set_clock(Time now, const nemesis::ClockRule& rule) { clock_.set(now, rule); }

    [[nodiscard]] const ClockReading& clock_reading() const { return clock_reading_; }

    // ---- the disk

    /// Hands the queued writes to the disk if it is idle: when that ends (the end of time while the
    /// disk is stuck), or nothing to do. Only when running.
    [[nodiscard]] std::optional<Time> begin_write(Time now);

    /// The write that was begun has ended: it is durable, or the node is doomed. A paused node
    /// learns it when it goes on.
    void end_write();

    /// What the disk said to it and it must not survive; empty: nothing.
    [[nodiscard]] const std::string& doom() const { return doom_; }

    /// When something that was stuck ends now, if a write is under way: as `begin_write`.
    [[nodiscard]] std::optional<Time> set_disk_rule(Time now, const nemesis::DiskRule& rule);

    [[nodiscard]] const VirtualDisk& disk() const { return disk_; }

    void flip_a_bit() { disk_.flip_a_bit(); }

  private:
    static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

    NodeId id_;
    raft::server::ServerConfig server_config_;
    raft::storage::StorageConfig storage_config_;
    history::Stream stream_;

    VirtualDisk disk_;
    std::unique_ptr<raft::storage::Storage> storage_;
    std::optional<raft::server::Server> server_;
    std::uint64_t incarnation_ = 0;
    bool paused_ = false;

    std::vector<raft::server::Input> inbox_;
    std::size_t batch_max_ = no_limit;  ///< Of the next step.
    Time busy_until_{};
    std::uint64_t steps_ = 0;

    void crash(Time now, VirtualDisk::Crash kind);
    [[nodiscard]] Time read_clock(Time now);

    VirtualClock clock_;
    ClockReading clock_reading_;
    std::uint64_t changes_met_ = 0;  ///< Of the clock, when it was last read.

    FoundOnDisk found_;
    std::vector<raft::Persist> queued_writes_;
    std::size_t asked_ = 0;
    std::vector<raft::Persist> writing_;
    std::string write_error_;  ///< That the write under way will end with.
    std::string doom_;
};

}  // namespace squall::harness::sim
