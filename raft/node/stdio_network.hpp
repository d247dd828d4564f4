// A node on standard input and output: peers and clients all speak through one stream of lines each
// way (docs/protocol.md, "On standard input and output"), on the network thread.
//
// Lines are written whole and in order. What waits to be written is bounded: beyond it a line is
// dropped, which Raft tolerates of messages, and which tells a client nothing about its request.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "raft/node/line_reader.hpp"
#include "raft/node/maelstrom_messages.hpp"
#include "raft/node/member_names.hpp"
#include "raft/node/network.hpp"
#include "raft/node/stdio_start.hpp"

namespace squall::raft::node {

class StdioNetwork final : public Network {
  public:
    /// Throws std::system_error when it cannot wait for the standard input or output.
    StdioNetwork(const Parts& parts, StdioStart start);

    /// Answers the init.
    void start() override;
    void carry(Outgoing outgoing) override;

    void stop_taking() override { stopping_ = true; }

    [[nodiscard]] bool idle() const override {
        return broken_ || (open_.empty() && unsent_bytes_ == 0);
    }

    [[nodiscard]] const std::atomic<std::size_t>& unsent_bytes() const override {
        return unsent_bytes_;
    }

    [[nodiscard]] std::map<std::string, std::uint64_t> gauges() const override;

  private:
    /// Who awaits the reply to a token.
    struct Waiting {
        maelstrom::Asker asker;
        server::Operation operation = server::Operation::get;
    };

    void read();
    void take_lines();
    void take(std::string_view line);
    void take_frame(const std::string& from, const maelstrom::Frame& frame);
    void take_request(const maelstrom::Asker& asker, server::Request request, std::size_t bytes);
    void answer(const maelstrom::Asker& asker, const maelstrom::Answer& answer);
    [[nodiscard]] maelstrom::Answer leader() const;

    /// False: dropped.
    bool queue(std::string line);
    void flush();
    void write();

    [[nodiscard]] const std::string& self() const { return names_.name_of(names_.self()); }

    Inbox& inbox_;
    const StatusBoard& board_;
    Metrics& metrics_;
    std::function<std::string()> status_;
    std::function<void(const std::string& why)> stop_;
    MemberNames names_;
    maelstrom::Asker init_asker_;
    LineReader lines_;
    std::uint64_t known_too_long_ = 0;  ///< Of lines_, already counted.
    boost::asio::posix::stream_descriptor input_;
    boost::asio::posix::stream_descriptor output_;
    std::array<char, 65536> read_buffer_{};
    std::string pending_;
    std::string writing_;  ///< What is left of it is on its way.
    std::size_t written_ = 0;
    std::atomic<std::size_t> unsent_bytes_ = 0;
    std::unordered_map<server::RequestToken, Waiting> open_;
    server::RequestToken last_token_ = 0;
    bool stopping_ = false;
    bool broken_ = false;  ///< Nobody reads the output any more.
};

}  // namespace squall::raft::node
