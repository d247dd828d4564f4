// Throughput of a cluster of real raft-node processes with fsync and trace on: closed-loop
// connections to the leader, each with one request open. Prints operations per second and latency.
//
//   raft_node_bench [nodes=3] [connections=32] [seconds=5] [reads in percent=0] [value bytes=16]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/test_client.hpp"

namespace {

using namespace squall::raft;
using namespace squall::raft::node;
using namespace squall::raft::node::test;
using Clock = std::chrono::steady_clock;

struct Settings {
    NodeId nodes = 3;
    std::size_t connections = 32;
    std::chrono::seconds duration{5};
    std::uint64_t read_percent = 0;
    std::size_t value_bytes = 16;
};

/// One closed-loop client.
class Caller {
  public:
    Caller(const std::string& host, std::uint64_t number, const Settings& settings)
        : socket_(host, TestCluster::client_port), number_(number), settings_(settings) {
        std::string hello;
        append_frame(hello, encode(Hello{DiallerRole::client, 0, no_node, no_node}));
        static_cast<void>(socket_.send(hello));
    }

    void ask() {
        ++request_id_;
        server::ClientRequest request;
        request.request_id = request_id_;
        const std::string key = fmt::format("k{}", number_);
        if (request_id_ % 100 < settings_.read_percent) {
            request.request = get(key);
        } else {
            request.request = put(key, std::string(settings_.value_bytes, 'v'));
            request.request.session = number_ + 1;
            request.request.sequence = ++sequence_;
        }
        std::string bytes;
        append_frame(bytes, encode(request));
        static_cast<void>(socket_.send(bytes));
        asked_ = Clock::now();
    }

    /// Something came. False: the connection or the request failed.
    [[nodiscard]] bool receive(std::vector<double>& latencies_us) {
        const auto chunk = socket_.receive();
        if (!chunk) {
            return false;
        }
        reader_.feed(*chunk);
        while (const auto payload = reader_.next()) {
            const auto response = server::decode_response(*payload);
            if (!response || response->reply.status != server::ReplyStatus::ok) {
                return false;
            }
            latencies_us.push_back(
                std::chrono::duration<double, std::micro>(Clock::now() - asked_).count());
            ask();
        }
        return true;
    }

    [[nodiscard]] int descriptor() const { return socket_.descriptor(); }

  private:
    Socket socket_;
    FrameReader reader_{std::size_t{16} << 20U};
    std::uint64_t number_;
    const Settings& settings_;
    std::uint64_t request_id_ = 0;
    std::uint64_t sequence_ = 0;
    Clock::time_point asked_;
};

int run(const Settings& settings) {
    TestCluster cluster(settings.nodes, {});
    cluster.start_all();
    const NodeId leader = await_leader(cluster);
    if (leader == no_node || !call_any(cluster, put("k", "v"))) {
        fmt::print("no leader\n");
        return 1;
    }
    std::vector<std::unique_ptr<Caller>> callers;
    std::vector<pollfd> waits;
    for (std::size_t i = 0; i < settings.connections; ++i) {
        callers.push_back(std::make_unique<Caller>(cluster.host(leader), i, settings));
        waits.push_back({callers.back()->descriptor(), POLLIN, 0});
        callers.back()->ask();
    }
    std::vector<double> latencies;
    const auto begin = Clock::now();
    while (Clock::now() - begin < settings.duration) {
        if (::poll(waits.data(), waits.size(), 1000) <= 0) {
            fmt::print("stuck\n");
            return 1;
        }
        for (std::size_t i = 0; i < waits.size(); ++i) {
            if (waits[i].revents != 0 && !callers[i]->receive(latencies)) {
                fmt::print("a request failed\n");
                return 1;
            }
        }
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::sort(latencies.begin(), latencies.end());
    const auto percentile = [&latencies](double share) {
        return latencies[static_cast<std::size_t>(share *
                                                  static_cast<double>(latencies.size() - 1))];
    };
    fmt::print("{:.0f} ops/s  p50 {:.0f} us  p99 {:.0f} us  max {:.0f} us\n",
               static_cast<double>(latencies.size()) / seconds,
               percentile(0.5),
               percentile(0.99),
               latencies.back());
    fmt::print("{}\n", status_of(cluster, leader)->dump());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int position, std::uint64_t fallback) {
        return argc > position ? std::strtoull(argv[position], nullptr, 10) : fallback;
    };
    Settings settings;
    settings.nodes = static_cast<NodeId>(argument(1, 3));
    settings.connections = argument(2, 32);
    settings.duration = std::chrono::seconds(argument(3, 5));
    settings.read_percent = argument(4, 0);
    settings.value_bytes = argument(5, 16);
    return run(settings);
}
