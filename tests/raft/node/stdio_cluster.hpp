// Plays Maelstrom for raft-node processes: pipes to each, a router between them, a client. One
// thread; messages travel while a call waits for something.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/raft/node/node_process.hpp"

namespace squall::raft::node::test {

/// One end of a pipe.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}

    ~Descriptor() { close(); }

    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;

    [[nodiscard]] int number() const { return number_; }

    void close();

  private:
    int number_;
};

/// One process and its pipes.
class StdioProcess {
  public:
    StdioProcess(const std::vector<std::string>& arguments,
                 const std::map<std::string, std::string>& environment,
                 std::filesystem::path stderr_file);

    /// False: nobody reads there any more.
    bool write(std::string_view bytes) const;

    /// What is there within `timeout`; empty at the end of the output.
    [[nodiscard]] std::optional<std::string> read(std::chrono::milliseconds timeout) const;

    void close_input() { input_.close(); }

    void close_output() { output_.close(); }

    /// As the file that its output is; -1 once closed.
    [[nodiscard]] int output() const { return output_.number(); }

    [[nodiscard]] NodeProcess& process() { return *process_; }

  private:
    Descriptor input_;
    Descriptor output_;
    std::unique_ptr<NodeProcess> process_;
};

class StdioCluster {
  public:
    StdioCluster(std::vector<std::string> names, std::vector<std::string> arguments);

    /// Starts the process and waits for its init_ok. Its data is what its earlier life left.
    [[nodiscard]] bool start(const std::string& name);
    [[nodiscard]] bool start_all();

    void kill(const std::string& name) { nodes_.erase(name); }

    /// The body of the answer; nothing: none came within `timeout`.
    [[nodiscard]] std::optional<nlohmann::json> call(const std::string& name,
                                                     nlohmann::json body,
                                                     std::chrono::milliseconds timeout = patience);

    /// Asks one node after the other until one answers with neither error 11 nor 13.
    [[nodiscard]] nlohmann::json call_any(const nlohmann::json& body);

    /// Who leads, once somebody says so; empty: nobody ever does.
    [[nodiscard]] std::string await_leader();

    /// Messages between the two do not travel.
    void cut(const std::string& from, const std::string& to) { cuts_.emplace(from, to); }

    void heal() { cuts_.clear(); }

    /// Lets messages travel until it holds. False: it never did.
    [[nodiscard]] bool run_until(const std::function<bool()>& holds,
                                 std::chrono::milliseconds timeout = patience);

    [[nodiscard]] StdioProcess& node(const std::string& name) { return *nodes_.at(name).process; }

    [[nodiscard]] std::string stderr_text(const std::string& name) const;

    [[nodiscard]] std::filesystem::path directory() const { return directory_.path(); }

    /// Lines that are no message, not in their sender's name, or to nobody.
    [[nodiscard]] const std::vector<std::string>& strange_lines() const { return strange_; }

  private:
    struct Node {
        std::unique_ptr<StdioProcess> process;
        std::string unfinished;  ///< The beginning of its next line.
    };

    void pump();
    void route(const std::string& from, const std::string& line);

    std::vector<std::string> names_;
    std::vector<std::string> arguments_;
    TemporaryDirectory directory_;
    std::map<std::string, Node> nodes_;
    std::set<std::pair<std::string, std::string>> cuts_;
    std::map<std::uint64_t, nlohmann::json> answers_;
    std::vector<std::string> strange_;
    std::uint64_t last_id_ = 0;
};

}  // namespace squall::raft::node::test
