// What the commands of a scenario do: time and messages in player.cpp, set-up and everything else
// that goes in in inputs.cpp, questions and the table of commands in questions.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/raft/scenarios/script.hpp"
#include "tests/raft/scenarios/world.hpp"

namespace squall::raft::test {

class Player {
  public:
    Player();

    /// Throws ScriptError.
    void execute(const Command& command);

    /// What was told since the last time.
    [[nodiscard]] std::string take_output();

    static constexpr std::uint64_t most_nodes = 9;

  private:
    enum class Show : std::uint8_t { nothing, events, messages };

    // player.cpp
    void campaign(const Command& command);
    void advance(const Command& command);
    void idle(const Command& command);
    void deliver(const Command& command);
    void drop(const Command& command);
    void stabilize(const Command& command);

    // inputs.cpp
    void cluster(const Command& command);
    void node(const Command& command);
    void start(const Command& command);
    void crash(const Command& command);
    void propose(const Command& command);
    void request(const Command& command);
    void read(const Command& command);
    void snapshot(const Command& command);
    void disk(const Command& command);
    void persist(const Command& command);
    void show(const Command& command);

    // questions.cpp
    void answer(const Command& command, std::string (*line_of)(const Node&));
    void progress(const Command& command);
    void in_flight(const Command& command);

    [[nodiscard]] Node& known(const Command& command, std::uint64_t id);
    [[nodiscard]] Node& running(const Command& command, std::uint64_t id);
    /// The positional words from `from` on; all nodes when there are none.
    [[nodiscard]] std::vector<NodeId> named(const Command& command, std::size_t from = 0);
    /// Takes the matching messages out of the network, or copies them, in their order.
    [[nodiscard]] std::vector<Envelope> pick(const Command& command, bool keep);
    void settle(Node& node);
    void say(NodeId node, const std::string& what);
    void line(const std::string& text);

    World world_;
    CoreConfig config_;
    Show show_ = Show::events;
    std::string output_;
};

}  // namespace squall::raft::test
