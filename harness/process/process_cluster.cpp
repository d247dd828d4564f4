#include "harness/process/process_cluster.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/process/clock_control.hpp"
#include "harness/process/clock_support.hpp"
#include "harness/process/cpu_waits.hpp"
#include "harness/process/fault_injector.hpp"
#include "harness/process/node_process.hpp"
#include "harness/process/socket_wiring.hpp"
#include "harness/process/stdio_wiring.hpp"
#include "harness/process/thread_times.hpp"

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr auto start_bound = std::chrono::seconds(10);
constexpr auto stop_grace = std::chrono::seconds(1);
constexpr auto log_check_interval = std::chrono::milliseconds(100);
constexpr std::uintmax_t log_bytes_max = std::uintmax_t{64} << 20U;
constexpr std::size_t last_lines = 20;

/// What runs as a node.
const std::string& program_of(const Plan& plan, const ProcessCluster::Options& options) {
    return plan.program.empty() ? options.node_binary : plan.program.front();
}

bool bends_clocks(const Plan& plan) {
    return std::any_of(plan.faults.begin(), plan.faults.end(), [](const auto& fault) {
        return fault.action ? std::holds_alternative<nemesis::ClockFault>(*fault.action)
                            : fault.name == "clock";
    });
}

void make_directories(const std::string& directory) {
    std::error_code error;
    for (const char* part : {"data", "trace"}) {
        std::filesystem::create_directories(fmt::format("{}/{}", directory, part), error);
        if (error) {
            throw Failure(fmt::format("{}/{}: {}", directory, part, error.message()));
        }
    }
}

}  // namespace

class ProcessCluster::Impl {
  public:
    Impl(asio::io_context& io,
         const Plan& plan,
         const systems::System& system,
         const Options& options,
         std::function<void(const Input&)> report)
        : io_(io),
          run_directory_(options.run_directory),
          stop_requests_(options.stop_requests),
          report_(std::move(report)),
          wait_interval_(plan.timing.election_max / 2),
          wiring_(make_wiring(plan, system, options)),
          injector_(surface()),
          log_timer_(io) {
        if (bends_clocks(plan)) {
            if (const auto problem = clock_problem(program_of(plan, options), options.clock_shim)) {
                throw Failure(*problem);
            }
            for (NodeId node = 1; node <= plan.nodes; ++node) {
                clocks_.emplace(node, std::make_unique<ClockControl>());
            }
        }
        for (NodeId node = 1; node <= plan.nodes; ++node) {
            const std::string directory = node_directory(options.run_directory, node);
            make_directories(directory);
            nodes_.emplace(node,
                           std::make_unique<NodeProcess>(
                               io, node, command(options, node, directory), node_events()));
        }
    }

    void start() {
        for (const auto& [node, process] : nodes_) {
            process->want(false, false);
        }
        wiring_->start();
        watch_logs();
        const Clock::time_point deadline = Clock::now() + start_bound;
        while (!ready()) {
            if (stop_requests_ != nullptr && stop_requests_->load() > 0) {
                throw Failure("interrupted while the nodes were starting");
            }
            if (!died_.empty() || io_.run_one_until(deadline) == 0) {
                throw Failure(why_not_ready());
            }
        }
        started_ = true;
        // The run begins with what is known now.
        for (const auto& [node, observed] : observed_) {
            report_(observed);
        }
    }

    Duration take_lag() {
        const Clock::time_point now = Clock::now();
        if (now - waits_read_ >= wait_interval_) {
            ThreadReadings threads;
            for (const auto& [node, process] : nodes_) {
                if (const auto id = process->id()) {
                    read_threads(*id, threads);
                }
            }
            waits_.see(threads, now - waits_read_);
            waits_read_ = now;
        }
        return std::max(wiring_->take_lag(), waits_.take_worst());
    }

