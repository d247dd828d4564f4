// What the tests of whole storms share: squall as a child, marked so that everything it starts can
// be found, in a directory of its own.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <gtest/gtest.h>

#include "leftovers.hpp"

namespace squall::harness::cli {

/// Does something until it holds; the bound only ends a test that has failed.
template <typename Condition>
bool eventually(std::chrono::milliseconds bound, Condition holds) {
    const auto end = std::chrono::steady_clock::now() + bound;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        const timespec pause{0, 5'000'000};
        nanosleep(&pause, nullptr);
    }
    return true;
}

class Storm : public ::testing::Test {
  protected:
    Storm();
    /// Kills what a failed test has left.
    ~Storm() override;

    /// squall with these arguments, its output in squall.log.
    [[nodiscard]] pid_t start(std::vector<std::string> arguments) const;

    /// Waits for it.
    [[nodiscard]] static int exit_code(pid_t pid, rusage* usage = nullptr);

    /// Alive and started by squall, or squall itself.
    [[nodiscard]] std::vector<FoundProcess> running() const;

    /// Nothing is running, soon.
    [[nodiscard]] bool nothing_left() const;

    /// A program for --node-binary: `script` is run by sh, with $node as the path of raft-node.
    [[nodiscard]] std::string node_script(const std::string& script) const;

    /// Of the run in directory_/run.
    [[nodiscard]] std::string history() const;
    [[nodiscard]] std::string log() const;

    [[nodiscard]] int check(const std::string& run) const;

    std::string directory_;
    std::string run_;
    std::string mark_;
};

}  // namespace squall::harness::cli
