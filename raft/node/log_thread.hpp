// The thread that makes things durable: takes all writes that are queued, lets the storage write
// them together (group commit) and tells the Raft loop how far it got.
//
// A storage that fails ends the process at once: after a failed fsync nothing is known.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "raft/node/inbox.hpp"
#include "raft/node/metrics.hpp"
#include "raft/persist.hpp"
#include "raft/storage/storage.hpp"

namespace squall::raft::node {

class LogThread {
  public:
    /// Beyond it the Raft loop takes nothing new from peers and clients, see `backlogged`.
    static constexpr std::size_t max_bytes = limits::log_queue_bytes;

    /// Starts the thread. Everything referred to outlives this.
    LogThread(storage::Storage& storage, Inbox& inbox, Metrics& metrics);

    /// Writes what is queued, then joins.
    ~LogThread();

    LogThread(const LogThread&) = delete;
    LogThread& operator=(const LogThread&) = delete;

    /// Never blocks. In order, confirmed through the inbox.
    void submit(std::vector<Persist> writes);

    [[nodiscard]] std::size_t waiting_bytes() const { return bytes_.load(); }

    [[nodiscard]] bool backlogged() const { return waiting_bytes() > max_bytes; }

  private:
    void run();

    storage::Storage& storage_;
    Inbox& inbox_;
    Metrics& metrics_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Persist> queue_;
    bool stopping_ = false;
    std::atomic<std::size_t> bytes_ = 0;  ///< Queued or being written.
    std::thread thread_;                  ///< Last: uses all of the above.
};

}  // namespace squall::raft::node
