// One child process: spawned in a process group of its own, with nothing inherited but a log file
// for its output, killed by the kernel when the spawning thread dies. What it starts itself belongs
// to it: signals go to the whole group, and the group ends when its leader does. Its exit is
// reported through the io_context by a pidfd; nothing here waits on SIGCHLD. Does not know what the
// program does.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

struct Command {
    std::string program;
    std::vector<std::string> arguments;
    std::string log_file;                                 ///< Output and errors are appended to it.
    std::map<std::string, std::string> environment = {};  ///< Added to the harness's own.
    // Descriptors of ours that become its standard input and output; -1: nothing and the log.
    int input = -1;
    int output = -1;
};

/// For error messages: as one would type it.
[[nodiscard]] std::string to_string(const Command& command);

/// "signal 6 (Aborted)", "exit code 3": of a status of waitpid.
[[nodiscard]] std::string describe_exit(int wait_status);

class Child {
  public:
    /// Gets the status of waitpid, once, from the io_context.
    using OnExit = std::function<void(int wait_status)>;

    /// Spawns. Call it from a thread that lives as long as the child may: the parent-death signal
    /// is tied to the thread. Throws Failure when the program cannot be executed.
    Child(boost::asio::io_context& io, const Command& command, OnExit on_exit);

    /// Kills the process if it still runs, and reaps it. `on_exit` is not called any more.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] pid_t id() const;
    [[nodiscard]] bool running() const;

    /// Once it has ended and that was noticed: what waitpid said.
    [[nodiscard]] std::optional<int> status() const;

    /// To the whole group. Harmless when the process has ended.
    void signal(int number);

    /// After SIGSTOP: do all threads of the leader stand still? False when it has ended.
    [[nodiscard]] bool stopped() const;

    /// Blocks until it has ended and is reaped, at most for `limit`. For teardown, when nobody runs
    /// the io_context. `on_exit` is not called any more.
    bool wait(std::chrono::milliseconds limit);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace squall::harness::process
