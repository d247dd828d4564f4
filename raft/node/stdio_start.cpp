#include "raft/node/stdio_start.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "raft/limits.hpp"
#include "raft/node/event_log.hpp"

namespace squall::raft::node {

namespace {

/// Whoever started this process may have made the descriptors non-blocking.
[[nodiscard]] bool worth_retrying(int descriptor, short events) {
    if (errno == EAGAIN) {
        pollfd wait{descriptor, events, 0};
        ::poll(&wait, 1, -1);
        return true;
    }
    return errno == EINTR;
}

/// False: the end.
[[nodiscard]] bool read_more(LineReader& input) {
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got >= 0) {
            input.feed({buffer.data(), static_cast<std::size_t>(got)});
            return got > 0;
        }
        if (!worth_retrying(STDIN_FILENO, POLLIN)) {
            fatal(exit_cannot_start,
                  fmt::format("cannot read the standard input: {}", std::strerror(errno)));
        }
    }
}

/// Gives up silently when nobody reads: then the input ends, too.
void write_out(std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
        if (written >= 0) {
            line.remove_prefix(static_cast<std::size_t>(written));
        } else if (!worth_retrying(STDOUT_FILENO, POLLOUT)) {
            return;
        }
    }
}

/// The names of a usable init; another one is answered.
[[nodiscard]] std::optional<MemberNames> names_in(maelstrom::Incoming& message,
                                                  const maelstrom::Init& init) {
    auto made = MemberNames::make(init.node_id, init.node_ids);
    if (auto* names = std::get_if<MemberNames>(&made)) {
        return std::move(*names);
    }
    const auto& problem = std::get<std::string>(made);
    log_raw(fmt::format("init refused: {}\n", problem));
    write_out(
        maelstrom::answer_line(message.to,
                               message.from,
                               maelstrom::error(maelstrom::ErrorCode::malformed_request, problem)));
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string> from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

[[nodiscard]] std::string temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "raft-node-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error(fmt::format(
            "cannot make {}: {}; name a directory with --data", name, std::strerror(errno)));
    }
    return name;
}

}  // namespace

std::optional<StdioStart> await_init() {
    LineReader input(limits::stdio_line_bytes);
    std::uint64_t ignored = 0;
    while (read_more(input)) {
        while (const auto line = input.next()) {
            auto message = maelstrom::read_message(*line);
            const auto* init = message ? std::get_if<maelstrom::Init>(&message->body) : nullptr;
            if (init == nullptr || message->from.msg_id.empty()) {
                ++ignored;
            } else if (auto names = names_in(*message, *init)) {
                return StdioStart{
                    std::move(*names), std::move(message->from), std::move(input), ignored};
            }
        }
    }
    return std::nullopt;
}

void become(StdioStart& start, Options& options) {
    options.id = start.names.self();
    options.server.core.id = options.id;
    options.server.core.voters.clear();
    for (NodeId id = 1; id <= start.names.size(); ++id) {
        options.server.core.voters.push_back(id);
    }
    options.storage.node = options.id;
    // All nodes get the same command line, but each its own environment.
    const std::string own = fmt::format("/n{}", options.id);
    if (!options.data_directory.empty()) {
        options.data_directory += own;
    } else if (const auto squall = from_environment("SQUALL_DATA_DIR")) {
        options.data_directory = *squall;
    } else if (const auto raft = from_environment("RAFT_DATA_DIR")) {
        options.data_directory = *raft;
    } else {
        options.data_directory = temporary_directory();
        start.temporary_data = true;
    }
    if (options.trace_directory) {
        *options.trace_directory += own;
    } else {
        options.trace_directory = from_environment("SQUALL_TRACE_DIR");
    }
}

}  // namespace squall::raft::node
