// Carries each operation to the nodes as Attempts says and its answer back, over one connection per
// logical client and node. A client whose operation ended in doubt loses its connections, so
// that nothing which still comes can be taken for another answer. Judges no outcome itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "harness/attempts.hpp"
#include "harness/process/client_connection.hpp"

namespace squall::harness::process {

class Courier {
  public:
    using OnAnswer = std::function<void(OpId, const Answer&)>;

    /// All references must outlive it. `on_answer` is called from the io_context.
    Courier(boost::asio::io_context& io,
            const systems::SocketSystem& system,
            std::map<NodeId, Endpoint> nodes,
            OnAnswer on_answer);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    void invoke(const Invocation& invocation);
    void abandon(OpId op);

  private:
    struct Open {
        Attempts attempts;
        std::uint64_t request = 0;  ///< Of the latest attempt; an older reply is not heard.
        NodeId node = 0;
    };

    using Key = std::pair<ClientId, NodeId>;

    void take(OpId op, const Attempts::Step& step);
    void send(OpId op, NodeId node);
    void on_received(const systems::FromNode& message);
    void on_closed(Key key, bool refused);
    void disconnect(ClientId client);
    [[nodiscard]] ClientConnection& connection(Key key);

    boost::asio::io_context& io_;
    const systems::SocketSystem& system_;
    std::map<NodeId, Endpoint> nodes_;
    OnAnswer on_answer_;
    std::uint64_t next_request_ = 1;
    std::unordered_map<OpId, Open> open_;
    std::unordered_map<std::uint64_t, OpId> by_request_;
    std::map<ClientId, OpId> by_client_;
    std::map<Key, std::shared_ptr<ClientConnection>> connections_;
};

}  // namespace squall::harness::process
