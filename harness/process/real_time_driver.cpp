#include "harness/process/real_time_driver.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/overloaded.hpp"

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr auto tick = std::chrono::milliseconds(10);
constexpr auto progress_interval = std::chrono::milliseconds(500);

/// CPU time of the whole machine, in clock ticks (proc(5), /proc/stat).
struct CpuTime {
    std::uint64_t total = 0;
    std::uint64_t stolen = 0;
};

CpuTime read_cpu_time() {
    constexpr int fields = 8;  // user nice system idle iowait irq softirq steal
    constexpr int steal_field = 7;
    std::ifstream stat("/proc/stat");
    std::string label;
    stat >> label;
    CpuTime time;
    for (int field = 0; field < fields; ++field) {
        std::uint64_t ticks = 0;
        stat >> ticks;
        time.total += ticks;
        time.stolen += field == steal_field ? ticks : 0;
    }
    return time;
}

}  // namespace

class RealTimeDriver::Impl {
  public:
    Impl(asio::io_context& io, Run& run, history::Recorder& recorder, Options options)
        : io_(io),
          run_(run),
          recorder_(recorder),
          options_(std::move(options)),
          wake_timer_(io),
          tick_timer_(io) {}

    void enqueue(const Input& input) { queue_.push_back(input); }

    void drive(Cluster& cluster) {
        cluster_ = &cluster;
        origin_ = Clock::now();
        cpu_at_start_ = read_cpu_time();
        queue_.emplace_front(Wake{});
        expect_tick(origin_ + tick);
        drain();
        // Run is entered from here only, never from within a handler.
        while (!finished_) {
            io_.run_one();
            drain();
        }
        wake_timer_.cancel();
        tick_timer_.cancel();
        report_progress(now());
    }

    [[nodiscard]] Time now() const { return Clock::now() - origin_; }

    [[nodiscard]] Time origin() const { return origin_.time_since_epoch(); }

    [[nodiscard]] LagFacts lag() const {
        LagFacts facts = lag_;
        const CpuTime cpu = read_cpu_time();
        const std::uint64_t total = cpu.total - cpu_at_start_.total;
        if (total > 0) {
            facts.cpu_steal =
                static_cast<double>(cpu.stolen - cpu_at_start_.stolen) / static_cast<double>(total);
        }
        return facts;
    }

  private:
    void drain() {
        if (queue_.empty()) {
            return;
        }
        while (!queue_.empty() && !finished_) {
            const Input input = std::move(queue_.front());
            queue_.pop_front();
            for (const RunAction& action : run_.on(now(), input)) {
                carry_out(action);
            }
        }
        arm();
    }

    void carry_out(const RunAction& action) {
        std::visit(
            Overloaded{[this](const Record& record) { recorder_.append(record.event); },
                       [this](const Invoke& invoke) { cluster_->invoke(invoke.invocation); },
                       [this](const Abandon& abandon) { cluster_->abandon(abandon.op); },
                       [this](const Inject& inject) { cluster_->inject(inject.id, inject.fault); },
                       [this](const Heal& heal) { cluster_->heal(heal.id); },
                       [this](const Finish&) { finished_ = true; }},
            action);
    }

    /// A timer that is set already and fires no later than needed is left alone: at full rate, Run
    /// changes its mind thousands of times a second.
    void arm() {
        const std::optional<Time> next = run_.next_wake();
        if (finished_ || !next || (armed_for_ && *armed_for_ <= *next)) {
            return;
        }
        armed_for_ = next;
        wake_timer_.expires_at(origin_ + *next);
        wake_timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) {
                return;
            }
            armed_for_.reset();
            const std::optional<Time> due = run_.next_wake();
            if (due && *due <= now()) {
                enqueue(Wake{});
            } else {
                arm();
            }
        });
    }

    void expect_tick(Clock::time_point at) {
        tick_timer_.expires_at(at);
        tick_timer_.async_wait([this, at](const boost::system::error_code& error) {
            if (!error) {
                on_tick(at);
            }
        });
    }

    void on_tick(Clock::time_point expected) {
        const Clock::time_point actual = Clock::now();
        const Duration late = std::max<Duration>(
            actual - expected, options_.other_lag ? options_.other_lag() : Duration::zero());
        const Time time = actual - origin_;
        lag_.loop_lag_max = std::max(lag_.loop_lag_max, late);
        if (!phase_.empty() && phase_ != "main") {
            lag_.loop_lag_recovery_max = std::max(lag_.loop_lag_recovery_max, late);
        }
        if (time > options_.duration_max) {
            throw Failure(fmt::format(
                "the run did not end within {} s (phase {})",
                std::chrono::duration_cast<std::chrono::seconds>(options_.duration_max).count(),
                phase_));
        }
        obey_stop_requests();
        report_progress(time);
        expect_tick(Clock::now() + tick);
    }

    void obey_stop_requests() {
        const int requests = options_.stop_requests == nullptr ? 0 : options_.stop_requests->load();
        if (requests >= 2) {
            throw Failure("interrupted twice");
        }
        if (requests == 1 && !stopping_) {
            stopping_ = true;
            enqueue(StopRequested{"interrupted"});
        }
    }

    void report_progress(Time time) {
        const Progress progress = run_.progress(time);
        const bool due = progress.phase != phase_ || time >= next_progress_ || finished_;
        phase_ = progress.phase;
        if (due) {
            next_progress_ = time + progress_interval;
            if (options_.on_progress) {
                options_.on_progress(time, progress);
            }
        }
    }

    asio::io_context& io_;
    Run& run_;
    history::Recorder& recorder_;
    const Options options_;
    asio::steady_timer wake_timer_;
    asio::steady_timer tick_timer_;
    Cluster* cluster_ = nullptr;
    Clock::time_point origin_{};
    std::deque<Input> queue_;
    std::optional<Time> armed_for_;
    bool finished_ = false;
    bool stopping_ = false;
    std::string phase_;
    Time next_progress_{};
    LagFacts lag_;
    CpuTime cpu_at_start_;
};

RealTimeDriver::RealTimeDriver(asio::io_context& io,
                               Run& run,
                               history::Recorder& recorder,
                               Options options)
    : impl_(std::make_unique<Impl>(io, run, recorder, std::move(options))) {}

RealTimeDriver::~RealTimeDriver() = default;

void RealTimeDriver::enqueue(const Input& input) {
    impl_->enqueue(input);
}

void RealTimeDriver::drive(Cluster& cluster) {
    impl_->drive(cluster);
}

Time RealTimeDriver::now() const {
    return impl_->now();
}

Time RealTimeDriver::origin() const {
    return impl_->origin();
}

LagFacts RealTimeDriver::lag() const {
    return impl_->lag();
}

}  // namespace squall::harness::process
