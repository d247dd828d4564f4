#include "raft/node/options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace squall::raft::node {

namespace {

constexpr std::uint64_t max_u32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t max_u64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t day_ms = 86'400'000;
/// The number of every cluster on standard input and output.
constexpr std::uint64_t stdio_cluster = 0x4F49445453;  // "STDIO"
/// A message must fit into a frame together with one entry of the largest value and its headers.
constexpr std::uint64_t max_payload_bytes = max_message_bytes / 2;

/// Everything as the command line gives it, with the defaults that the help text shows.
struct Raw {
    bool stdio = false;
    NodeId id = no_node;
    std::vector<std::string> peers;
    std::string listen_peer = "127.0.0.1:0";
    std::string listen_client = "127.0.0.1:0";
    std::string data;
    std::string trace;
    std::uint64_t cluster = 1;
    std::uint64_t seed = 0;
    std::uint64_t heartbeat_ms = 50;
    std::uint64_t election_min_ms = 300;
    std::uint64_t election_max_ms = 600;
    std::uint64_t snapshot_interval = 10000;
    std::uint64_t compaction_margin = 1000;
    std::uint64_t segment_bytes = std::uint64_t{16} << 20U;
    std::size_t max_inflight = 64;
    std::size_t max_append_bytes = std::size_t{256} << 10U;
    std::size_t snapshot_chunk_bytes = std::size_t{256} << 10U;
    std::size_t max_uncommitted_bytes = std::size_t{16} << 20U;
    std::size_t max_sessions = 16384;
    std::size_t max_waiting = 65536;
    std::size_t max_clients = 1024;
    std::uint64_t stop_grace_ms = 1000;
    std::uint64_t stall_timeout_ms = 10000;
    std::vector<std::string> bugs;
};

template <typename Integer>
[[nodiscard]] bool parse_integer(const std::string& text, Integer& value) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end;
}

/// Stricter than CLI11's own conversion, which takes "-1" for a large unsigned number.
[[nodiscard]] CLI::Validator integer(std::uint64_t min, std::uint64_t max) {
    return CLI::Validator(
        [min, max](const std::string& text) {
            std::uint64_t value = 0;
            if (parse_integer(text, value) && value >= min && value <= max) {
                return std::string();
            }
            return fmt::format("{} is not an integer from {} to {}", text, min, max);
        },
        "");
}

void add_stdio(CLI::App& app, Raw& raw) {
    auto* stdio = app.add_flag(
        "--stdio",
        raw.stdio,
        "Speak Maelstrom's protocol on standard input and output instead of listening and "
        "dialling: who this node is, and who the others are, comes with `init`. The data is in "
        "the directory n<id> in --data (traces: in --trace), or else in $SQUALL_DATA_DIR "
        "($SQUALL_TRACE_DIR) or $RAFT_DATA_DIR, or else in a temporary one that goes when the node "
        "stops");
    for (const char* other : {"--id", "--peers", "--listen-peer", "--listen-client", "--cluster"}) {
        stdio->excludes(app.get_option(other));
    }
}

void add_identity(CLI::App& app, Raw& raw) {
    app.add_option("--id", raw.id, "This node's id, from 1; required without --stdio")
        ->check(integer(1, max_u32));
    app.add_option("--peers",
                   raw.peers,
                   "Where to dial every node: 1=HOST:PORT,2=HOST:PORT,... HOST is an IP address. "
                   "These ids and --id are the voters of the cluster; an entry for --id itself is "
                   "allowed and not dialled")
        ->delimiter(',');
    app.add_option("--listen-peer",
                   raw.listen_peer,
                   "Address on which other nodes dial this one; port 0 lets the system choose")
        ->capture_default_str();
    app.add_option("--listen-client",
                   raw.listen_client,
                   "Address on which clients dial this node; port 0 lets the system choose")
        ->capture_default_str();
    app.add_option("--data",
                   raw.data,
                   "Directory of the log and the snapshots; made if missing; required without "
                   "--stdio");
    app.add_option(
        "--trace",
        raw.trace,
        "Directory for trace-<incarnation>.jsonl (docs/trace-format.md); none: no trace");
    app.add_option("--cluster",
                   raw.cluster,
                   "Number of the cluster; nodes of different clusters do not talk to each other")
        ->capture_default_str()
        ->check(integer(1, max_u64));
    app.add_option("--seed", raw.seed, "Seed of the election timeouts; 0 draws one")
        ->capture_default_str()
        ->check(integer(0, max_u64));
    app.add_option("--bug", raw.bugs, "Switch a bug of the zoo on (repeatable); see `squall list`")
        ->expected(1)
        ->take_all();
}

