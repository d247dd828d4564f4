#include "harness/process/link_thread.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>

namespace squall::harness::process {

namespace asio = boost::asio;

class LinkThread::Impl {
  public:
    Impl(asio::io_context& controller, const std::vector<Route>& routes, std::uint64_t seed)
        : controller_(controller), proxy_(std::make_unique<LinkProxy>(io_, routes, seed)) {}

    void start() {
        expect_tick();
        thread_ = std::thread([this] { run(); });
        ::pthread_setname_np(thread_.native_handle(), "links");
    }

    void stop() {
        io_.stop();
        thread_.join();
        proxy_.reset();
    }

    asio::io_context& io() { return io_; }

    asio::io_context& controller() { return controller_; }

    LinkProxy& proxy() { return *proxy_; }

    history::Duration take_lag() { return history::Duration(lag_.exchange(0)); }

  private:
    void expect_tick() {
        constexpr auto interval = std::chrono::milliseconds(10);
        tick_.expires_after(interval);
        tick_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                const history::Duration late = std::chrono::steady_clock::now() - tick_.expiry();
                if (late.count() > lag_.load()) {
                    lag_ = late.count();
                }
                expect_tick();
            }
        });
    }

    void run() {
        // No exception may leave a thread: it is thrown again where the controller runs.
        try {
            io_.run();
        } catch (...) {
            asio::post(controller_,
                       [failure = std::current_exception()] { std::rethrow_exception(failure); });
        }
    }

    asio::io_context& controller_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    std::unique_ptr<LinkProxy> proxy_;
    asio::steady_timer tick_{io_};
    std::atomic<history::Duration::rep> lag_{0};
    std::thread thread_;
};

LinkThread::LinkThread(asio::io_context& controller,
                       const std::vector<Route>& routes,
                       std::uint64_t seed)
    : impl_(std::make_unique<Impl>(controller, routes, seed)) {
    impl_->start();
}

LinkThread::~LinkThread() {
    impl_->stop();
}

void LinkThread::apply(std::map<nemesis::Link, nemesis::LinkRule> rules,
                       std::function<void(LinkReadings)> done) {
    Impl& impl = *impl_;
    asio::post(impl.io(), [&impl, rules = std::move(rules), done = std::move(done)]() mutable {
        LinkReadings readings = impl.proxy().readings();
        for (const auto& [link, rule] : rules) {
            impl.proxy().set_rule(link, rule);
        }
        asio::post(impl.controller(),
                   [done = std::move(done), readings = std::move(readings)]() mutable {
                       done(std::move(readings));
                   });
    });
}

history::Duration LinkThread::take_lag() {
    return impl_->take_lag();
}

void LinkThread::set_running(history::NodeId node, bool running) {
    asio::post(impl_->io(),
               [&impl = *impl_, node, running] { impl.proxy().set_running(node, running); });
}

}  // namespace squall::harness::process
