// The link proxy on a thread of its own, so that the nodes' traffic does not wait for the clients'.
// Everything is handed over as messages: rules go there by post, readings come back by post to the
// controller's io_context. Owns no decision.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "harness/process/link_proxy.hpp"

namespace squall::harness::process {

class LinkThread {
  public:
    /// Listens on all routes before it returns. Throws Failure. `controller` must outlive it. If
    /// the proxy fails later, a handler on `controller` throws the Failure.
    LinkThread(boost::asio::io_context& controller,
               const std::vector<Route>& routes,
               std::uint64_t seed);

    /// Stops and joins the thread. Calls that are still on their way back are forgotten.
    ~LinkThread();
    LinkThread(const LinkThread&) = delete;
    LinkThread& operator=(const LinkThread&) = delete;

    /// Reads the counters, then puts the rules in force, then calls `done` on the controller.
    void apply(std::map<nemesis::Link, nemesis::LinkRule> rules,
               std::function<void(LinkReadings)> done);

    void set_running(history::NodeId node, bool running);

    /// How late the thread's own timers were at worst, since this was last asked. From any thread.
    [[nodiscard]] history::Duration take_lag();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::harness::process
