#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/frame.hpp"
#include "raft/server/client_protocol.hpp"
#include "raft/server/command.hpp"
#include "tests/raft/server/generators.hpp"

namespace squall::raft::server {
namespace {

TEST(Crc32c, MatchesTheCheckValueOfTheStandard) {
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    EXPECT_EQ(crc32c(""), 0U);
}

TEST(ByteReader, YieldsZerosAfterTheEnd) {
    ByteReader reader("\x01\x02");

    EXPECT_EQ(reader.get<std::uint32_t>(), 0U);
    EXPECT_EQ(reader.get<std::uint8_t>(), 0U);
    EXPECT_FALSE(reader.complete());
}

TEST(ByteReader, RejectsALengthBeyondTheInput) {
    std::string bytes;
    put(bytes, std::uint32_t{0xFFFFFFFF});
    bytes += "abc";
    ByteReader reader(bytes);

    EXPECT_EQ(reader.get_bytes(), "");
    EXPECT_TRUE(reader.failed());
}

std::vector<std::string> read_in_chunks(std::string_view stream, std::size_t chunk) {
    FrameReader reader(1U << 20U);
    std::vector<std::string> payloads;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        reader.feed(stream.substr(at, chunk));
        while (const auto payload = reader.next()) {
            payloads.emplace_back(*payload);
        }
    }
    return payloads;
}

RC_GTEST_PROP(Frame, ArbitraryChunksYieldWhatWasFramed, ()) {
    const auto payloads = *rc::gen::arbitrary<std::vector<std::string>>();
    const auto chunk = *rc::gen::inRange<std::size_t>(1, 40);
    std::string stream;
    for (const std::string& payload : payloads) {
        append_frame(stream, payload);
    }

    RC_ASSERT(read_in_chunks(stream, chunk) == payloads);
}

TEST(Frame, RejectsAFrameThatIsTooLongFromItsHeaderAlone) {
    std::string stream;
    append_frame(stream, std::string(11, 'x'));
    FrameReader reader(10);

    reader.feed(std::string_view(stream).substr(0, frame_header_bytes));

    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.error(), FrameReader::Error::too_long);
}

TEST(Frame, RejectsAWrongChecksumAndEverythingAfterIt) {
    std::string stream;
    append_frame(stream, "hello");
    stream.back() = 'O';
    append_frame(stream, "world");
    FrameReader reader(100);

    reader.feed(stream);

    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.error(), FrameReader::Error::bad_checksum);
    EXPECT_FALSE(reader.next());
}

TEST(ClientProtocol, RequestHasTheDocumentedBytes) {
    ClientRequest message;
    message.request_id = 0x0102030405060708;
    message.request = {9, 3, Operation::cas, "k", "new", "old"};

    const std::string bytes = encode(message);

    const std::string expected(
        "\x01"
        "\x08\x07\x06\x05\x04\x03\x02\x01"
        "\x09\0\0\0\0\0\0\0"
        "\x03\0\0\0\0\0\0\0"
        "\x03"
        "\x01\0\0\0k"
        "\x03\0\0\0new"
        "\x01"
        "\x03\0\0\0old",
        46);
    EXPECT_EQ(bytes, expected);
}

TEST(ClientProtocol, ReplyHasTheDocumentedBytes) {
    ClientResponse message;
    message.request_id = 7;
    message.reply.status = ReplyStatus::not_leader;
    message.reply.leader = 2;
    message.reply.applied = false;
    message.reply.value = "v";
    message.reply.position = {5, 6};
    message.reply.message = "m";

    const std::string bytes = encode(message);

    const std::string expected(
        "\x01"
        "\x07\0\0\0\0\0\0\0"
        "\x01"
        "\x02\0\0\0"
        "\0"
        "\x01"
        "\x01\0\0\0v"
        "\x05\0\0\0\0\0\0\0"
        "\x06\0\0\0\0\0\0\0"
        "\x01\0\0\0m",
        42);
    EXPECT_EQ(bytes, expected);
}

TEST(ClientProtocol, StatusCarriesNoRequestAndAnyJson) {
    ClientRequest request;
    request.kind = MessageKind::status;
    request.request_id = 1;
    ClientResponse response;
    response.kind = MessageKind::status;
    response.request_id = 1;
    response.json = R"({"node":1})";

    EXPECT_EQ(encode(request).size(), 9U);
    EXPECT_EQ(decode_request(encode(request)), request);
    EXPECT_EQ(decode_response(encode(response)), response);
}

RC_GTEST_PROP(ClientProtocol, DecodesWhatItEncodes, ()) {
    ClientRequest request;
    request.request_id = *rc::gen::arbitrary<std::uint64_t>();
    request.request = *any_request();
    ClientResponse response;
    response.request_id = request.request_id;
    response.reply = *any_reply();

    RC_ASSERT(decode_request(encode(request)) == request);
    RC_ASSERT(decode_response(encode(response)) == response);
}

RC_GTEST_PROP(ClientProtocol, RejectsEveryStrictPrefixAndAnythingBehind, ()) {
    ClientRequest request;
    request.request = *any_request();
    const std::string bytes = encode(request);
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());

    RC_ASSERT(!decode_request(bytes.substr(0, size)));
    RC_ASSERT(!decode_request(bytes + "x"));
}

RC_GTEST_PROP(ClientProtocol, SurvivesForeignBytes, (const std::string& bytes)) {
    (void)decode_request(bytes);
    (void)decode_request("\x01" + bytes);
    (void)decode_response(bytes);
    (void)decode_response("\x01" + bytes);
    (void)decode_command(bytes);
    (void)decode_command("\x01" + bytes);
}

RC_GTEST_PROP(Command, DecodesWhatItEncodes, ()) {
    Request request = *any_request();
    RC_PRE(request.operation != Operation::get);

    RC_ASSERT(decode_command(encode_command(request)) == request);
}

TEST(Command, RejectsOtherVersionsAndGets) {
    Request request{1, 1, Operation::put, "k", "v", {}};
    std::string other_version = encode_command(request);
    other_version[0] = 2;
    request.operation = Operation::get;

    EXPECT_FALSE(decode_command(other_version));
    EXPECT_FALSE(decode_command(encode_command(request)));
}

TEST(Command, CasOrCreateNeedsAnExpectedValue) {
    Request request{1, 1, Operation::cas_or_create, "k", "v", {}};

    EXPECT_FALSE(decode_command(encode_command(request)));
    EXPECT_EQ(problem_of(request), "no expected value");
    request.expected = "o";
    EXPECT_EQ(decode_command(encode_command(request)), request);
    EXPECT_EQ(problem_of(request), "");
}

TEST(Command, NamesWhatIsWrongWithARequest) {
    const Request good{1, 1, Operation::put, "k", "v", {}};
    Request no_key = good;
    no_key.key.clear();
    Request long_key = good;
    long_key.key.assign(max_key_bytes + 1, 'k');
    Request long_value = good;
    long_value.value.assign(max_value_bytes + 1, 'v');
    Request no_sequence = good;
    no_sequence.sequence = 0;

    EXPECT_EQ(problem_of(good), "");
    EXPECT_EQ(problem_of(no_key), "empty key");
    EXPECT_EQ(problem_of(long_key), "key too long");
    EXPECT_EQ(problem_of(long_value), "value too long");
    EXPECT_EQ(problem_of(no_sequence), "sequence numbers of a session start at 1");
}

}  // namespace
}  // namespace squall::raft::server
