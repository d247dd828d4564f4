// One node as the router sees it: the pipes of its present life, whether it has answered `init`,
// and what it says of leading.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/maelstrom/leader_pattern.hpp"
#include "harness/process/child.hpp"
#include "harness/process/leader_claims.hpp"
#include "harness/process/log_tail.hpp"
#include "harness/process/stdio_pipes.hpp"
#include "harness/run.hpp"

namespace squall::harness::process {

class StdioNode {
  public:
    /// `pattern` may be null. `directory` is the node's own.
    StdioNode(NodeId node,
              std::uint32_t nodes,
              const std::string& directory,
              const maelstrom::LeaderPattern* pattern,
              bool show_log);

    /// A new life is about to begin.
    void spawning(boost::asio::io_context& io, StdioPipes::Events events, Command& command);

    /// It has begun: sends `init`.
    void started();

    /// It is over. What it had written was handed over before.
    void ended();

    void set_paused(bool paused) { paused_ = paused; }

    /// True for the answer to this life's `init`, once.
    [[nodiscard]] bool initialised_by(std::string_view type, std::optional<std::uint64_t> reply_to);

    [[nodiscard]] bool serving() const { return pipes_ && initialised_; }

    enum class Delivery : std::uint8_t { done, no_receiver, unread };
    [[nodiscard]] Delivery deliver(std::string_view bytes);

    [[nodiscard]] bool paused() const { return paused_; }

    /// Its output ended. If it lives on for a while that is a breach.
    void output_ended();

    /// Reads its log. True when its output ended a while ago and it still lives.
    [[nodiscard]] bool look();

    /// The highest term of this life that it claims to lead, 0 if none.
    [[nodiscard]] std::uint64_t term_led() const { return term_led_; }

  private:
    NodeId node_;
    std::uint32_t nodes_;
    const maelstrom::LeaderPattern* pattern_;
    bool show_log_;
    LogTail log_;
    LeaderClaims claims_;
    std::unique_ptr<StdioPipes> pipes_;
    std::uint64_t init_id_ = 0;  ///< Of the latest life.
    bool initialised_ = false;
    bool paused_ = false;
    std::optional<std::chrono::steady_clock::time_point> output_ended_;
    std::uint64_t term_led_ = 0;
};

}  // namespace squall::harness::process