void add_timing(CLI::App& app, Raw& raw) {
    app.add_option("--heartbeat-ms", raw.heartbeat_ms, "Time between a leader's heartbeats")
        ->capture_default_str()
        ->check(integer(1, day_ms));
    app.add_option("--election-min-ms",
                   raw.election_min_ms,
                   "Shortest silence of the leader after which a node campaigns")
        ->capture_default_str()
        ->check(integer(1, day_ms));
    app.add_option("--election-max-ms",
                   raw.election_max_ms,
                   "Longest silence; each wait is drawn from [min, max)")
        ->capture_default_str()
        ->check(integer(1, day_ms));
    app.add_option("--stop-grace-ms",
                   raw.stop_grace_ms,
                   "How long a SIGTERM waits for open requests to be answered")
        ->capture_default_str()
        ->check(integer(0, day_ms));
    app.add_option("--stall-timeout-ms",
                   raw.stall_timeout_ms,
                   "How long a connection may keep a hello or a frame incomplete, or leave what is "
                   "sent to it unread, before it is closed")
        ->capture_default_str()
        ->check(integer(100, day_ms));
}

void add_limits(CLI::App& app, Raw& raw) {
    const auto size = [&app](
                          const char* flag, auto& target, const char* help, CLI::Validator check) {
        app.add_option(flag, target, help)->capture_default_str()->check(std::move(check));
    };
    size("--snapshot-interval",
         raw.snapshot_interval,
         "Entries applied between two snapshots",
         integer(1, max_u64));
    size("--compaction-margin",
         raw.compaction_margin,
         "Entries kept behind a snapshot, so that slightly slow followers need none",
         integer(0, max_u64));
    size("--segment-bytes",
         raw.segment_bytes,
         "Size of a file of the write-ahead log",
         integer(4096, std::uint64_t{1} << 30U));
    size("--max-inflight",
         raw.max_inflight,
         "Append messages to one follower that may await their reply",
         integer(1, 65536));
    size("--max-append-bytes",
         raw.max_append_bytes,
         "Entries in one append message, at least one",
         integer(1, max_payload_bytes));
    size("--snapshot-chunk-bytes",
         raw.snapshot_chunk_bytes,
         "Bytes of a snapshot in one message",
         integer(1, max_payload_bytes));
    size("--max-uncommitted-bytes",
         raw.max_uncommitted_bytes,
         "Entries that a leader takes before they commit; beyond, clients get `overloaded`",
         integer(1, std::uint64_t{1} << 32U));
    size("--max-sessions",
         raw.max_sessions,
         "Client sessions remembered; must be the same on every node",
         integer(1, max_u32));
    size("--max-waiting",
         raw.max_waiting,
         "Requests that await an answer; beyond, clients get `overloaded`",
         integer(1, max_u32));
    size("--max-clients",
         raw.max_clients,
         "Client connections, as far as the system's limit of open files allows; for more, those "
         "that have been idle longest are closed",
         integer(1, 65536));
}

