// How to add a system under test: one class that says how its nodes are started and what its bytes
// mean (and a line in registry.cpp). This one speaks lines of text: "<id> read <key>" and
// "<id> write <key> <value>", answered by "<id> <value>".
#include <map>
#include <memory>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "harness/process/courier.hpp"
#include "support.hpp"

namespace squall::harness::process::test {

namespace {

namespace asio = boost::asio;

class LineSystem : public systems::SocketSystem {
  public:
    [[nodiscard]] std::string_view name() const override { return "lines"; }

    [[nodiscard]] std::string_view description() const override { return "one line, one request"; }

    [[nodiscard]] Capabilities capabilities() const override { return {.processes = true}; }

    [[nodiscard]] std::span<const std::string_view> workloads() const override { return {}; }

    [[nodiscard]] std::vector<std::string> arguments(
        const Plan& /*plan*/, const systems::NodeLaunch& launch) const override {
        return {"--listen", launch.listen_client};
    }

    [[nodiscard]] std::string greeting(NodeId /*node*/) const override { return {}; }

    [[nodiscard]] std::string request(std::uint64_t id,
                                      const Invocation& invocation) const override {
        const auto& [function, key, value, object] = invocation.request;
        std::string line = std::to_string(id) + ' ' + function + ' ' + key;
        return line + (value.is_null() ? "" : ' ' + to_wire(value)) + '\n';
    }

    [[nodiscard]] std::string status_request(std::uint64_t id) const override {
        return std::to_string(id) + " status\n";
    }

    [[nodiscard]] systems::Decoded decode(std::string_view bytes) const override {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) {
            return {};
        }
        std::istringstream line{std::string(bytes.substr(0, end))};
        systems::ClientReply reply;
        std::string value;
        line >> reply.request >> value;
        reply.reply.value = from_wire(value);
        return {.consumed = end + 1, .message = reply};
    }
};

/// A node of that kind, for one connection.
class LineNode {
  public:
    LineNode(asio::io_context& io, const Endpoint& endpoint)
        : acceptor_(io, {asio::ip::make_address(endpoint.host), endpoint.port}), socket_(io) {
        acceptor_.async_accept(socket_, [this](boost::system::error_code error) {
            if (!error) {
                read();
            }
        });
    }

  private:
    void read() {
        asio::async_read_until(
            socket_, buffer_, '\n', [this](boost::system::error_code error, std::size_t) {
                if (error) {
                    return;
                }
                std::istream in(&buffer_);
                std::string id;
                std::string function;
                std::string key;
                std::string rest;
                in >> id >> function >> key;
                std::getline(in, rest);
                if (function == "write") {
                    store_[key] = rest.substr(1);
                }
                asio::write(socket_, asio::buffer(id + ' ' + store_[key] + '\n'), error);
                read();
            });
    }

    asio::ip::tcp::acceptor acceptor_;
    asio::ip::tcp::socket socket_;
    asio::streambuf buffer_;
    std::map<std::string, std::string> store_;
};

}  // namespace

TEST(ExampleSystem, IsOneClassAndClientsCanTalkToIt) {
    asio::io_context io;
    const Subnet subnet{1};
    LineNode node(io, subnet.client(1));
    const LineSystem system;
    std::map<OpId, Answer> answers;
    Courier courier(io, system, {{1, subnet.client(1)}}, [&](OpId op, const Answer& answer) {
        answers[op] = answer;
    });

    courier.invoke({.op = 1, .client = 7, .node = 1, .request = {"write", "k", 42}});
    ASSERT_TRUE(run_until(io, [&] { return answers.contains(1); }));
    courier.invoke({.op = 2, .client = 7, .node = 1, .request = {"read", "k", {}}});
    ASSERT_TRUE(run_until(io, [&] { return answers.contains(2); }));

    EXPECT_EQ(answers.at(2).outcome, history::Outcome::ok);
    EXPECT_EQ(answers.at(2).value, history::Value(42));
}

}  // namespace squall::harness::process::test
