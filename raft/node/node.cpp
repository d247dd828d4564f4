#include "raft/node/node.hpp"

#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <pthread.h>

#include "raft/node/descriptors.hpp"
#include "raft/node/event_log.hpp"
#include "raft/node/inbox.hpp"
#include "raft/node/log_thread.hpp"
#include "raft/node/network.hpp"
#include "raft/node/outbox.hpp"
#include "raft/node/raft_loop.hpp"
#include "raft/node/socket_network.hpp"
#include "raft/node/status.hpp"
#include "raft/node/stdio_network.hpp"
#include "raft/node/stdio_start.hpp"
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

using MakeNetwork = std::function<std::unique_ptr<Network>(const Network::Parts&)>;

/// Members stand in the order in which they need each other: the threads come last, so that they
/// are joined first.
class Node {
  public:
    Node(Options options, const MakeNetwork& make_network);

    void run();

  private:
    void stop(const std::string& why);
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
    std::unique_ptr<Network> network_;
    storage::PosixDisk disk_;
    storage::Storage storage_;
    std::optional<TraceWriter> trace_;
    std::optional<server::Server> server_;  ///< Until the loop has it.
    std::optional<LogThread> log_;
    std::optional<RaftLoop> loop_;
    bool stopping_ = false;
};

Node::Node(Options options, const MakeNetwork& make_network)
    : options_(std::move(options)),
      outbox_([this] { boost::asio::post(io_, [this] { network_->carry(outbox_.take()); }); },
              metrics_),
      network_(make_network({io_,
                             options_,
                             inbox_,
                             board_,
                             metrics_,
                             [this] { return status(); },
                             [this](const std::string& why) { stop(why); }})),
      disk_(made(options_.data_directory)),
      storage_(disk_, options_.storage) {
    if (options_.trace_directory) {
        trace_.emplace(*options_.trace_directory, options_.id);
    }
    server_.emplace(options_.server, storage_.take_recovered(), monotonic_now());
}

void Node::run() {
    // Nothing comes in before io_ runs.
    network_->start();
    log_.emplace(storage_, inbox_, metrics_);
    const RaftLoop::Parts parts{inbox_,
                                *log_,
                                outbox_,
                                trace_ ? &*trace_ : nullptr,
                                board_,
                                metrics_,
                                network_->unsent_bytes()};
    loop_.emplace(options_.id, std::move(*server_), parts);
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (!error) {
            // A second signal finds the default action: the end, at once.
            boost::system::error_code ignored;
            signals_.clear(ignored);
            stop(fmt::format("signal={}", signal));
        }
    });
    ::pthread_setname_np(::pthread_self(), "raft-net");
    io_.run();
    loop_.reset();
    log_.reset();
    log_event(options_.id, "stopped");
}

void Node::stop(const std::string& why) {
    if (std::exchange(stopping_, true)) {
        return;
    }
    log_event(options_.id, fmt::format("stopping {}", why));
    network_->stop_taking();
    stop_when_idle(std::chrono::steady_clock::now() + options_.stop_grace);
}

void Node::stop_when_idle(std::chrono::steady_clock::time_point deadline) {
    if (network_->idle() || std::chrono::steady_clock::now() >= deadline) {
        io_.stop();
        return;
    }
    stop_timer_.expires_after(stop_poll);
    stop_timer_.async_wait(
        [this, deadline](const boost::system::error_code&) { stop_when_idle(deadline); });
}

std::string Node::status() const {
    std::map<std::string, std::uint64_t> gauges = network_->gauges();
    gauges.insert({{"log_tails_repaired", storage_.repaired_tails()},
                   {"inbox_bytes", inbox_.waiting_bytes()},
                   {"outbox_bytes", outbox_.waiting_bytes()},
                   {"outbox_reply_bytes", outbox_.reply_bytes()},
                   {"log_queue_bytes", log_->waiting_bytes()}});
    return status_json(board_.read(), trace_ ? trace_->incarnation() : 0, metrics_, gauges);
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

/// Ends the process, in words, when that is not possible.
[[nodiscard]] std::unique_ptr<Node> make_node(const Options& options,
                                              const MakeNetwork& make_network) {
    try {
        return std::make_unique<Node>(options, make_network);
    } catch (const storage::Corruption& error) {
        fatal(exit_disk, with_remedy(error, options));
    } catch (const storage::DiskError& error) {
        fatal(exit_disk, error.what());
    } catch (const std::exception& error) {
        fatal(exit_cannot_start, error.what());
    }
}

void run_on_sockets(Options options) {
    fit_into_descriptors(options);
    make_node(options, [](const Network::Parts& parts) {
        return std::make_unique<SocketNetwork>(parts);
    })->run();
}

void run_on_stdio(Options options) {
    std::optional<StdioStart> start = await_init();
    if (!start) {
        log_raw("stopped: the input ended before an init came\n");
        return;
    }
    try {
        become(*start, options);
    } catch (const std::exception& error) {
        fatal(exit_cannot_start, error.what());
    }
    const bool temporary_data = start->temporary_data;
    make_node(options, [&start](const Network::Parts& parts) {
        return std::make_unique<StdioNetwork>(parts, std::move(*start));
    })->run();
    if (temporary_data) {
        std::error_code ignored;
        std::filesystem::remove_all(options.data_directory, ignored);
    }
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
    if (options.stdio) {
        run_on_stdio(std::move(options));
    } else {
        run_on_sockets(std::move(options));
    }
    return 0;
}

}  // namespace squall::raft::node
