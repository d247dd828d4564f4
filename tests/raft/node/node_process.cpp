#include "tests/raft/node/node_process.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <random>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

namespace squall::raft::node::test {

bool eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "raft-node-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make " + name);
    }
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

NodeProcess::NodeProcess(const std::vector<std::string>& arguments,
                         std::filesystem::path stderr_file,
                         std::size_t max_descriptors,
                         const Surroundings& surroundings)
    : stderr_file_(std::move(stderr_file)) {
    std::vector<std::string> texts{RAFT_NODE_PROGRAM};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& text : texts) {
        argv.push_back(text.data());
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("cannot fork");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int file = ::open(stderr_file_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
        ::dup2(file, STDERR_FILENO);
        if (surroundings.input >= 0) {
            ::dup2(surroundings.input, STDIN_FILENO);
        }
        if (surroundings.output >= 0) {
            ::dup2(surroundings.output, STDOUT_FILENO);
        }
        for (const auto& [name, value] : surroundings.environment) {
            ::setenv(name.c_str(), value.c_str(), 1);
        }
        const rlimit limit{max_descriptors, max_descriptors};
        if (max_descriptors != 0 && ::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            ::_exit(126);
        }
        ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
}

NodeProcess::~NodeProcess() {
    if (!status_) {
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void NodeProcess::signal(int number) const {
    if (!status_) {
        ::kill(pid_, number);
    }
}

bool NodeProcess::running() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        status_ = status;
    }
    return !status_;
}

std::optional<int> NodeProcess::wait() {
    static_cast<void>(eventually([this] { return !running(); }));
    return status_;
}

std::string NodeProcess::stderr_text() const {
    std::ifstream file(stderr_file_);
    return {std::istreambuf_iterator<char>(file), {}};
}

TestCluster::TestCluster(NodeId nodes, std::vector<std::string> extra_arguments)
    : nodes_(nodes), extra_arguments_(std::move(extra_arguments)) {
    std::random_device device;
    prefix_ = fmt::format("127.{}.{}.", 1 + device() % 250, 1 + device() % 250);
}

std::string TestCluster::host(NodeId id) const {
    return prefix_ + std::to_string(id);
}

std::filesystem::path TestCluster::data_directory(NodeId id) const {
    return directory_.path() / ("data-" + std::to_string(id));
}

std::filesystem::path TestCluster::trace_directory(NodeId id) const {
    return directory_.path() / ("trace-" + std::to_string(id));
}

std::vector<std::string> TestCluster::arguments(NodeId id) const {
    std::string peers;
    for (NodeId peer = 1; peer <= nodes_; ++peer) {
        peers += fmt::format("{}{}={}:{}", peer == 1 ? "" : ",", peer, host(peer), peer_port);
    }
    std::vector<std::string> arguments{"--id",
                                       std::to_string(id),
                                       "--peers",
                                       peers,
                                       "--listen-peer",
                                       fmt::format("{}:{}", host(id), peer_port),
                                       "--listen-client",
                                       fmt::format("{}:{}", host(id), client_port),
                                       "--data",
                                       data_directory(id).string(),
                                       "--trace",
                                       trace_directory(id).string()};
    arguments.insert(arguments.end(), extra_arguments_.begin(), extra_arguments_.end());
    return arguments;
}

void TestCluster::start(NodeId id) {
    processes_[id].reset();
    processes_[id] = std::make_unique<NodeProcess>(
        arguments(id), directory_.path() / ("stderr-" + std::to_string(id)));
}

void TestCluster::start_all() {
    for (NodeId id = 1; id <= nodes_; ++id) {
        start(id);
    }
}

void TestCluster::kill(NodeId id) {
    processes_.at(id).reset();
}

}  // namespace squall::raft::node::test
