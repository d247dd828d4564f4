// How many messages a second pass between clients and nodes on standard input and output, and what
// the router adds to an answer when nothing else happens. Prints both, and the same round trip over
// bare pipes, measured in the same run.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/process/child.hpp>
#include <boost/process/io.hpp>
#include <boost/process/pipe.hpp>
#include <fmt/format.h>

#include "harness/maelstrom/messages.hpp"
#include "harness/process/process_cluster.hpp"
#include "harness/systems/system.hpp"

namespace {

using namespace squall::harness;
using Clock = std::chrono::steady_clock;

constexpr auto measured = std::chrono::seconds(5);
constexpr int round_trips = 2000;

double microseconds(Clock::duration duration) {
    return std::chrono::duration<double, std::micro>(duration).count();
}

double median(std::vector<double> values) {
    std::nth_element(
        values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

Invocation echo(OpId op, NodeId node) {
    Invocation invocation;
    invocation.op = op;
    invocation.client = static_cast<ClientId>(op % 100);
    invocation.node = node;
    invocation.request = {"echo", "", static_cast<std::int64_t>(op)};
    return invocation;
}

class Bench {
  public:
    Bench(const std::string& directory, const std::string& program) {
        plan_.system = "maelstrom";
        plan_.program = {program};
        plan_.nodes = 3;
        cluster_ = std::make_unique<process::ProcessCluster>(
            io_,
            plan_,
            *systems::find_system("maelstrom"),
            process::ProcessCluster::Options{.run_directory = directory, .node_binary = ""},
            [this](const Input& input) {
                if (std::holds_alternative<Replied>(input)) {
                    ++replies_;
                }
            });
        cluster_->start();
    }

    /// Messages a second with `open` requests open all the time.
    double throughput(std::uint64_t open) {
        const std::uint64_t before = replies_;
        std::uint64_t invoked = before;
        const Clock::time_point start = Clock::now();
        while (Clock::now() - start < measured) {
            for (; invoked < replies_ + open; ++invoked) {
                ++op_;
                cluster_->invoke(echo(op_, static_cast<NodeId>(op_ % 3 + 1)));
            }
            io_.run_one();
        }
        const std::uint64_t answered = replies_ - before;
        while (replies_ < invoked) {
            io_.run_one();
        }
        return 2.0 * static_cast<double>(answered) /
               std::chrono::duration<double>(Clock::now() - start).count();
    }

    /// Median round trip with one request open.
    double idle_latency() {
        std::vector<double> times;
        for (int i = 0; i < round_trips; ++i) {
            const std::uint64_t before = replies_;
            const Clock::time_point start = Clock::now();
            cluster_->invoke(echo(++op_, 1));
            while (replies_ == before) {
                io_.run_one();
            }
            times.push_back(microseconds(Clock::now() - start));
        }
        return median(times);
    }

  private:
    boost::asio::io_context io_{1};
    Plan plan_;
    std::uint64_t replies_ = 0;
    OpId op_ = 0;
    std::unique_ptr<process::ProcessCluster> cluster_;
};

double bare_latency(const std::string& program) {
    namespace bp = boost::process;
    bp::pipe input;
    bp::pipe output;
    bp::child child(program, bp::std_in<input, bp::std_out> output);
    std::vector<double> times;
    std::string answer(65536, '\0');
    for (int i = 1; i <= round_trips; ++i) {
        const std::string line = maelstrom::request_line(
            0, 1, static_cast<std::uint64_t>(i), {"echo", "", std::int64_t{i}});
        const Clock::time_point start = Clock::now();
        input.write(line.data(), static_cast<int>(line.size()));
        while (output.read(answer.data(), static_cast<int>(answer.size())) <= 0) {
        }
        times.push_back(microseconds(Clock::now() - start));
    }
    input.close();
    child.wait();
    return median(times);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string program =
        argc > 1 ? argv[1]
                 : (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "echo_node")
                       .string();
    const std::string directory = fmt::format(
        "{}/squall-router-bench-{}", std::filesystem::temp_directory_path().string(), ::getpid());
    std::filesystem::create_directories(directory);
    {
        Bench bench(directory, program);
        for (const std::uint64_t open : {1U, 10U, 100U}) {
            fmt::print("{:>4} open: {:>9.0f} messages/s\n", open, bench.throughput(open));
        }
        const double routed = bench.idle_latency();
        const double bare = bare_latency(program);
        fmt::print(
            "idle round trip: {:.0f} us routed, {:.0f} us over bare pipes: {:.0f} us added\n",
            routed,
            bare,
            routed - bare);
    }
    std::filesystem::remove_all(directory);
    return 0;
}
