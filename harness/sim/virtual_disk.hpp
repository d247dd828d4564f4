// The disk of a simulated node: a page cache and a platter in memory under a clock of their own.
// Calls are executed at once and logged with their virtual start and end, one after the other; the
// node learns of the end when it comes. A crash at a time t keeps the calls that had begun before t
// (a sync only if it had ended), and a power loss then loses, tears or reorders what was not
// synced, by seed.
//
// It is passive: faults are rules that somebody sets. Every File must be gone before a crash.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "history/random.hpp"
#include "nemesis/fault.hpp"
#include "raft/storage/memory_disk.hpp"

namespace squall::harness::sim {

using history::Duration;
using history::NodeId;
using history::Time;

/// What faults did to the disk of a node since the start.
struct DiskCounters {
    std::int64_t syncs_delayed = 0;
    std::int64_t syncs_stuck = 0;
    std::int64_t sync_errors = 0;
    std::int64_t write_errors = 0;
    std::int64_t refusals_for_room = 0;
    std::int64_t bytes_lost = 0;
    std::int64_t directory_changes_lost = 0;
    std::int64_t bits_flipped = 0;
};

struct DiskCall {
    enum class Kind : std::uint8_t { write, allocate, sync, directory_change, directory_sync };

    Kind kind = Kind::write;
    Time start{};
    Duration took{};
    Time end{};  ///< The end of time while it is stuck.
    bool failed = false;
};

class VirtualDisk final : public raft::storage::Disk {
  public:
    VirtualDisk(std::uint64_t seed, NodeId node);

    // ---- for the storage

    [[nodiscard]] std::unique_ptr<raft::storage::File> open(const std::string& name,
                                                            bool create) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& name) override;
    [[nodiscard]] std::vector<std::string> list() override;
    void sync_directory() override;

    // ---- for the node

    /// Calls come now; those before have ended.
    void begin(Time now);

    /// When the last call since `begin` ends: the end of time when one is stuck. The time of
    /// `begin` without any.
    [[nodiscard]] Time idle_at() const { return idle_at_; }

    /// The calls since `begin`.
    [[nodiscard]] const std::vector<DiskCall>& calls() const { return calls_; }

    enum class Crash : std::uint8_t { process, power };

    /// The calls since `begin` end here.
    void crash(Time now, Crash kind);

    // ---- for faults

    /// Calls from now on obey it. A rule that lets syncs end again ends a stuck one soon.
    void set_rule(Time now, const nemesis::DiskRule& rule);

    /// Flips one bit of what is synced, chosen by seed: of the logs and snapshots that are there.
    /// Nothing happens to an empty disk.
    void flip_a_bit();

    /// Some bit of it was flipped.
    [[nodiscard]] bool rotten() const { return counters_.bits_flipped > 0; }

    [[nodiscard]] const DiskCounters& counters() const { return counters_; }

  private:
    class OpenFile;

    enum Draw : std::uint64_t { latency, fault, crash_choice, flip, draws };

    /// Takes note of a call and its time; throws what a rule says, as the call would.
    void call(DiskCall::Kind kind, bool needs_room);
    [[nodiscard]] Duration usual_duration(DiskCall::Kind kind);
    [[noreturn]] void fail(const char* what);
    [[nodiscard]] std::uint64_t draw(Draw what);
    [[nodiscard]] bool happens(double probability);

    history::Stream stream_;
    NodeId node_;
    std::vector<std::uint64_t> drawn_ = std::vector<std::uint64_t>(draws);
    raft::storage::MemoryDisk disk_;
    nemesis::DiskRule rule_;
    Time idle_at_{};
    std::vector<DiskCall> calls_;
    DiskCounters counters_;
};

}  // namespace squall::harness::sim
