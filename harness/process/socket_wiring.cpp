#include "harness/process/socket_wiring.hpp"

#include <utility>

#include "harness/process/addresses.hpp"
#include "harness/process/courier.hpp"
#include "harness/process/link_thread.hpp"
#include "harness/process/status_poller.hpp"

namespace squall::harness::process {

namespace {

std::map<NodeId, Endpoint> client_endpoints(const Subnet& subnet, NodeId nodes) {
    std::map<NodeId, Endpoint> endpoints;
    for (NodeId node = 1; node <= nodes; ++node) {
        endpoints.emplace(node, subnet.client(node));
    }
    return endpoints;
}

std::vector<Route> routes(const Subnet& subnet, NodeId nodes) {
    std::vector<Route> routes;
    for (NodeId from = 1; from <= nodes; ++from) {
        for (NodeId to = 1; to <= nodes; ++to) {
            if (from != to) {
                routes.push_back({{from, to}, subnet.proxy({from, to}), subnet.peer(to)});
            }
        }
    }
    return routes;
}

class SocketWiring final : public Wiring {
  public:
    SocketWiring(boost::asio::io_context& io,
                 const Plan& plan,
                 const systems::SocketSystem& system,
                 std::string node_binary,
                 News news)
        : plan_(plan),
          system_(system),
          node_binary_(std::move(node_binary)),
          subnet_(plan.nodes),
          links_(io, routes(subnet_, plan.nodes), plan.seed),
          courier_(io, system, client_endpoints(subnet_, plan.nodes), std::move(news.answered)),
          poller_(io, system, client_endpoints(subnet_, plan.nodes), std::move(news.observed)) {}

    [[nodiscard]] Command command(NodeId node, const std::string& directory) override {
        systems::NodeLaunch launch;
        launch.node = node;
        launch.listen_peer = to_string(subnet_.peer(node));
        launch.listen_client = to_string(subnet_.client(node));
        for (NodeId other = 1; other <= plan_.nodes; ++other) {
            launch.peers[other] =
                other == node ? launch.listen_peer : to_string(subnet_.proxy({node, other}));
        }
        launch.data_directory = directory + "/data";
        launch.trace_directory = directory + "/trace";
        return {node_binary_, system_.arguments(plan_, launch), directory + "/log"};
    }

    void start() override { poller_.start(); }

    [[nodiscard]] bool leaders_are_seen() const override { return true; }

    void on_change(NodeId node, Change change) override {
        links_.set_running(node, change == Change::started || change == Change::resumed);
    }

    void invoke(const Invocation& invocation) override { courier_.invoke(invocation); }

    void abandon(OpId op) override { courier_.abandon(op); }

    void apply_links(std::map<nemesis::Link, nemesis::LinkRule> rules,
                     std::function<void(LinkReadings)> done) override {
        links_.apply(std::move(rules), std::move(done));
    }

    [[nodiscard]] Duration take_lag() override { return links_.take_lag(); }

  private:
    const Plan& plan_;
    const systems::SocketSystem& system_;
    std::string node_binary_;
    Subnet subnet_;
    LinkThread links_;
    Courier courier_;
    StatusPoller poller_;
};

}  // namespace

std::unique_ptr<Wiring> make_socket_wiring(boost::asio::io_context& io,
                                           const Plan& plan,
                                           const systems::SocketSystem& system,
                                           std::string node_binary,
                                           Wiring::News news) {
    return std::make_unique<SocketWiring>(
        io, plan, system, std::move(node_binary), std::move(news));
}

}  // namespace squall::harness::process
