// Runs git, cmake and ninja to their end, with what they say kept for messages. Ends them when the
// user wants to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace squall::harness::cli {

struct ToolCall {
    std::vector<std::string> words;  ///< The program and its arguments.
    std::map<std::string, std::string> environment = {};
    std::string log;  ///< A file that takes output and errors, from its beginning.
    std::chrono::seconds limit = std::chrono::minutes(2);
    const std::atomic<int>* stop_requests = nullptr;
};

struct ToolResult {
    int code = -1;       ///< 128 and more: ended by a signal.
    std::string output;  ///< Its last megabytes.
};

/// The user asked to stop while a tool ran or between two.
class Interrupted {};

/// Under a reaper only. Throws Failure when it cannot be started or does not end in time,
/// Interrupted when asked to stop.
[[nodiscard]] ToolResult run_tool(const ToolCall& call);

}  // namespace squall::harness::cli
