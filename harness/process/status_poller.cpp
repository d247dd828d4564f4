#include "harness/process/status_poller.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace squall::harness::process {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr auto interval = std::chrono::milliseconds(100);
constexpr auto interval_without_leader = std::chrono::milliseconds(50);
constexpr auto answer_owed_within = std::chrono::milliseconds(300);

}  // namespace

class StatusPoller::Impl {
  public:
    Impl(asio::io_context& io,
         const systems::SocketSystem& system,
         const std::map<NodeId, Endpoint>& nodes,
         OnObserved on_observed)
        : io_(io), system_(system), on_observed_(std::move(on_observed)), timer_(io) {
        for (const auto& [node, endpoint] : nodes) {
            asked_.emplace(node, Asked{endpoint});
        }
    }

    void ask_all() {
        for (auto& [node, asked] : asked_) {
            ask(node, asked);
        }
        timer_.expires_after(leader_known() ? interval : interval_without_leader);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                ask_all();
            }
        });
    }

    void stop() {
        timer_.cancel();
        for (auto& [node, asked] : asked_) {
            if (asked.connection) {
                asked.connection->close();
            }
        }
    }

  private:
    struct Asked {
        Endpoint endpoint;
        std::shared_ptr<ClientConnection> connection;
        std::uint64_t request = 0;  ///< Open question; 0: none.
        Clock::time_point since{};
        bool leads = false;
    };

    [[nodiscard]] bool leader_known() const {
        return std::any_of(
            asked_.begin(), asked_.end(), [](const auto& entry) { return entry.second.leads; });
    }

    void ask(NodeId node, Asked& asked) {
        if (asked.request != 0) {
            // It still may answer, as a paused node does when it goes on: the question stays open.
            if (Clock::now() - asked.since > answer_owed_within) {
                silent(node, asked);
            }
            return;
        }
        if (!asked.connection) {
            asked.connection = open_connection(
                io_,
                system_,
                node,
                asked.endpoint,
                {.received = [this, node](const auto& message) { on_message(node, message); },
                 .closed = [this, node](bool) { on_closed(node); }});
        }
        asked.request = next_request_++;
        asked.since = Clock::now();
        asked.connection->send(system_.status_request(asked.request));
    }

    void on_message(NodeId node, const systems::FromNode& message) {
        Asked& asked = asked_.at(node);
        const auto* status = std::get_if<systems::StatusReply>(&message);
        if (status == nullptr || status->request != asked.request) {
            return;
        }
        asked.request = 0;
        asked.leads = status->observed.role == "leader";
        Observed observed = status->observed;
        observed.node = node;
        on_observed_(observed);
    }

    void on_closed(NodeId node) {
        Asked& asked = asked_.at(node);
        asked.connection.reset();
        asked.request = 0;
        silent(node, asked);
    }

    void silent(NodeId node, Asked& asked) {
        asked.leads = false;
        Observed observed;
        observed.node = node;
        observed.role = "unknown";
        on_observed_(observed);
    }

    asio::io_context& io_;
    const systems::SocketSystem& system_;
    OnObserved on_observed_;
    asio::steady_timer timer_;
    std::map<NodeId, Asked> asked_;
    std::uint64_t next_request_ = 1;
};

StatusPoller::StatusPoller(asio::io_context& io,
                           const systems::SocketSystem& system,
                           const std::map<NodeId, Endpoint>& nodes,
                           OnObserved on_observed)
    : impl_(std::make_unique<Impl>(io, system, nodes, std::move(on_observed))) {}

StatusPoller::~StatusPoller() {
    impl_->stop();
}

void StatusPoller::start() {
    impl_->ask_all();
}

}  // namespace squall::harness::process
