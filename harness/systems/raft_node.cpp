#include "harness/systems/raft_node.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <boost/crc.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "history/random.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::harness::systems {

namespace {

constexpr std::uint32_t magic = 0x314C5153;
constexpr std::size_t frame_header_bytes = 8;
constexpr std::size_t reply_bytes_max = std::size_t{16} << 20U;

std::uint32_t crc32c(std::string_view bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

template <typename Integer>
void put(std::string& out, Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
    }
}

void put(std::string& out, std::uint8_t value) {
    out.push_back(static_cast<char>(value));
}

void put_bytes(std::string& out, std::string_view bytes) {
    put(out, static_cast<std::uint32_t>(bytes.size()));
    out.append(bytes);
}

std::string framed(std::string_view payload) {
    std::string out;
    out.reserve(frame_header_bytes + payload.size());
    put(out, static_cast<std::uint32_t>(payload.size()));
    put(out, crc32c(payload));
    out.append(payload);
    return out;
}

/// Takes fields off the front. Reading past the end yields zeros and is remembered.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    template <typename Integer>
    Integer get() {
        const std::string_view bytes = take(sizeof(Integer));
        Integer value = 0;
        for (std::size_t i = bytes.size(); i > 0; --i) {
            value = static_cast<Integer>((static_cast<std::uint64_t>(value) << 8U) |
                                         static_cast<unsigned char>(bytes[i - 1]));
        }
        return value;
    }

    std::string_view get_bytes() { return take(get<std::uint32_t>()); }

