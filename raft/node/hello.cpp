#include "raft/node/hello.hpp"

#include "raft/bytes.hpp"

namespace squall::raft::node {

namespace {

constexpr std::uint32_t magic = 0x314C5153;
constexpr std::uint8_t version = 1;

}  // namespace

std::string encode(const Hello& hello) {
    std::string out;
    put(out, magic);
    put(out, version);
    put(out, static_cast<std::uint8_t>(hello.role));
    put(out, hello.cluster);
    put(out, hello.from);
    put(out, hello.to);
    return out;
}

std::optional<Hello> decode_hello(std::string_view bytes) {
    ByteReader reader(bytes);
    const bool known =
        reader.get<std::uint32_t>() == magic && reader.get<std::uint8_t>() == version;
    const auto role = reader.get<std::uint8_t>();
    Hello hello;
    hello.role = static_cast<DiallerRole>(role);
    hello.cluster = reader.get<std::uint64_t>();
    hello.from = reader.get<NodeId>();
    hello.to = reader.get<NodeId>();
    if (!known || (role != 1 && role != 2) || !reader.complete()) {
        return std::nullopt;
    }
    return hello;
}

bool fits(const Hello& hello, DiallerRole port, std::uint64_t cluster, NodeId self) {
    if (hello.role != port || (hello.to != no_node && hello.to != self)) {
        return false;
    }
    if (port == DiallerRole::client) {
        return hello.cluster == cluster || hello.cluster == 0;
    }
    return hello.cluster == cluster && hello.from != no_node && hello.from != self;
}

}  // namespace squall::raft::node
