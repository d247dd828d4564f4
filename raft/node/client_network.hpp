// All traffic with clients, on the network thread: requests go to the inbox, replies come back by
// token. A client that has too many requests open, or does not read its replies, is not read from
// until it catches up; a full inbox answers `overloaded`. What all clients together make the node
// hold is bounded, too: see limits.hpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "raft/node/inbox.hpp"
#include "raft/node/listener.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"
#include "raft/server/client_protocol.hpp"

namespace squall::raft::node {

class ClientNetwork {
  public:
    /// Binds at once; throws std::runtime_error, in words. `status` makes the JSON of a status
    /// reply.
    ClientNetwork(boost::asio::io_context& io,
                  const Options& options,
                  Inbox& inbox,
                  std::function<std::string()> status,
                  Metrics& metrics);

    void start();

    /// Sends replies to whoever asked, as far as they are still there.
    void deliver(std::vector<server::ClientReply> replies);

    /// Accepts no new connections and reads no new requests; open ones are still answered.
    void stop_reading();

    /// Nothing is open and nothing unsent.
    [[nodiscard]] bool idle() const { return open_.empty() && unsent_bytes_ == 0; }

    [[nodiscard]] Address address() const { return listener_.address(); }

    [[nodiscard]] std::size_t open_requests() const { return open_.size(); }

    [[nodiscard]] std::size_t clients() const { return clients_.size(); }

    /// Queued for clients and not yet taken by the kernel. May be read from any thread.
    [[nodiscard]] const std::atomic<std::size_t>& unsent_bytes() const { return unsent_bytes_; }

    /// Of requests that have not come whole.
    [[nodiscard]] std::size_t partial_bytes() const { return partial_bytes_; }

  private:
    using ClientId = GuestId;

    struct Client {
        std::shared_ptr<Connection> connection;
        std::size_t open = 0;
        std::size_t unsent = 0;   ///< Its share of unsent_bytes_.
        std::size_t partial = 0;  ///< Its share of partial_bytes_.
        bool paused = false;
    };

    /// Who awaits the reply to a token.
    struct Waiting {
        ClientId client = 0;
        std::uint64_t request_id = 0;
    };

    void accepted(const std::shared_ptr<Connection>& connection, ClientId id);
    void closed(ClientId id);
    [[nodiscard]] bool receive(ClientId id, std::string_view payload);
    void refuse(ClientId id, Client& client, std::uint64_t request_id);
    void reply(Client& client, std::uint64_t request_id, server::Reply reply);
    void settle(ClientId id, Client& client);
    void adjust_reading(Client& client) const;
    void limit_partial(ClientId id);

    Inbox& inbox_;
    std::function<std::string()> status_;
    Metrics& metrics_;
    Listener listener_;
    std::map<ClientId, Client> clients_;
    std::unordered_map<server::RequestToken, Waiting> open_;
    server::RequestToken last_token_ = 0;
    std::size_t partial_bytes_ = 0;
    std::size_t fair_partial_bytes_;
    std::atomic<std::size_t> unsent_bytes_ = 0;
    bool stopping_ = false;
};

}  // namespace squall::raft::node
