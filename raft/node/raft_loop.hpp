// The thread that owns the replica: hands it everything that waits, then carries out what follows
// from it, in the order persist, trace, send. Nobody else touches the server.
//
// Invariant: an event is in the trace file before anything that others can see because of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

#include "raft/node/inbox.hpp"
#include "raft/node/log_thread.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/outbox.hpp"
#include "raft/node/status.hpp"
#include "raft/node/trace_writer.hpp"
#include "raft/server/server.hpp"

namespace squall::raft::node {

class RaftLoop {
  public:
    /// What the loop works with; all of it outlives the loop.
    struct Parts {
        Inbox& inbox;
        LogThread& log;
        Outbox& outbox;
        TraceWriter* trace;  ///< Null: no trace.
        StatusBoard& status;
        Metrics& metrics;
        /// What clients have not taken yet; written by the network thread.
        const std::atomic<std::size_t>& client_unsent_bytes;
    };

    /// Starts the thread.
    RaftLoop(NodeId id, server::Server server, const Parts& parts);

    /// Closes the inbox and joins.
    ~RaftLoop();

    RaftLoop(const RaftLoop&) = delete;
    RaftLoop& operator=(const RaftLoop&) = delete;

  private:
    void run();
    void step(std::vector<server::Input> inputs);
    [[nodiscard]] std::size_t reply_room() const;
    void note(const std::vector<TraceEvent>& events);

    NodeId id_;
    server::Server server_;
    Parts parts_;
    std::thread thread_;  ///< Last: uses all of the above.
};

}  // namespace squall::raft::node
