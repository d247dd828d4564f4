#include "raft/node/stdio_network.hpp"

#include <optional>
#include <unistd.h>
#include <utility>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <fmt/format.h>

#include "raft/limits.hpp"
#include "raft/message.hpp"
#include "raft/node/event_log.hpp"

namespace squall::raft::node {

using boost::system::error_code;
using maelstrom::ErrorCode;

StdioNetwork::StdioNetwork(const Parts& parts, StdioStart start)
    : inbox_(parts.inbox),
      board_(parts.board),
      metrics_(parts.metrics),
      status_(parts.status),
      stop_(parts.stop),
      names_(std::move(start.names)),
      init_asker_(std::move(start.asker)),
      lines_(std::move(start.input)),
      input_(parts.io, STDIN_FILENO),
      output_(parts.io, STDOUT_FILENO) {
    metrics_.lines_ignored.add(start.ignored);
}

void StdioNetwork::start() {
    log_event(names_.self(), fmt::format("initialised as {} of {}", self(), names_.size()));
    answer(init_asker_, maelstrom::answer_to_init());
    take_lines();
    read();
}

void StdioNetwork::read() {
    input_.async_read_some(
        boost::asio::buffer(read_buffer_), [this](const error_code& error, std::size_t bytes) {
            if (error) {
                stop_(error == boost::asio::error::eof ? "input ended" : error.message());
                return;
            }
            lines_.feed({read_buffer_.data(), bytes});
            take_lines();
            read();
        });
}

void StdioNetwork::take_lines() {
    while (const auto line = lines_.next()) {
        take(*line);
    }
    metrics_.lines_too_long.add(lines_.too_long() -
                                std::exchange(known_too_long_, lines_.too_long()));
    flush();
}

void StdioNetwork::take(std::string_view line) {
    std::optional<maelstrom::Incoming> message = maelstrom::read_message(line);
    if (!message || message->to != self()) {
        metrics_.lines_ignored.add();
        return;
    }
    const maelstrom::Asker& asker = message->from;
    if (const auto* frame = std::get_if<maelstrom::Frame>(&message->body)) {
        take_frame(asker.name, *frame);
    } else if (asker.msg_id.empty()) {
        metrics_.lines_ignored.add();
    } else if (auto* request = std::get_if<server::Request>(&message->body)) {
        take_request(asker, std::move(*request), line.size());
    } else if (const auto* echo = std::get_if<maelstrom::Echo>(&message->body)) {
        answer(asker, maelstrom::answer_to(*echo));
    } else if (std::holds_alternative<maelstrom::LeaderQuestion>(message->body)) {
        answer(asker, leader());
    } else if (std::holds_alternative<maelstrom::StatusQuestion>(message->body)) {
        answer(asker, maelstrom::answer_with_status(status_()));
    } else {
        metrics_.requests_malformed.add();
        const auto* wrong = std::get_if<maelstrom::Wrong>(&message->body);
        answer(asker,
               wrong != nullptr
                   ? maelstrom::error(wrong->code, wrong->text)
                   : maelstrom::error(ErrorCode::malformed_request, "already initialised"));
    }
}

void StdioNetwork::take_frame(const std::string& from, const maelstrom::Frame& frame) {
    const NodeId peer = names_.id_of(from);
    std::optional<Message> message = decode(frame.bytes);
    if (peer == no_node || peer == names_.self() || !message) {
        metrics_.frames_malformed.add();
        return;
    }
    metrics_.messages_received.add();
    if (!inbox_.push_peer({peer, names_.self(), std::move(*message)}, frame.bytes.size())) {
        metrics_.messages_dropped.add();
    }
}

void StdioNetwork::take_request(const maelstrom::Asker& asker,
                                server::Request request,
                                std::size_t bytes) {
    const server::Operation operation = request.operation;
    const server::RequestToken token = ++last_token_;
    // Known before the Raft loop can answer it.
    open_[token] = {asker, operation};
    if (stopping_ || !inbox_.push_client({token, std::move(request)}, bytes)) {
        open_.erase(token);
        metrics_.requests_overloaded.add();
        answer(asker,
               maelstrom::error(ErrorCode::temporarily_unavailable,
                                stopping_ ? "the node is stopping" : "overloaded"));
        return;
    }
    (operation == server::Operation::get ? metrics_.reads : metrics_.proposals).add();
}

maelstrom::Answer StdioNetwork::leader() const {
    const Status status = board_.read().core;
    // A leader that stepped down knows no successor yet.
    const bool own = status.leader == names_.self();
    if (status.leader == no_node || status.leader > names_.size() ||
        (own && status.role != Role::leader)) {
        return maelstrom::answer_with_leader(std::nullopt, status.term);
    }
    return maelstrom::answer_with_leader(names_.name_of(status.leader), status.term);
}

void StdioNetwork::carry(Outgoing outgoing) {
    for (const Outgoing::Message& message : outgoing.messages) {
        // Voters of an earlier life, in a snapshot, may be more than there are now.
        const bool sent =
            message.to <= names_.size() &&
            queue(maelstrom::frame_line(self(), names_.name_of(message.to), message.bytes));
        (sent ? metrics_.messages_sent : metrics_.messages_dropped).add();
    }
    for (const server::ClientReply& reply : outgoing.replies) {
        const auto waiting = open_.find(reply.token);
        if (waiting == open_.end()) {
            continue;
        }
        if (reply.reply.status == server::ReplyStatus::overloaded) {
            metrics_.requests_overloaded.add();
        } else if (reply.reply.status == server::ReplyStatus::malformed) {
            metrics_.requests_malformed.add();
        }
        const auto& [asker, operation] = waiting->second;
        answer(asker, maelstrom::answer_to(operation, reply.reply));
        open_.erase(waiting);
    }
    flush();
}

void StdioNetwork::answer(const maelstrom::Asker& asker, const maelstrom::Answer& answer) {
    if (!queue(maelstrom::answer_line(self(), asker, answer))) {
        metrics_.answers_dropped.add();
    }
}

bool StdioNetwork::queue(std::string line) {
    if (broken_ || unsent_bytes_ + line.size() > limits::stdio_unsent_bytes) {
        return false;
    }
    unsent_bytes_ += line.size();
    pending_ += line;
    return true;
}

void StdioNetwork::flush() {
    if (!broken_ && written_ == writing_.size() && !pending_.empty()) {
        writing_ = std::exchange(pending_, {});
        written_ = 0;
        write();
    }
}

void StdioNetwork::write() {
    output_.async_write_some(boost::asio::buffer(std::string_view(writing_).substr(written_)),
                             [this](const error_code& error, std::size_t bytes) {
                                 if (error) {
                                     broken_ = true;
                                     stop_(fmt::format("output closed: {}", error.message()));
                                     return;
                                 }
                                 written_ += bytes;
                                 unsent_bytes_ -= bytes;
                                 if (written_ < writing_.size()) {
                                     write();
                                 } else {
                                     flush();
                                 }
                             });
}

std::map<std::string, std::uint64_t> StdioNetwork::gauges() const {
    return {{"open_requests", open_.size()}, {"client_unsent_bytes", unsent_bytes_}};
}

}  // namespace squall::raft::node
