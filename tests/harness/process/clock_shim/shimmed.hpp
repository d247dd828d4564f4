// A program under the clock shim, as a test talks to it: line by line. Killed when the value dies.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <spawn.h>

#include "harness/process/clock_control.hpp"
#include "harness/process/clock_support.hpp"

namespace squall::harness::process::test {

/// A wait ends when its condition holds; at this bound the test fails.
inline constexpr auto hang_bound = std::chrono::seconds(30);

class Shimmed {
  public:
    Shimmed(const ClockControl& clock, const std::vector<std::string>& command)
        : Shimmed(command, clock_environment(CLOCK_SHIM, clock.path())) {}

    /// Without the shim, if `environment` does not name it.
    Shimmed(const std::vector<std::string>& command,
            const std::map<std::string, std::string>& environment) {
        int input[2];
        int output[2];
        if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) {
            std::abort();
        }
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
        std::vector<std::string> words = {"env"};
        for (const auto& [name, value] : environment) {
            words.push_back(name + "=" + value);
        }
        words.insert(words.end(), command.begin(), command.end());
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        ::posix_spawnp(&pid_, "env", &actions, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(input[0]);
        ::close(output[1]);
        input_ = input[1];
        output_ = ::fdopen(output[0], "r");
    }

    ~Shimmed() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(input_);
        std::fclose(output_);
    }

    Shimmed(const Shimmed&) = delete;
    Shimmed& operator=(const Shimmed&) = delete;

    /// Empty at the end, and when nothing comes for too long.
    std::string line() {
        char buffer[4096];
        if (!says_something_within(hang_bound) ||
            std::fgets(buffer, sizeof(buffer), output_) == nullptr) {
            return "";
        }
        std::string text(buffer);
        text.pop_back();
        return text;
    }

    std::string answer(const std::string& question) {
        const std::string text = question + "\n";
        return ::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size())
                   ? line()
                   : "";
    }

    void end_input() {
        ::close(input_);
        input_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    }

    /// One line at a time is asked for, so that nothing is ever left in the stream's own buffer.
    [[nodiscard]] bool says_something_within(std::chrono::milliseconds time) const {
        pollfd output{::fileno(output_), POLLIN, 0};
        return ::poll(&output, 1, static_cast<int>(time.count())) > 0;
    }

  private:
    pid_t pid_ = -1;
    int input_ = -1;
    std::FILE* output_ = nullptr;
};

}  // namespace squall::harness::process::test
