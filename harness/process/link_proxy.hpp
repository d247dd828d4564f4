// The message proxy: one listener per directed link, through which the sending node dials the
// receiving one. Frames (docs/protocol.md) travel whole, from the dialler to the dialled only, and
// obey the link's rule. The first frame of a connection, the hello, always passes.
//
// What happens to messages on the way (docs/fault-model.md):
// - A cut drops what arrives and what is queued here; what the kernel has already been given for
//   the receiver is delivered. Connections stay up, as in a network that swallows packets.
// - Healing restores nothing that was dropped; delayed messages keep the time they were given.
// - A link whose receiver is slow stops reading, so that the sender feels it as TCP would make it
//   feel: nothing is lost but by a rule, and the queue is bounded.
// - When either side closes, so does the other; what the sender had sent before is delivered first.
//   A receiver that cannot be reached closes the sender's connection at once.
//
// Belongs to the thread that runs its io_context.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "harness/process/addresses.hpp"
#include "harness/process/link_queue.hpp"
#include "nemesis/fault.hpp"

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

using LinkReadings = std::map<nemesis::Link, LinkCounters>;

struct Route {
    nemesis::Link link;
    Endpoint listen;
    Endpoint target;
};

class LinkProxy {
  public:
    /// Listens on every route. Throws Failure when an address cannot be had.
    LinkProxy(boost::asio::io_context& io, const std::vector<Route>& routes, std::uint64_t seed);
    ~LinkProxy();
    LinkProxy(const LinkProxy&) = delete;
    LinkProxy& operator=(const LinkProxy&) = delete;

    void set_rule(nemesis::Link link, const nemesis::LinkRule& rule);

    /// Does the node run, neither killed nor paused? True at first. A message that is cut on its
    /// way to a node that is down or paused is not counted: that node's own fault, not the cut,
    /// keeps it from being heard. Nothing need be said of senders: those that do not run send
    /// nothing.
    void set_running(history::NodeId node, bool running);

    [[nodiscard]] LinkReadings readings() const;

  private:
    class Lane;
    class Connection;
    std::map<nemesis::Link, std::shared_ptr<Lane>> lanes_;
};

}  // namespace squall::harness::process