    Teardown stop() {
        for (const auto& [node, process] : nodes_) {
            process->ask_to_end();
        }
        Teardown teardown;
        const Clock::time_point deadline = Clock::now() + stop_grace;
        for (const auto& [node, process] : nodes_) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            const NodeProcess::Ending ending =
                process->finish(std::max(left, std::chrono::milliseconds(0)));
            if (!ending.crash.empty()) {
                teardown.crashes.push_back(
                    {node, ending.crash + " during teardown", last_words_of(node)});
            }
            if (ending.had_to_die) {
                teardown.remarks.push_back(
                    fmt::format("n{} did not end within {} s of SIGTERM and was killed",
                                node,
                                stop_grace.count()));
            }
        }
        for (const NodeExited& crash : teardown.crashes) {
            require_space(crash.node, crash.how);
        }
        trim_logs();
        for (const auto& [node, dropped] : trimmed_) {
            teardown.remarks.push_back(fmt::format(
                "n{} wrote more than {} MiB to its log, which was cut to its end {} times",
                node,
                log_bytes_max >> 20U,
                dropped));
        }
        return teardown;
    }

    [[nodiscard]] const std::vector<NodeExited>& crashed_at_start() const {
        return crashed_at_start_;
    }

    Wiring& wiring() { return *wiring_; }

    FaultInjector& injector() { return injector_; }

  private:
    std::unique_ptr<Wiring> make_wiring(const Plan& plan,
                                        const systems::System& system,
                                        const Options& options) {
        const Wiring::News news{
            .answered =
                [this](OpId op, const Answer& answer) {
                    report_(Replied{op, answer});
                },
            .observed = [this](const Observed& observed) { on_observed(observed); }};
        const systems::SocketSystem* sockets = system.over_sockets();
        return sockets != nullptr
                   ? make_socket_wiring(io_, plan, *sockets, program_of(plan, options), news)
                   : make_stdio_wiring(io_, plan, {.show_logs = options.show_logs}, news);
    }

    Command command(const Options& options, NodeId node, const std::string& directory) const {
        Command command = wiring_->command(node, directory);
        // A plan without clock faults runs the nodes as they are.
        if (const auto clock = clocks_.find(node); clock != clocks_.end()) {
            command.environment.merge(clock_environment(options.clock_shim, clock->second->path()));
        }
        return command;
    }

    NodeProcess::Events node_events() {
        using Change = Wiring::Change;
        return {
            .spawning = [this](NodeId node, Command& command) { wiring_->spawning(node, command); },
            .started =
                [this](NodeId node) {
                    wiring_->on_change(node, Change::started);
                    injector_.on_started(node);
                },
            .paused =
                [this](NodeId node) {
                    wiring_->on_change(node, Change::paused);
                    injector_.on_paused(node);
                },
            .resumed =
                [this](NodeId node) {
                    wiring_->on_change(node, Change::resumed);
                    injector_.on_resumed(node);
                },
            .killed =
                [this](NodeId node) {
                    wiring_->on_change(node, Change::ended);
                    injector_.on_killed(node);
                },
            .died = [this](NodeId node, const std::string& how) { on_died(node, how); }};
    }

    FaultSurface surface() {
        return {
            .want = [this](NodeId node,
                           bool down,
                           bool paused) { nodes_.at(node)->want(down, paused); },
            .up = [this](NodeId node) { return nodes_.at(node)->up(); },
            .paused = [this](NodeId node) { return nodes_.at(node)->paused(); },
            .apply_links =
                [this](auto rules, auto done) {
                    wiring_->apply_links(std::move(rules), std::move(done));
                },
            .set_clock = [this](NodeId node,
                                const nemesis::ClockRule& rule) { clocks_.at(node)->set(rule); },
            .measure_clock = [this](NodeId node) { clocks_.at(node)->restart_measurement(); },
            .read_clock = [this](NodeId node) { return clocks_.at(node)->reading(); },
            .now = [] { return Clock::now().time_since_epoch(); },
            .report = report_};
    }

    void on_died(NodeId node, const std::string& how) {
        wiring_->on_change(node, Wiring::Change::ended);
        const std::string words = last_words_of(node);
        require_space(node, how);
        died_.emplace(node, how);
        if (started_) {
            report_(NodeExited{node, how, words});
        } else if (how.starts_with("signal ")) {
            crashed_at_start_.push_back({node, how, words});
        }
        injector_.on_died(node);
    }

    [[nodiscard]] std::string last_words_of(NodeId node) const {
        return last_words(nodes_.at(node)->command().log_file, last_lines);
    }

    /// A node that ends because our disk is full proves nothing about it: the run is void.
    void require_space(NodeId node, const std::string& how) const {
        constexpr std::uintmax_t enough = std::uintmax_t{1} << 20U;
        std::error_code error;
        const auto space = std::filesystem::space(run_directory_, error);
        if (!error && space.available < enough) {
            throw Failure(fmt::format(
                "no space left under {} ({} bytes), and n{} ended: {}; free some or name another "
                "directory with --out",
                run_directory_,
                space.available,
                node,
                how));
        }
    }

    void on_observed(const Observed& observed) {
        observed_[observed.node] = observed;
        if (started_) {
            report_(observed);
        }
    }

    [[nodiscard]] bool ready() const {
        const auto leads = [](const auto& entry) { return entry.second.role == "leader"; };
        const auto answers = [](const auto& entry) { return entry.second.up; };
        return observed_.size() == nodes_.size() &&
               std::all_of(observed_.begin(), observed_.end(), answers) &&
               (!wiring_->leaders_are_seen() ||
                std::any_of(observed_.begin(), observed_.end(), leads));
    }

    [[nodiscard]] std::string why_not_ready() const {
        const auto about = [this](NodeId node, const std::string& what) {
            const Command& command = nodes_.at(node)->command();
            return fmt::format("node n{} {}\n  command: {}\n  last words ({}):\n{}",
                               node,
                               what,
                               to_string(command),
                               command.log_file,
                               last_words(command.log_file, last_lines));
        };
        if (!died_.empty()) {
            const auto& [node, how] = *died_.begin();
            return about(node, fmt::format("ended at the start with {}", how));
        }
        for (const auto& [node, process] : nodes_) {
            const auto found = observed_.find(node);
            if (found == observed_.end() || !found->second.up) {
                return about(node, fmt::format("did not answer within {} s", start_bound.count()));
            }
        }
        return about(nodes_.begin()->first,
                     fmt::format("and the others answered, but elected no leader within {} s",
                                 start_bound.count()));
    }

    void trim_logs() {
        for (const auto& [node, process] : nodes_) {
            if (trim_log(process->command().log_file, log_bytes_max)) {
                ++trimmed_[node];
            }
        }
    }

    void watch_logs() {
        trim_logs();
        log_timer_.expires_after(log_check_interval);
        log_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                watch_logs();
            }
        });
    }

    asio::io_context& io_;
    std::string run_directory_;
    const std::atomic<int>* stop_requests_;
    std::function<void(const Input&)> report_;
    const Duration wait_interval_;  ///< Two of them are watched together.
    CpuWaits waits_;
    Clock::time_point waits_read_ = Clock::now();
    std::unique_ptr<Wiring> wiring_;
    FaultInjector injector_;
    asio::steady_timer log_timer_;
    bool started_ = false;
    std::map<NodeId, Observed> observed_;
    std::map<NodeId, std::string> died_;
    std::vector<NodeExited> crashed_at_start_;
    std::map<NodeId, int> trimmed_;
    std::map<NodeId, std::unique_ptr<ClockControl>> clocks_;  ///< Empty: none is ever bent.
    /// Last, so that the nodes end before what serves them.
    std::map<NodeId, std::unique_ptr<NodeProcess>> nodes_;
};

