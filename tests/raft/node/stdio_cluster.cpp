#include "tests/raft/node/stdio_cluster.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace squall::raft::node::test {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
}

void Descriptor::close() {
    if (number_ >= 0) {
        ::close(std::exchange(number_, -1));
    }
}

namespace {

/// The end to read from and the end to write to; no other process inherits them.
[[nodiscard]] std::pair<Descriptor, Descriptor> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot make a pipe");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace

StdioProcess::StdioProcess(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment,
                           std::filesystem::path stderr_file) {
    std::signal(SIGPIPE, SIG_IGN);
    auto [node_input, input] = make_pipe();
    auto [output, node_output] = make_pipe();
    process_ = std::make_unique<NodeProcess>(
        arguments,
        std::move(stderr_file),
        0,
        NodeProcess::Surroundings{environment, node_input.number(), node_output.number()});
    input_ = std::move(input);
    output_ = std::move(output);
}

bool StdioProcess::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = ::write(input_.number(), bytes.data(), bytes.size());
        if (written < 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::optional<std::string> StdioProcess::read(std::chrono::milliseconds timeout) const {
    pollfd waiting{output_.number(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(timeout.count())) <= 0) {
        return std::nullopt;
    }
    std::string bytes(65536, '\0');
    const ssize_t got = ::read(output_.number(), bytes.data(), bytes.size());
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

StdioCluster::StdioCluster(std::vector<std::string> names, std::vector<std::string> arguments)
    : names_(std::move(names)), arguments_(std::move(arguments)) {
    arguments_.insert(arguments_.begin(), "--stdio");
}

bool StdioCluster::start(const std::string& name) {
    const std::map<std::string, std::string> environment{
        {"SQUALL_DATA_DIR", directory_.path() / ("data-" + name)},
        {"SQUALL_TRACE_DIR", directory_.path() / ("trace-" + name)}};
    nodes_[name] = {};
    nodes_[name].process = std::make_unique<StdioProcess>(
        arguments_, environment, directory_.path() / ("stderr-" + name));
    const auto answer = call(name, {{"type", "init"}, {"node_id", name}, {"node_ids", names_}});
    return answer && answer->at("type") == "init_ok";
}

bool StdioCluster::start_all() {
    return std::all_of(
        names_.begin(), names_.end(), [this](const std::string& name) { return start(name); });
}

std::optional<json> StdioCluster::call(const std::string& name,
                                       json body,
                                       std::chrono::milliseconds timeout) {
    const std::uint64_t id = ++last_id_;
    body["msg_id"] = id;
    const json message{{"src", "c1"}, {"dest", name}, {"body", std::move(body)}};
    static_cast<void>(node(name).write(message.dump() + "\n"));
    if (!run_until([&] { return answers_.contains(id); }, timeout)) {
        return std::nullopt;
    }
    return answers_.extract(id).mapped();
}

json StdioCluster::call_any(const json& body) {
    json last;
    static_cast<void>(eventually([&] {
        for (const auto& [name, node] : nodes_) {
            const auto answer = call(name, body, std::chrono::seconds(2));
            if (answer) {
                last = *answer;
                const int code = last.value("code", 0);
                if (code != 11 && code != 13) {
                    return true;
                }
            }
        }
        return false;
    }));
    return last;
}

std::string StdioCluster::await_leader() {
    std::string leader;
    static_cast<void>(eventually([&] {
        const json answer = call_any({{"type", "leader"}});
        if (answer.contains("leader") && answer.at("leader").is_string()) {
            leader = answer.at("leader").get<std::string>();
        }
        return !leader.empty();
    }));
    return leader;
}

bool StdioCluster::run_until(const std::function<bool()>& holds,
                             std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    while (!holds()) {
        if (Clock::now() > deadline) {
            return false;
        }
        pump();
    }
    return true;
}

/// Takes what nodes wrote, or waits a little for it.
void StdioCluster::pump() {
    std::vector<pollfd> waiting;
    std::vector<std::string> names;
    for (const auto& [name, node] : nodes_) {
        waiting.push_back({node.process->output(), POLLIN, 0});
        names.push_back(name);
    }
    ::poll(waiting.data(), waiting.size(), 20);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if ((waiting[i].revents & POLLIN) == 0) {
            continue;
        }
        Node& node = nodes_.at(names[i]);
        node.unfinished += node.process->read(std::chrono::milliseconds(0)).value_or("");
        std::size_t end = 0;
        while ((end = node.unfinished.find('\n')) != std::string::npos) {
            const std::string line = node.unfinished.substr(0, end);
            node.unfinished.erase(0, end + 1);
            route(names[i], line);
        }
    }
}

void StdioCluster::route(const std::string& from, const std::string& line) {
    const json message = json::parse(line, nullptr, false);
    if (!message.is_object() || message.value("src", "") != from || !message.contains("body")) {
        strange_.push_back(line);
        return;
    }
    const std::string to = message.value("dest", "");
    if (to == "c1") {
        const json& body = message.at("body");
        answers_[body.value("in_reply_to", std::uint64_t{0})] = body;
    } else if (std::find(names_.begin(), names_.end(), to) == names_.end()) {
        strange_.push_back(line);
    } else if (nodes_.contains(to) && !cuts_.contains({from, to})) {
        static_cast<void>(node(to).write(line + "\n"));
    }
}

std::string StdioCluster::stderr_text(const std::string& name) const {
    std::ifstream file(directory_.path() / ("stderr-" + name));
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace squall::raft::node::test
