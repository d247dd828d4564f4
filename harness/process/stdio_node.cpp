#include "harness/process/stdio_node.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "harness/maelstrom/messages.hpp"

namespace squall::harness::process {

namespace {

using Clock = std::chrono::steady_clock;

/// A node that is being ended closes its output a moment before it is gone.
constexpr auto output_grace = std::chrono::seconds(1);

}  // namespace

StdioNode::StdioNode(NodeId node,
                     std::uint32_t nodes,
                     const std::string& directory,
                     const maelstrom::LeaderPattern* pattern,
                     bool show_log)
    : node_(node),
      nodes_(nodes),
      pattern_(pattern),
      show_log_(show_log),
      log_(directory + "/log"),
      claims_(node, directory + "/trace") {}

void StdioNode::spawning(boost::asio::io_context& io, StdioPipes::Events events, Command& command) {
    pipes_ = std::make_unique<StdioPipes>(io, StdioPipes::Limits{}, std::move(events));
    command.input = pipes_->node_input();
    command.output = pipes_->node_output();
}

void StdioNode::started() {
    initialised_ = false;
    paused_ = false;
    output_ended_.reset();
    term_led_ = 0;
    if (pattern_ != nullptr) {
        claims_.begin_life();
    }
    pipes_->start();
    static_cast<void>(pipes_->write(maelstrom::init_line(node_, nodes_, ++init_id_)));
}

void StdioNode::ended() {
    static_cast<void>(look());
    if (pipes_) {
        pipes_->drain();
        pipes_.reset();
    }
    initialised_ = false;
    term_led_ = 0;
}

bool StdioNode::initialised_by(std::string_view type, std::optional<std::uint64_t> reply_to) {
    const bool first = !initialised_;
    initialised_ = initialised_ || (type == "init_ok" && reply_to == init_id_);
    return first && initialised_;
}

StdioNode::Delivery StdioNode::deliver(std::string_view bytes) {
    if (!serving()) {
        return Delivery::no_receiver;
    }
    return pipes_->write(bytes) ? Delivery::done : Delivery::unread;
}

void StdioNode::output_ended() {
    output_ended_ = Clock::now();
}

bool StdioNode::look() {
    if (pattern_ != nullptr || show_log_) {
        log_.poll([this](std::string_view line) {
            if (show_log_) {
                fmt::print(stderr, "n{}: {}\n", node_, line);
            }
            const auto term = pattern_ == nullptr ? std::nullopt : pattern_->term_led(line);
            if (term) {
                claims_.add(*term);
                term_led_ = std::max(term_led_, *term);
            }
        });
    }
    if (!pipes_ || paused_ || !output_ended_ || Clock::now() - *output_ended_ < output_grace) {
        return false;
    }
    output_ended_.reset();
    return true;
}

}  // namespace squall::harness::process