/// The problem, if there is one.
[[nodiscard]] std::optional<std::string> parse_peers(const Raw& raw, Options& options) {
    std::map<NodeId, Address> peers;
    for (const std::string& text : raw.peers) {
        const std::size_t equals = text.find('=');
        NodeId id = no_node;
        if (equals == std::string::npos || !parse_integer(text.substr(0, equals), id) || id == 0) {
            return fmt::format("--peers: '{}' is not ID=HOST:PORT with an id from 1", text);
        }
        const auto address = parse_address(text.substr(equals + 1));
        if (!address || address->port == 0) {
            return fmt::format(
                "--peers: the address in '{}' is not IP:PORT with a port from 1; "
                "write 127.0.0.1:7000 or [::1]:7000",
                text);
        }
        if (!peers.emplace(id, *address).second) {
            return fmt::format("--peers: node {} is named twice; name each once", id);
        }
    }
    peers.erase(raw.id);
    options.peers = std::move(peers);
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string> parse_bugs(const Raw& raw, zoo::Bugs& bugs) {
    for (const std::string& slug : raw.bugs) {
        const std::optional<zoo::Bug> bug = zoo::find(slug);
        if (!bug) {
            std::vector<std::string_view> slugs;
            for (const zoo::Description& entry : zoo::catalogue) {
                slugs.push_back(entry.slug);
            }
            return fmt::format(
                "--bug: there is no bug '{}'; choose from {}", slug, fmt::join(slugs, ", "));
        }
        if (!zoo::Bugs::compiled_in) {
            return fmt::format(
                "--bug: '{}' cannot be switched on, this build has no bugs in it; "
                "configure with -DSQUALL_ZOO=ON",
                slug);
        }
        bugs.enable(*bug);
    }
    return std::nullopt;
}

/// What no single flag can tell.
[[nodiscard]] std::optional<std::string> find_contradiction(const Raw& raw) {
    if (!raw.stdio && (raw.id == no_node || raw.data.empty())) {
        return fmt::format("{} is required without --stdio", raw.id == no_node ? "--id" : "--data");
    }
    if (raw.stdio &&
        std::max(raw.max_append_bytes, raw.snapshot_chunk_bytes) > limits::stdio_payload_bytes) {
        return fmt::format(
            "--max-append-bytes, --snapshot-chunk-bytes: with --stdio at most {}, so that a "
            "message fits into a line",
            limits::stdio_payload_bytes);
    }
    if (raw.election_min_ms <= raw.heartbeat_ms) {
        return fmt::format(
            "--election-min-ms: {} leaves no time for a heartbeat; "
            "raise it above --heartbeat-ms ({})",
            raw.election_min_ms,
            raw.heartbeat_ms);
    }
    if (raw.election_max_ms <= raw.election_min_ms) {
        return fmt::format(
            "--election-max-ms: {} leaves nothing to draw from; "
            "raise it above --election-min-ms ({})",
            raw.election_max_ms,
            raw.election_min_ms);
    }
    return std::nullopt;
}

[[nodiscard]] CoreConfig core_config(const Raw& raw, const Options& options) {
    CoreConfig core;
    core.id = raw.id;
    core.voters.push_back(raw.id);
    for (const auto& [id, address] : options.peers) {
        core.voters.push_back(id);
    }
    std::sort(core.voters.begin(), core.voters.end());
    core.heartbeat_interval = std::chrono::milliseconds(raw.heartbeat_ms);
    core.election_timeout_min = std::chrono::milliseconds(raw.election_min_ms);
    core.election_timeout_max = std::chrono::milliseconds(raw.election_max_ms);
    core.max_inflight_messages = raw.max_inflight;
    core.max_append_bytes = raw.max_append_bytes;
    core.max_uncommitted_bytes = raw.max_uncommitted_bytes;
    core.snapshot_chunk_bytes = raw.snapshot_chunk_bytes;
    core.compaction_margin = raw.compaction_margin;
    core.seed = raw.seed;
    return core;
}

/// The problem, if there is one.
[[nodiscard]] std::optional<std::string> convert(const Raw& raw, Options& options) {
    const auto listen_peer = parse_address(raw.listen_peer);
    const auto listen_client = parse_address(raw.listen_client);
    if (!listen_peer || !listen_client) {
        return fmt::format("{}: '{}' is not IP:PORT; write 127.0.0.1:7000 or [::1]:7000",
                           listen_peer ? "--listen-client" : "--listen-peer",
                           listen_peer ? raw.listen_client : raw.listen_peer);
    }
    for (auto problem : {parse_peers(raw, options), find_contradiction(raw)}) {
        if (problem) {
            return problem;
        }
    }
    options.stdio = raw.stdio;
    options.id = raw.id;
    // What sockets wrote need not be the JSON that has to come out here.
    options.cluster = raw.stdio ? stdio_cluster : raw.cluster;
    options.listen_peer = *listen_peer;
    options.listen_client = *listen_client;
    options.data_directory = raw.data;
    if (!raw.trace.empty()) {
        options.trace_directory = raw.trace;
    }
    options.max_clients = raw.max_clients;
    options.stop_grace = std::chrono::milliseconds(raw.stop_grace_ms);
    options.stall_timeout = std::chrono::milliseconds(raw.stall_timeout_ms);
    options.server.core = core_config(raw, options);
    options.server.snapshot_interval = raw.snapshot_interval;
    options.server.max_sessions = raw.max_sessions;
    options.server.max_waiting = raw.max_waiting;
    options.storage.node = raw.id;
    options.storage.cluster = options.cluster;
    options.storage.segment_bytes = raw.segment_bytes;
    zoo::Bugs bugs;
    if (auto problem = parse_bugs(raw, bugs)) {
        return problem;
    }
    options.server.core.bugs = bugs;
    options.storage.bugs = bugs;
    return std::nullopt;
}

}  // namespace

std::string to_string(const Address& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", address.host, address.port)
              : fmt::format("{}:{}", address.host, address.port);
}

std::optional<Address> parse_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    Address address;
    address.host = text.substr(0, colon);
    const bool bracketed =
        address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']';
    if (bracketed) {
        address.host = address.host.substr(1, address.host.size() - 2);
    }
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(address.host, error);
    if (error || ip.is_v6() != bracketed || !parse_integer(text.substr(colon + 1), address.port)) {
        return std::nullopt;
    }
    return address;
}

std::variant<Options, Usage> parse_options(int argc, const char* const* argv) {
    CLI::App app("One replica of a linearizable key-value store, kept consistent by Raft.",
                 "raft-node");
    app.footer(
        "Exit codes: 0 stopped by SIGTERM or SIGINT, 1 could not start (such as an address that "
        "is\n"
        "taken), 3 the disk failed, holds what no crash can have left, or is in use by another\n"
        "process, 64 usage.");
    Raw raw;
    add_identity(app, raw);
    add_stdio(app, raw);
    add_timing(app, raw);
    add_limits(app, raw);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = app.exit(error, out, err);
        return Usage{code == 0 ? 0 : exit_usage, out.str(), err.str()};
    }
    Options options;
    if (const auto problem = convert(raw, options)) {
        return Usage{exit_usage, "", *problem + "\n"};
    }
    return options;
}

}  // namespace squall::raft::node
