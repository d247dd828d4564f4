// One real core with the disk below it: what an input makes of it, what it says, and whether it
// kept what one node alone can break. A value: it is read from an image, takes one input, and is
// written as an image again.
//
// Time is not part of it. A timer fires when its input says so; between two inputs any time may
// have passed, so that no leader is remembered as alive (election_timeout_min is 0).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/disk.hpp"
#include "harness/explore/facts.hpp"
#include "harness/explore/options.hpp"
#include "raft/core.hpp"

namespace squall::harness::explore {

enum class InputKind : std::uint8_t {
    message,
    election_timeout,
    heartbeat,  ///< Two intervals after the last one, so that what was lost is sent again.
    step_down,  ///< A leader notices that nobody has answered for long.
    propose,    ///< `argument`: which command.
    read,
    persist,  ///< The oldest write ends.
    crash     ///< And starts again; `argument`: so many parts of the writes under way were done.
};

struct Input {
    InputKind kind{};
    std::uint32_t argument = 0;
    const raft::Envelope* message = nullptr;
};

struct Outcome {
    std::vector<raft::Envelope> messages;
    std::vector<Fact> facts;
    std::optional<Violation> violation;  ///< The node is worth nothing then.
};

/// Of node `id`, in the explorer's timing.
[[nodiscard]] raft::CoreConfig config_of(raft::NodeId id, const Options& options);

class Node {
  public:
    /// With an empty disk. `config` must outlive it.
    explicit Node(const raft::CoreConfig& config);

    Node(const raft::CoreConfig& config, std::string_view image);

    /// `names[id]` is what node `id` is called in it.
    void write_image(std::string& out, std::span<const raft::NodeId> names = {}) const;

    [[nodiscard]] Outcome step(const Input& input, bool instant_disk);

    [[nodiscard]] raft::Status status() const { return core_.status(); }

    [[nodiscard]] const Disk& disk() const { return disk_; }

    /// Under way.
    [[nodiscard]] const std::deque<raft::Persist>& writes() const { return writes_; }

    /// Terms of the log, from index 1.
    [[nodiscard]] std::vector<raft::Term> log() const;

  private:
    void feed(const Input& input, Outcome& outcome);
    void take(Outcome& outcome);
    void end_write(Outcome& outcome);
    void restart(std::size_t parts, Outcome& outcome);
    void audit(const raft::Envelope& said, Outcome& outcome) const;
    void fail(Outcome& outcome, const char* property, raft::Index index, std::string what) const;

    const raft::CoreConfig* config_;
    Disk disk_;
    std::deque<raft::Persist> writes_;
    raft::Time now_{};  ///< Of no importance but for its differences.
    raft::Core core_;
};

}  // namespace squall::harness::explore