    [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

  private:
    std::string_view take(std::size_t count) {
        if (failed_ || rest_.size() < count) {
            failed_ = true;
            return {};
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
    bool failed_ = false;
};

std::optional<NodeReply::Status> to_status(std::uint8_t code) {
    using Status = NodeReply::Status;
    constexpr std::array<Status, 6> by_code = {Status::ok,
                                               Status::not_leader,
                                               Status::unknown,
                                               Status::overloaded,
                                               Status::session_expired,
                                               Status::malformed};
    return code < by_code.size() ? std::optional(by_code[code]) : std::nullopt;
}

std::optional<FromNode> decode_key_value(std::uint64_t id, Reader& reader) {
    ClientReply message{id, {}};
    const auto status = to_status(reader.get<std::uint8_t>());
    message.reply.leader = reader.get<std::uint32_t>();
    message.reply.applied = reader.get<std::uint8_t>() != 0;
    if (reader.get<std::uint8_t>() != 0) {
        message.reply.value = from_wire(std::string(reader.get_bytes()));
    }
    message.reply.position.term = reader.get<std::uint64_t>();
    message.reply.position.index = reader.get<std::uint64_t>();
    static_cast<void>(reader.get_bytes());  // The message is for people who read a packet dump.
    if (!status || !reader.complete()) {
        return std::nullopt;
    }
    message.reply.status = *status;
    return message;
}

std::optional<FromNode> decode_status(std::uint64_t id, Reader& reader) {
    const auto json = nlohmann::json::parse(reader.get_bytes(), nullptr, false);
    if (!reader.complete() || !json.is_object()) {
        return std::nullopt;
    }
    StatusReply message{id, {}};
    message.observed.up = true;
    const auto role = json.find("role");
    message.observed.role =
        role != json.end() && role->is_string() ? role->get<std::string>() : "unknown";
    const auto number = [&](const char* field) {
        const auto found = json.find(field);
        return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>()
                                                                  : std::uint64_t{0};
    };
    message.observed.term = number("term");
    message.observed.leader = static_cast<NodeId>(number("leader"));
    return message;
}

std::optional<FromNode> decode_payload(std::string_view payload) {
    Reader reader(payload);
    const auto kind = reader.get<std::uint8_t>();
    const auto id = reader.get<std::uint64_t>();
    switch (kind) {
        case 1:
            return decode_key_value(id, reader);
        case 2:
            return decode_status(id, reader);
        default:
            return std::nullopt;
    }
}

struct Words {
    std::uint8_t operation = 0;
    std::string value;
    std::optional<std::string> expected;
};

Words to_words(const workloads::Request& request) {
    const auto& [function, key, value, object] = request;
    if (function == "read") {
        return {1, {}, {}};
    }
    if (function == "write") {
        return {2, to_wire(value), {}};
    }
    if (function == "cas") {
        const history::Value::List* both = value.as_list();
        if (both == nullptr || both->size() != 2) {
            throw Failure(fmt::format("cas of {}: expected [expected, new]", key));
        }
        const history::Value& expected = both->front();
        return {3,
                to_wire(both->back()),
                expected.is_null() ? std::nullopt : std::optional(to_wire(expected))};
    }
    if (function == "delete") {
        return {4, {}, {}};
    }
    if (function == "append" || (function == "add" && object == workloads::Object::set)) {
        return {5, suffix_to_wire(request), {}};
    }
    if (function == "add") {
        return {7, to_wire(value), {}};
    }
    throw Failure(fmt::format("system raft-node has no function '{}'", function));
}

constexpr auto known_bugs = [] {
    std::array<Bug, raft::zoo::catalogue.size()> bugs;
    std::transform(
        raft::zoo::catalogue.begin(),
        raft::zoo::catalogue.end(),
        bugs.begin(),
        [](const raft::zoo::Description& entry) {
            return Bug{entry.slug, entry.what, entry.source, entry.breaks, entry.detector};
        });
    return bugs;
}();

class RaftNode : public SocketSystem {
  public:
    [[nodiscard]] std::string_view name() const override { return "raft-node"; }

    [[nodiscard]] std::string_view description() const override {
        return "Squall's own Raft key-value server";
    }

    [[nodiscard]] Capabilities capabilities() const override {
        return {.links = true, .processes = true, .clocks = true, .traces = true};
    }

    [[nodiscard]] std::span<const std::string_view> workloads() const override {
        static constexpr std::array<std::string_view, 5> names{
            "register", "append", "set", "counter", "lin-kv"};
        return names;
    }

    [[nodiscard]] std::span<const Bug> bugs() const override { return known_bugs; }

    [[nodiscard]] std::vector<std::string> arguments(const Plan& plan,
                                                     const NodeLaunch& launch) const override {
        std::string peers;
        for (const auto& [node, address] : launch.peers) {
            peers += fmt::format("{}{}={}", peers.empty() ? "" : ",", node, address);
        }
        const auto ms = [](Duration duration) {
            return std::to_string(
                std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
        };
        const history::Stream stream(plan.seed, "system");
        std::vector<std::string> arguments = {
            "--id",
            std::to_string(launch.node),
            "--peers",
            peers,
            "--listen-peer",
            launch.listen_peer,
            "--listen-client",
            launch.listen_client,
            "--data",
            launch.data_directory,
            "--trace",
            launch.trace_directory,
            "--cluster",
            std::to_string(stream.bits(0, 0) | 1U),
            "--seed",
            std::to_string(stream.bits(launch.node, 0)),
            "--heartbeat-ms",
            ms(plan.timing.heartbeat),
            "--election-min-ms",
            ms(plan.timing.election_min),
            "--election-max-ms",
            ms(plan.timing.election_max),
            "--snapshot-interval",
            std::to_string(plan.snapshot_interval),
            "--compaction-margin",
            std::to_string(plan.compaction_margin()),
        };
        if (plan.limits) {
            arguments.insert(arguments.end(),
                             {"--segment-bytes",
                              std::to_string(plan.limits->segment_bytes),
                              "--max-inflight",
                              std::to_string(plan.limits->max_inflight),
                              "--max-append-bytes",
                              std::to_string(plan.limits->max_append_bytes),
                              "--snapshot-chunk-bytes",
                              std::to_string(plan.limits->snapshot_chunk_bytes)});
        }
        if (!plan.bug.empty()) {
            arguments.insert(arguments.end(), {"--bug", plan.bug});
        }
        return arguments;
    }

    [[nodiscard]] std::string greeting(NodeId node) const override {
        std::string hello;
        put(hello, magic);
        put(hello, std::uint8_t{1});   // version
        put(hello, std::uint8_t{2});   // a client
        put(hello, std::uint64_t{0});  // any cluster
        put(hello, std::uint32_t{0});  // from no node
        put(hello, node);
        return framed(hello);
    }

    [[nodiscard]] std::string request(std::uint64_t id,
                                      const Invocation& invocation) const override {
        const Words words = to_words(invocation.request);
        std::string payload;
        put(payload, std::uint8_t{1});
        put(payload, id);
        // Logical clients count from 0 and session 0 means none.
        put(payload, static_cast<std::uint64_t>(invocation.client) + 1);
        put(payload, invocation.sequence);
        put(payload, words.operation);
        put_bytes(payload, invocation.request.key);
        put_bytes(payload, words.value);
        put(payload, static_cast<std::uint8_t>(words.expected ? 1 : 0));
        if (words.expected) {
            put_bytes(payload, *words.expected);
        }
        return framed(payload);
    }

    [[nodiscard]] std::string status_request(std::uint64_t id) const override {
        std::string payload;
        put(payload, std::uint8_t{2});
        put(payload, id);
        return framed(payload);
    }

    [[nodiscard]] Decoded decode(std::string_view bytes) const override {
        Reader header(bytes.substr(0, frame_header_bytes));
        const auto length = header.get<std::uint32_t>();
        const auto checksum = header.get<std::uint32_t>();
        if (!header.complete()) {
            return {};
        }
        if (length > reply_bytes_max) {
            return {.malformed = true};
        }
        if (bytes.size() < frame_header_bytes + length) {
            return {};
        }
        const std::string_view payload = bytes.substr(frame_header_bytes, length);
        auto message =
            crc32c(payload) == checksum ? decode_payload(payload) : std::optional<FromNode>();
        const bool malformed = !message;
        return {frame_header_bytes + length, std::move(message), malformed};
    }
};

}  // namespace

const SocketSystem& raft_node() {
    static const RaftNode system;
    return system;
}

}  // namespace squall::harness::systems