ProcessCluster::ProcessCluster(asio::io_context& io,
                               const Plan& plan,
                               const systems::System& system,
                               const Options& options,
                               std::function<void(const Input&)> report)
    : impl_(std::make_unique<Impl>(io, plan, system, options, std::move(report))) {}

ProcessCluster::~ProcessCluster() {
    try {
        impl_->stop();
    } catch (const Failure&) {
        // Whoever wants to know has called `stop` before.
    }
}

void ProcessCluster::start() {
    impl_->start();
}

ProcessCluster::Teardown ProcessCluster::stop() {
    return impl_->stop();
}

Duration ProcessCluster::take_lag() {
    return impl_->take_lag();
}

void ProcessCluster::invoke(const Invocation& invocation) {
    impl_->wiring().invoke(invocation);
}

void ProcessCluster::abandon(OpId op) {
    impl_->wiring().abandon(op);
}

std::vector<NodeExited> ProcessCluster::crashed_at_start() const {
    return impl_->crashed_at_start();
}

std::vector<checker::Check> ProcessCluster::checks() const {
    return impl_->wiring().checks();
}

void ProcessCluster::inject(FaultId id, const nemesis::Fault& fault) {
    impl_->injector().inject(id, fault);
}

void ProcessCluster::heal(FaultId id) {
    impl_->injector().heal(id);
}

std::string node_directory(const std::string& run_directory, NodeId node) {
    return fmt::format("{}/nodes/{}", run_directory, node);
}

}  // namespace squall::harness::process
