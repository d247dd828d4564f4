// Servers wired together in memory, with storage on disks in memory: virtual time, messages that
// arrive at once or not at all, writes that are durable in the next round.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "raft/server/server.hpp"
#include "raft/storage/memory_disk.hpp"
#include "raft/storage/storage.hpp"

namespace squall::raft::server {

class Cluster {
  public:
    explicit Cluster(NodeId size, const ServerConfig& config = {}, zoo::Bugs bugs = {})
        : config_(config) {
        config_.core.bugs = bugs;
        for (NodeId id = 1; id <= size; ++id) {
            config_.core.voters.push_back(id);
        }
        for (NodeId id = 1; id <= size; ++id) {
            start(id);
        }
    }

    void start(NodeId id) {
        Node& node = nodes_[id];
        storage::StorageConfig storage_config;
        storage_config.node = id;
        storage_config.segment_bytes = 4096;
        node.storage = std::make_unique<storage::Storage>(node.disk, storage_config);
        ServerConfig config = config_;
        config.core.id = id;
        config.core.seed = id * 1000 + ++starts_;
        node.server.emplace(config, node.storage->take_recovered(), now_);
        node.inbox.clear();
    }

    void kill(NodeId id) {
        nodes_[id].server.reset();
        nodes_[id].storage.reset();
        nodes_[id].disk.crash({storage::CrashPolicy::Unsynced::drop, 0});
    }

    /// Messages from and to `id` are lost from now on.
    void isolate(NodeId id) { isolated_.insert(id); }

    void heal() { isolated_.clear(); }

    /// What a node may put into the values of one step's replies.
    void limit_replies(std::size_t bytes) { reply_room_ = bytes; }

    RequestToken send(NodeId id, Request request) {
        nodes_[id].inbox.emplace_back(ClientInput{++tokens_, std::move(request)});
        return tokens_;
    }

    /// One millisecond of everyone.
    void round() {
        now_ += std::chrono::milliseconds(1);
        for (auto& [id, node] : nodes_) {
            if (node.server) {
                carry_out(
                    id, node, node.server->step(now_, std::exchange(node.inbox, {}), reply_room_));
            }
        }
    }

    /// Rounds until `done`, at most ten seconds; whether it was.
    template <typename Condition>
    bool run_until(const Condition& done) {
        for (int rounds = 0; rounds < 10000; ++rounds) {
            if (done()) {
                return true;
            }
            round();
        }
        return false;
    }

    void run(int rounds) {
        for (; rounds > 0; --rounds) {
            round();
        }
    }

    [[nodiscard]] std::optional<NodeId> leader() const {
        for (const auto& [id, node] : nodes_) {
            if (node.server && !isolated_.contains(id) &&
                node.server->status().role == Role::leader) {
                return id;
            }
        }
        return std::nullopt;
    }

    /// A leader that a client can write to; 0 after ten seconds without.
    NodeId elect() {
        run_until([&] { return leader().has_value(); });
        return leader().value_or(no_node);
    }

    [[nodiscard]] std::optional<Reply> reply(RequestToken token) const {
        const auto found = replies_.find(token);
        return found == replies_.end() ? std::nullopt : std::optional(found->second);
    }

    /// Sends and waits.
    std::optional<Reply> ask(NodeId id, Request request) {
        const RequestToken token = send(id, std::move(request));
        run_until([&] { return reply(token).has_value(); });
        return reply(token);
    }

    [[nodiscard]] const Server& server(NodeId id) const { return *nodes_.at(id).server; }

    [[nodiscard]] const std::vector<TraceEvent>& trace(NodeId id) const {
        return nodes_.at(id).trace;
    }

    [[nodiscard]] std::uint64_t duplicate_replies() const { return duplicate_replies_; }

  private:
    struct Node {
        storage::MemoryDisk disk;
        std::unique_ptr<storage::Storage> storage;
        std::optional<Server> server;
        std::vector<Input> inbox;
        std::vector<TraceEvent> trace;
    };

    void carry_out(NodeId id, Node& node, Output output) {
        if (!output.persist.empty()) {
            node.storage->write(output.persist);
            node.inbox.emplace_back(PersistedInput{output.persist.back().id});
        }
        for (TraceEvent& event : output.trace) {
            node.trace.push_back(std::move(event));
        }
        for (Envelope& envelope : output.messages) {
            Node& to = nodes_[envelope.to];
            if (to.server && !isolated_.contains(id) && !isolated_.contains(envelope.to)) {
                to.inbox.emplace_back(PeerInput{std::move(envelope)});
            }
        }
        for (ClientReply& reply : output.replies) {
            if (!replies_.emplace(reply.token, std::move(reply.reply)).second) {
                ++duplicate_replies_;
            }
        }
    }

    ServerConfig config_;
    std::map<NodeId, Node> nodes_;
    std::set<NodeId> isolated_;
    std::map<RequestToken, Reply> replies_;
    std::uint64_t duplicate_replies_ = 0;
    std::size_t reply_room_ = std::numeric_limits<std::size_t>::max();
    RequestToken tokens_ = 0;
    std::uint64_t starts_ = 0;
    Time now_{};
};

}  // namespace squall::raft::server
