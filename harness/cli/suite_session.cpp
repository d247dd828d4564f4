#include "harness/cli/suite_session.hpp"

#include <chrono>
#include <exception>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/cli/suite_owner.hpp"
#include "harness/cli/suite_work.hpp"

namespace squall::harness::cli {
namespace {

namespace asio = boost::asio;
using Steady = SuiteClock::Steady;

constexpr auto tick = std::chrono::milliseconds(200);
constexpr auto heartbeat_interval = std::chrono::seconds(1);

}  // namespace

class SuiteSession::Impl {
  public:
    explicit Impl(const SuiteWork::Input& input)
        : store_(input.store),
          suite_(input.suite),
          options_(input.options),
          timer_(io_),
          work_(io_, input, [this](std::exception_ptr problem) {
              problem_ = std::move(problem);
              end(SessionEnd::finished);
          }) {}

    SessionEnd run() {
        begin_tick();
        io_.run();
        if (problem_) {
            work_.drop();
            std::rethrow_exception(problem_);
        }
        if (end_ == SessionEnd::taken_over) {
            work_.drop();
            return end_;
        }
        if (end_ == SessionEnd::interrupted) {
            work_.give_up();
        }
        static_cast<void>(beat());
        return end_;
    }

    [[nodiscard]] std::int64_t elapsed_ms() const { return work_.clock().elapsed_ms(); }

  private:
    void end(SessionEnd how) {
        end_ = how;
        io_.stop();
    }

    /// What goes wrong in a callback ends the session.
    void begin_tick() {
        timer_.expires_after(tick);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                guarded([this] { on_tick(); });
            }
        });
        guarded([this] { work_.go_on(); });
    }

    template <typename Work>
    void guarded(const Work& work) {
        try {
            work();
        } catch (...) {
            problem_ = std::current_exception();
            io_.stop();
        }
    }

    void on_tick() {
        if (options_.stop_requests != nullptr && *options_.stop_requests > 0) {
            work_.say("interrupted; the same command resumes it");
            return end(SessionEnd::interrupted);
        }
        if (const auto now = Steady::now(); now - beaten_ >= heartbeat_interval) {
            beaten_ = now;
            if (!beat()) {
                work_.say("another squall has taken the suite over");
                return end(SessionEnd::taken_over);
            }
        }
        work_.kill_late();
        work_.show();
        begin_tick();
    }

    [[nodiscard]] bool beat() {
        return store_.heartbeat(suite_.id, suite_.owner, work_.clock().elapsed_ms(), unix_ms());
    }

    store::ResultsStore& store_;
    const store::SuiteRow& suite_;
    const SessionOptions& options_;
    asio::io_context io_;
    asio::steady_timer timer_;
    SuiteWork work_;
    Steady::time_point beaten_{};
    SessionEnd end_ = SessionEnd::interrupted;
    std::exception_ptr problem_;
};

SuiteSession::SuiteSession(store::ResultsStore& store,
                           const store::SuiteRow& suite,
                           const suite::SuiteFile& file,
                           const std::vector<suite::Cell>& cells,
                           const SessionOptions& options)
    : impl_(std::make_unique<Impl>(SuiteWork::Input{store, suite, file, cells, options})) {}

SuiteSession::~SuiteSession() = default;

SessionEnd SuiteSession::run() {
    return impl_->run();
}

std::int64_t SuiteSession::elapsed_ms() const {
    return impl_->elapsed_ms();
}

}  // namespace squall::harness::cli
