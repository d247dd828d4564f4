// How the nodes of a kind of system are reached: by clients, by one another, and when they start.
// Over sockets (SocketWiring) or over their standard input and output (StdioWiring). Calls return
// at once; news comes through the callbacks, from the io_context or from within a call.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "harness/cluster.hpp"
#include "harness/process/child.hpp"
#include "harness/process/link_proxy.hpp"
#include "harness/run.hpp"

namespace squall::harness::process {

class Wiring {
  public:
    struct News {
        std::function<void(OpId, const Answer&)> answered;
        std::function<void(const Observed&)> observed;
    };

    Wiring() = default;
    Wiring(const Wiring&) = delete;
    Wiring& operator=(const Wiring&) = delete;
    virtual ~Wiring() = default;

    /// How the node is started, but for what the cluster adds. `directory` is its own.
    [[nodiscard]] virtual Command command(NodeId node, const std::string& directory) = 0;

    /// A new life of a node is about to be spawned by this command.
    virtual void spawning(NodeId /*node*/, Command& /*command*/) {}

    /// Asks the nodes how they are, from now on.
    virtual void start() = 0;

    /// Do nodes say who leads? If not, nobody need wait for a leader.
    [[nodiscard]] virtual bool leaders_are_seen() const = 0;

    /// What became of a node.
    enum class Change : std::uint8_t { started, paused, resumed, ended };
    virtual void on_change(NodeId node, Change change) = 0;

    virtual void invoke(const Invocation& invocation) = 0;
    virtual void abandon(OpId op) = 0;

    /// Reads all links, then puts the rules in force, then calls back, later.
    virtual void apply_links(std::map<nemesis::Link, nemesis::LinkRule> rules,
                             std::function<void(LinkReadings)> done) = 0;

    /// How late its own threads were at worst, since this was last asked.
    [[nodiscard]] virtual Duration take_lag() { return {}; }

    /// What the wiring itself has seen go wrong, at the end.
    [[nodiscard]] virtual std::vector<checker::Check> checks() const { return {}; }
};

}  // namespace squall::harness::process
