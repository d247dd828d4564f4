#include "raft/node/node.hpp"

#include <csignal>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <pthread.h>

#include "raft/node/client_network.hpp"
#include "raft/node/descriptors.hpp"
#include "raft/node/event_log.hpp"
#include "raft/node/inbox.hpp"
#include "raft/node/log_thread.hpp"
#include "raft/node/outbox.hpp"
#include "raft/node/peer_network.hpp"
#include "raft/node/raft_loop.hpp"
#include "raft/node/status.hpp"
#include "raft/node/trace_writer.hpp"
#include "raft/storage/posix_disk.hpp"

namespace squall::raft::node {

namespace {

/// How often a stopping node looks whether everything has been answered.
constexpr auto stop_poll = std::chrono::milliseconds(2);

[[nodiscard]] const std::string& made(const std::string& directory) {
    std::filesystem::create_directories(directory);
    return directory;
}

/// Members stand in the order in which they need each other: the threads come last, so that they
/// are joined first.
class Node {
  public:
    explicit Node(Options options);

    void run();

  private:
    void stop(int signal);
    void stop_when_idle(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] std::string status() const;

    Options options_;
    Metrics metrics_;
    StatusBoard board_;
    Inbox inbox_;
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_{io_, SIGTERM, SIGINT};
    boost::asio::steady_timer stop_timer_{io_};
    Outbox outbox_;
    PeerNetwork peers_;
    ClientNetwork clients_;
    storage::PosixDisk disk_;
    storage::Storage storage_;
    std::optional<TraceWriter> trace_;
    std::optional<server::Server> server_;  ///< Until the loop has it.
    std::optional<LogThread> log_;
    std::optional<RaftLoop> loop_;
};

Node::Node(Options options)
    : options_(std::move(options)),
      outbox_(
          [this] {
              boost::asio::post(io_, [this] {
                  Outgoing outgoing = outbox_.take();
                  peers_.send(outgoing.messages);
                  clients_.deliver(std::move(outgoing.replies));
              });
          },
          metrics_),
      peers_(io_, options_, inbox_, metrics_),
      clients_(
          io_, options_, inbox_, [this] { return status(); }, metrics_),
      disk_(made(options_.data_directory)),
      storage_(disk_, options_.storage) {
    if (options_.trace_directory) {
        trace_.emplace(*options_.trace_directory, options_.id);
    }
    server_.emplace(options_.server, storage_.take_recovered(), monotonic_now());
}

void Node::run() {
    log_raw(fmt::format("listening peer={} client={}\n",
                        to_string(peers_.address()),
                        to_string(clients_.address())));
    log_.emplace(storage_, inbox_, metrics_);
    const RaftLoop::Parts parts{inbox_,
                                *log_,
                                outbox_,
                                trace_ ? &*trace_ : nullptr,
                                board_,
                                metrics_,
                                clients_.unsent_bytes()};
    loop_.emplace(options_.id, std::move(*server_), parts);
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (!error) {
            stop(signal);
        }
    });
    peers_.start();
    clients_.start();
    ::pthread_setname_np(::pthread_self(), "raft-net");
    io_.run();
    loop_.reset();
    log_.reset();
    log_event(options_.id, "stopped");
}

void Node::stop(int signal) {
    log_event(options_.id, fmt::format("stopping signal={}", signal));
    // A second signal finds the default action: the end, at once.
    boost::system::error_code ignored;
    signals_.clear(ignored);
    peers_.stop_accepting();
    clients_.stop_reading();
    stop_when_idle(std::chrono::steady_clock::now() + options_.stop_grace);
}

void Node::stop_when_idle(std::chrono::steady_clock::time_point deadline) {
    if (clients_.idle() || std::chrono::steady_clock::now() >= deadline) {
        io_.stop();
        return;
    }
    stop_timer_.expires_after(stop_poll);
    stop_timer_.async_wait(
        [this, deadline](const boost::system::error_code&) { stop_when_idle(deadline); });
}

std::string Node::status() const {
    return status_json(board_.read(),
                       trace_ ? trace_->incarnation() : 0,
                       metrics_,
                       {{"clients", clients_.clients()},
                        {"clients_max", options_.max_clients},
                        {"client_partial_bytes", clients_.partial_bytes()},
                        {"log_tails_repaired", storage_.repaired_tails()},
                        {"open_requests", clients_.open_requests()},
                        {"inbox_bytes", inbox_.waiting_bytes()},
                        {"outbox_bytes", outbox_.waiting_bytes()},
                        {"outbox_reply_bytes", outbox_.reply_bytes()},
                        {"client_unsent_bytes", clients_.unsent_bytes()},
                        {"peer_unsent_bytes", peers_.unsent_bytes()},
                        {"log_queue_bytes", log_->waiting_bytes()}});
}

[[nodiscard]] std::uint64_t drawn_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

/// Ends the process when not even one client could be served.
void fit_into_descriptors(Options& options) {
    const std::size_t descriptors = raise_descriptor_limit();
    const std::size_t clients =
        affordable_clients(options.max_clients, descriptors, options.peers.size());
    if (clients == 0) {
        fatal(exit_cannot_start,
              fmt::format("the system allows {} open files, too few for a node; raise the hard "
                          "limit (ulimit -Hn) to 1024 or more",
                          descriptors));
    }
    options.max_clients = clients;
}

[[nodiscard]] std::string with_remedy(const storage::Corruption& error, const Options& options) {
    return fmt::format(
        "{}/{}; this node neither votes nor acknowledges anything, since a log that lost something "
        "could break what it promised. Put back a copy of the directory that was taken after the "
        "node last stopped, or check the disk; do not just empty it: the other nodes go on without "
        "this one as long as they are a majority",
        options.data_directory,
        error.what());
}

}  // namespace

int run_node(Options options) {
    // A peer that closes its end is an error code, not the end of this process.
    std::signal(SIGPIPE, SIG_IGN);
    if (options.server.core.seed == 0) {
        options.server.core.seed = drawn_seed();
    }
    // Never the same twice, whatever the seed: see StorageConfig.
    options.storage.salt_seed = drawn_seed();
    fit_into_descriptors(options);
    std::unique_ptr<Node> node;
    try {
        node = std::make_unique<Node>(options);
    } catch (const storage::Corruption& error) {
        fatal(exit_disk, with_remedy(error, options));
    } catch (const storage::DiskError& error) {
        fatal(exit_disk, error.what());
    } catch (const std::exception& error) {
        fatal(exit_cannot_start, error.what());
    }
    node->run();
    return 0;
}

}  // namespace squall::raft::node
