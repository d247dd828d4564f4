// Real raft-node processes for tests: a cluster on addresses of its own in 127.0.0.0/8, with ports
// outside the ephemeral range, so that a restarted node finds its address free. Everything is
// killed and removed with the objects.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "raft/types.hpp"

namespace squall::raft::node::test {

/// Generous: tests run on loaded machines and under sanitizers. Nothing waits so long when it
/// works.
inline constexpr auto patience = std::chrono::seconds(20);

/// Tries again every few milliseconds until it holds. False: it never did.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

/// A directory that goes with the object.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// One process, its stderr in a file.
class NodeProcess {
  public:
    /// What differs from this process; -1: nothing.
    struct Surroundings {
        std::map<std::string, std::string> environment;
        int input = -1;
        int output = -1;
    };

    /// `max_descriptors`: its limit of open files; 0: as for this process.
    NodeProcess(const std::vector<std::string>& arguments,
                std::filesystem::path stderr_file,
                std::size_t max_descriptors = 0,
                const Surroundings& surroundings = {{}, -1, -1});
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    void signal(int number) const;

    /// The exit status (as of waitpid) once the process has ended; nothing when it does not.
    [[nodiscard]] std::optional<int> wait();

    [[nodiscard]] bool running();

    [[nodiscard]] pid_t pid() const { return pid_; }

    [[nodiscard]] std::string stderr_text() const;

  private:
    std::filesystem::path stderr_file_;
    pid_t pid_ = -1;
    std::optional<int> status_;
};

/// Nodes 1 to n of one cluster, each in a directory of its own.
class TestCluster {
  public:
    TestCluster(NodeId nodes, std::vector<std::string> extra_arguments);

    void start(NodeId id);
    void start_all();
    void kill(NodeId id);

    [[nodiscard]] NodeProcess& process(NodeId id) { return *processes_.at(id); }

    [[nodiscard]] std::string host(NodeId id) const;

    [[nodiscard]] NodeId size() const { return nodes_; }

    [[nodiscard]] std::filesystem::path data_directory(NodeId id) const;
    [[nodiscard]] std::filesystem::path trace_directory(NodeId id) const;

    /// What starts node `id`, without the program's name.
    [[nodiscard]] std::vector<std::string> arguments(NodeId id) const;

    static constexpr std::uint16_t peer_port = 7000;
    static constexpr std::uint16_t client_port = 7001;

  private:
    NodeId nodes_;
    std::vector<std::string> extra_arguments_;
    std::string prefix_;  ///< "127.a.b."
    TemporaryDirectory directory_;
    std::map<NodeId, std::unique_ptr<NodeProcess>> processes_;
};

}  // namespace squall::raft::node::test
