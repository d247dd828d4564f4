// What waits for the Raft loop: messages of peers, requests of clients, confirmations of the log
// thread. Many threads push, one takes everything at once.
//
// Bounded: peers and clients each have a limit in bytes (one item always fits); beyond it a push is
// refused and whoever pushed decides what that means.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "raft/server/server.hpp"

namespace squall::raft::node {

class Inbox {
  public:
    /// Per kind. Bounds what a step can be handed and so how long it takes.
    static constexpr std::size_t max_bytes = limits::inbox_bytes;

    /// Never blocks. `bytes` is how large the item was on the wire; it counts for that and for its
    /// place here, which for small ones is more. False: full, nothing was taken.
    [[nodiscard]] bool push_peer(Envelope envelope, std::size_t bytes);
    [[nodiscard]] bool push_client(server::ClientInput request, std::size_t bytes);

    /// Never blocks, is never refused: confirmations replace each other.
    void push_persisted(PersistId id);

    /// `take` yields nothing from now on.
    void close();

    /// Waits for input, but not beyond `deadline`; a tick stands for "nothing came". With
    /// `persisted_only` peers and clients are left waiting. Nothing: closed.
    [[nodiscard]] std::optional<std::vector<server::Input>> take(Time deadline,
                                                                 bool persisted_only);

    /// Bytes waiting, of peers and of clients.
    [[nodiscard]] std::size_t waiting_bytes() const;

  private:
    template <typename Item>
    [[nodiscard]] bool push(Item item, std::size_t bytes, std::size_t& total);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<server::Input> inputs_;
    std::size_t peer_bytes_ = 0;
    std::size_t client_bytes_ = 0;
    std::optional<PersistId> persisted_;
    bool closed_ = false;
};

}  // namespace squall::raft::node
