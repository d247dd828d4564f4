// The key-value labs' cluster (MIT 6.824, labs 3A and 3B) in virtual time: servers with sessions
// and snapshots, clerks that try one server after the other until they are answered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "history/operation.hpp"
#include "raft/server/server.hpp"
#include "tests/raft/mit/fleet.hpp"
#include "tests/raft/mit/lab.hpp"
#include "tests/raft/mit/measured.hpp"

namespace squall::raft::mit {

class KvLab {
  public:
    using Replied = std::function<void(const server::Reply&)>;

    /// A client: one request at a time, with a session of its own.
    class Clerk {
      public:
        Clerk(KvLab& lab, std::uint64_t session) : lab_(lab), session_(session) {}

        /// Tries until it is answered; calls `done` then.
        void call(server::Operation operation, std::string key, std::string value, Replied done);

        /// Only these answer it; empty: all do.
        std::set<NodeId> reach;

        [[nodiscard]] bool busy() const { return done_ != nullptr; }

        // The same, and waits: at most 10 s, else Failed.
        void put(const std::string& key, const std::string& value);
        void append(const std::string& key, const std::string& value);
        [[nodiscard]] std::string get(const std::string& key);

      private:
        friend class KvLab;

        void try_next(NodeId hint);
        void on_reply(std::uint64_t token, const server::Reply& reply);
        std::string wait(server::Operation operation,
                         const std::string& key,
                         const std::string& value);

        KvLab& lab_;
        std::uint64_t session_;
        std::uint64_t sequence_ = 0;
        NodeId target_ = 1;
        std::uint64_t attempt_ = 0;  ///< Replies to others are stale.
        server::Request request_;
        Replied done_;
        std::size_t operation_ = 0;  ///< In the lab's history.
    };

    KvLab(std::size_t servers, const LabOptions& options);
    ~KvLab();
    KvLab(const KvLab&) = delete;
    KvLab& operator=(const KvLab&) = delete;

    Fleet fleet;
    Measures measures;

    [[nodiscard]] Clerk& clerk();

    void sleep(Duration duration) { fleet.sleep(duration); }

    /// Until it is so; Failed after `limit`.
    void wait_until(const std::function<bool()>& condition, Duration limit, const char* what);

    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    [[nodiscard]] NodeId leader();
    void crash_all();
    void start_all();
    /// Two random parts.
    void repartition();
    void heal();

    /// Of the largest log and the largest snapshot, now.
    [[nodiscard]] double log_bytes() const;
    [[nodiscard]] double snapshot_bytes() const;

    /// Everything that clerks asked and got.
    [[nodiscard]] const std::vector<history::Operation>& history() const { return history_; }

  private:
    class Store;

    void send(Clerk& clerk, NodeId id, std::uint64_t attempt);
    void deliver(NodeId id, const server::ClientReply& reply);

    std::uint64_t seed_;
    std::uint64_t draws_ = 0;
    std::uint64_t tokens_ = 0;
    std::uint64_t events_ = 0;
    std::map<NodeId, std::uint64_t> lives_;
    std::vector<std::unique_ptr<Clerk>> clerks_;

    struct Waiting {
        Clerk* clerk = nullptr;
        std::uint64_t attempt = 0;
    };

    std::map<server::RequestToken, Waiting> waiting_;
    std::vector<history::Operation> history_;
};

}  // namespace squall::raft::mit
