// Runs the program as a user does: in a directory of its own, by a shell.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/wait.h>

#include <gtest/gtest.h>

namespace squall::harness::cli {

namespace fs = std::filesystem;

struct Outcome {
    int code = -1;
    std::string output;  ///< stdout and stderr together.
};

/// An empty directory of its own for every test, removed at the end.
class Command : public ::testing::Test {
  protected:
    Command() {
        std::string pattern = ::testing::TempDir() + "squall-cli-XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
    }

    ~Command() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    /// Ended after a minute, with code 124: bad input must not make it wait.
    [[nodiscard]] Outcome squall(const std::string& arguments) const {
        const std::string line =
            "cd " + directory_ + " && timeout 60 " SQUALL_PROGRAM " " + arguments + " 2>&1";
        Outcome outcome;
        FILE* pipe = ::popen(line.c_str(), "r");
        std::array<char, 4096> buffer{};
        while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
            outcome.output += buffer.data();
        }
        const int status = ::pclose(pipe);
        outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return outcome;
    }

    void write(const std::string& name, const std::string& content) const {
        std::ofstream(directory_ + "/" + name, std::ios::binary) << content;
    }

    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(directory_ + "/" + name, std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        return content.str();
    }

    std::string directory_;
};

/// The message has all of the words.
template <typename... Words>
void expect_refused(int code, const Outcome& outcome, const Words&... words) {
    EXPECT_EQ(outcome.code, code) << outcome.output;
    const auto expect_word = [&](std::string_view word) {
        EXPECT_NE(outcome.output.find(word), std::string::npos) << word << ": " << outcome.output;
    };
    (expect_word(words), ...);
}

template <typename... Words>
void expect_usage_error(const Outcome& outcome, const Words&... words) {
    expect_refused(64, outcome, words...);
}

}  // namespace squall::harness::cli
