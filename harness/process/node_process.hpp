// One node of the cluster through all its incarnations: kept down while something holds it down,
// stopped while something holds it paused, running otherwise. Every call states what is wanted and
// is idempotent; the wanted state is reached later, and reported when it is. A node that ended
// though nobody ended it is never started again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

#include "harness/process/child.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::process {

class NodeProcess {
  public:
    struct Events {
        /// A new incarnation is about to be spawned by this command, which may still be changed.
        std::function<void(history::NodeId, Command&)> spawning = [](history::NodeId /*node*/,
                                                                     Command& /*command*/) {};
        /// A new incarnation was spawned.
        std::function<void(history::NodeId)> started;
        /// All its threads have stopped.
        std::function<void(history::NodeId)> paused;
        /// It goes on after a pause.
        std::function<void(history::NodeId)> resumed;
        /// It has ended because it was to be down.
        std::function<void(history::NodeId)> killed;
        /// It has ended though nobody wanted it.
        std::function<void(history::NodeId, const std::string& how)> died;
    };

    /// Starts nothing yet. `io` must outlive it.
    NodeProcess(boost::asio::io_context& io, history::NodeId node, Command command, Events events);
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    /// Throws Failure when it is to run and cannot be spawned.
    void want(bool down, bool paused);

    /// Spawned and not ended. True for a paused one.
    [[nodiscard]] bool up() const;
    [[nodiscard]] bool paused() const;
    /// Of the incarnation that runs, if one does.
    [[nodiscard]] std::optional<pid_t> id() const;
    [[nodiscard]] const Command& command() const;

    /// How a node came to its end at teardown.
    struct Ending {
        std::string crash;        ///< Not empty: it ended by itself, or not as asked: how.
        bool had_to_die = false;  ///< It did not end on request and was killed.
    };

    /// For teardown, in this order. No event comes afterwards. `finish` blocks at most for `grace`,
    /// then kills.
    void ask_to_end();
    Ending finish(std::chrono::milliseconds grace);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The last lines of a log file, at most `lines_max` and 4 KiB of them.
[[nodiscard]] std::string last_words(const std::string& log_file, std::size_t lines_max);

/// Leaves but the end of a log that has grown beyond `bytes_max`, so that a chatty node cannot fill
/// the disk. True when it did.
bool trim_log(const std::string& log_file, std::uintmax_t bytes_max);

}  // namespace squall::harness::process
