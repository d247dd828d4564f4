#include "harness/cli/compare_tool.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/process/child.hpp"

namespace squall::harness::cli {
namespace {

constexpr std::streamoff output_bytes_max = std::streamoff{64} << 20U;

std::string tail_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    file.seekg(size > output_bytes_max ? size - output_bytes_max : 0);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace

ToolResult run_tool(const ToolCall& call) {
    std::error_code ignored;
    std::filesystem::remove(call.log, ignored);
    boost::asio::io_context io;
    // env finds the program on the path.
    process::Child child(io,
                         {.program = "/usr/bin/env",
                          .arguments = call.words,
                          .log_file = call.log,
                          .environment = call.environment},
                         [](int /*status*/) {});
    const auto deadline = std::chrono::steady_clock::now() + call.limit;
    while (!child.wait(std::chrono::milliseconds(100))) {
        if (call.stop_requests != nullptr && *call.stop_requests > 0) {
            throw Interrupted();
        }
        if (std::chrono::steady_clock::now() > deadline) {
            throw Failure(fmt::format("{} did not end within {} s; its output is in {}",
                                      fmt::join(call.words, " "),
                                      call.limit.count(),
                                      call.log));
        }
    }
    const int status = child.status().value_or(-1);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), tail_of(call.log)};
}

}  // namespace squall::harness::cli
