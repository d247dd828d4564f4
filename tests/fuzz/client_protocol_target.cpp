// What clients send to a node and a node to clients, and the commands in the replicated log. The
// harness has its own reader of replies, which trusts the nodes under test no more than they trust
// clients.
#include "harness/systems/raft_node.hpp"
#include "raft/server/client_protocol.hpp"
#include "raft/server/command.hpp"
#include "tests/fuzz/frames.hpp"

namespace squall::fuzz {
namespace {

using namespace raft::server;  // NOLINT(google-build-using-namespace)

constexpr std::size_t max_payload = std::size_t{64} << 10U;

bool decode_payload(std::string_view payload) {
    bool accepted = false;
    if (const auto request = decode_request(payload)) {
        must(encode(*request) == payload, "a request is written as it was read");
        (void)problem_of(request->request);
        accepted = true;
    }
    if (const auto response = decode_response(payload)) {
        must(encode(*response) == payload, "a response is written as it was read");
        accepted = true;
    }
    if (const auto command = decode_command(payload)) {
        must(encode_command(*command) == payload, "a command is written as it was read");
        accepted = true;
    }
    return accepted;
}

bool decode_by_harness(std::string_view bytes) {
    const harness::systems::SocketSystem& system = harness::systems::raft_node();
    bool accepted = false;
    for (;;) {
        const harness::systems::Decoded decoded = system.decode(bytes);
        must(decoded.consumed <= bytes.size(), "no more is consumed than there is");
        must(!decoded.message || decoded.consumed > 0, "a message has bytes");
        accepted = accepted || decoded.message.has_value();
        if (decoded.malformed || decoded.consumed == 0) {
            return accepted;
        }
        bytes.remove_prefix(decoded.consumed);
    }
}

bool run(std::string_view input) {
    bool accepted = false;
    std::string stream;
    for_each_frame(input, max_payload, [&](std::string_view payload) {
        accepted = decode_payload(payload) || accepted;
        raft::append_frame(stream, payload);
    });
    return decode_by_harness(stream) || accepted;
}

std::vector<std::string> seeds() {
    ClientRequest put;
    put.request_id = 1;
    put.request = {9, 1, Operation::put, "k1", "v1", std::nullopt};
    ClientRequest cas = put;
    cas.request.operation = Operation::cas;
    cas.request.expected = "v0";
    ClientRequest status;
    status.kind = MessageKind::status;
    status.request_id = 2;
    ClientResponse done;
    done.request_id = 1;
    done.reply.value = "v1";
    done.reply.position = {2, 5};
    ClientResponse told;
    told.kind = MessageKind::status;
    told.request_id = 2;
    told.json = R"({"id":1,"role":"leader","term":3,"leader":1,"commit":5,"applied":5})";
    const std::vector<std::string> payloads{encode(put),
                                            encode(cas),
                                            encode(status),
                                            encode(done),
                                            encode(told),
                                            encode_command(cas.request)};
    std::vector<std::string> made;
    for (const std::string& payload : payloads) {
        made.push_back(seed_of_payloads({payload}));
    }
    made.push_back(seed_of_stream(payloads));
    return made;
}

std::vector<std::string> tokens() {
    return {R"("role":"leader")",
            R"("term":)",
            R"("commit":18446744073709551615)",
            "[[[[[[[[",
            std::string(8, '\xff'),
            std::string("\x02\0\0\0", 4)};
}

}  // namespace

const Target client_protocol{"client_protocol", run, seeds, tokens};

}  // namespace squall::fuzz
