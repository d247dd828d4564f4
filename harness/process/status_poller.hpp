// Asks every node for its role, again and again, and passes on what each says of itself or that it
// does not answer. Never blocks, and never has more than one question open at a node.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "harness/process/client_connection.hpp"

namespace squall::harness::process {

class StatusPoller {
  public:
    using OnObserved = std::function<void(const Observed&)>;

    /// All references must outlive it. `on_observed` is called from the io_context, about ten times
    /// a second and node, twenty while no leader is known.
    StatusPoller(boost::asio::io_context& io,
                 const systems::SocketSystem& system,
                 const std::map<NodeId, Endpoint>& nodes,
                 OnObserved on_observed);
    ~StatusPoller();
    StatusPoller(const StatusPoller&) = delete;
    StatusPoller& operator=(const StatusPoller&) = delete;

    void start();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::harness::process
