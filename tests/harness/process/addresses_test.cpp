#include "harness/process/addresses.hpp"

#include <fstream>
#include <set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include "harness/failure.hpp"

namespace squall::harness::process {

namespace {

using boost::asio::ip::tcp;

std::set<std::string> all_addresses(const Subnet& subnet, history::NodeId nodes) {
    std::set<std::string> addresses;
    for (history::NodeId node = 1; node <= nodes; ++node) {
        addresses.insert(to_string(subnet.peer(node)));
        addresses.insert(to_string(subnet.client(node)));
        for (history::NodeId other = 1; other <= nodes; ++other) {
            addresses.insert(to_string(subnet.proxy({node, other})));
        }
    }
    return addresses;
}

}  // namespace

TEST(Subnet, GivesEveryNodeAndLinkItsOwnAddress) {
    const Subnet subnet(nodes_max);

    EXPECT_EQ(all_addresses(subnet, nodes_max).size(), nodes_max * (nodes_max + 2));
}

TEST(Subnet, TwoAtOnceDoNotMeet) {
    const Subnet one(5);
    const Subnet other(5);

    EXPECT_NE(one.peer(1).host, other.peer(1).host);
}

TEST(Subnet, PortsLieOutsideTheEphemeralRange) {
    unsigned low = 0;
    unsigned high = 0;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> low >> high;
    const Subnet subnet(nodes_max);

    for (const Endpoint& endpoint :
         {subnet.peer(1), subnet.client(1), subnet.proxy({1, nodes_max})}) {
        EXPECT_TRUE(endpoint.port < low || endpoint.port > high) << to_string(endpoint);
    }
}

TEST(Subnet, AddressesCanBeBoundAndSurviveAMove) {
    Subnet subnet(3);
    const Subnet moved(std::move(subnet));
    boost::asio::io_context io;

    for (const Endpoint& endpoint : {moved.peer(3), moved.client(3), moved.proxy({3, 1})}) {
        EXPECT_NO_THROW(
            tcp::acceptor(io, {boost::asio::ip::make_address(endpoint.host), endpoint.port}));
    }
}

TEST(Subnet, LeavesAPortThatSomebodyHasOnAllAddresses) {
    boost::asio::io_context io;
    const std::uint16_t usual = Subnet(3).peer(1).port;
    boost::system::error_code error;
    tcp::acceptor everywhere(io);
    everywhere.open(tcp::v4());
    everywhere.bind({tcp::v4(), usual}, error);
    if (error) {
        GTEST_SKIP() << "another run has port " << usual << " just now";
    }
    everywhere.listen();

    EXPECT_NE(Subnet(3).peer(1).port, usual);
}

TEST(Subnet, RefusesMoreNodesThanItHasRoomFor) {
    EXPECT_THROW(Subnet{nodes_max + 1}, Failure);
}

}  // namespace squall::harness::process
