// The messages of one connection on their way through a link: applies the link's rule to each that
// arrives and hands them on, in order, when their time has come. Pure: time comes as an argument,
// bytes go in and out, sockets are elsewhere. What is lost is lost by a rule, never for want of
// room: whoever feeds it stops while it is full.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "history/random.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::process {

/// Messages so far. `cut` and `dropped` count only what a receiver that runs was deprived of.
struct LinkCounters {
    std::uint64_t passed = 0;  ///< Handed to the receiver's connection, copies not counted.
    std::uint64_t cut = 0;
    std::uint64_t dropped = 0;
    std::uint64_t delayed = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;  ///< Delivered after a message that was sent later.
};

/// What all connections of one directed link share.
struct LinkState {
    nemesis::Link link;
    history::Stream stream;
    nemesis::LinkRule rule;
    bool receiver_running = true;
    LinkCounters counters;
    std::uint64_t messages = 0;  ///< Arrived so far.
};

class LinkQueue {
  public:
    using Instant = std::chrono::steady_clock::time_point;

    /// What comes first: a hello, which no rule touches, or what every rule is for.
    enum class Begins : std::uint8_t { with_a_hello, with_a_message };

    /// `state` must outlive it.
    explicit LinkQueue(LinkState& state, Begins begins = Begins::with_a_hello)
        : state_(state), hello_passed_(begins == Begins::with_a_message) {}

    /// A whole frame arrives. A hello passes whatever the rule says; it must be taken out before
    /// the rule can change.
    void arrive(std::string_view frame, Instant now);

    /// Moves on what is due.
    void advance(Instant now);

    /// The link was cut: what waits here is lost.
    void cut();

    /// Takes the bytes that are due out; empty when there are none. They count as passed.
    [[nodiscard]] std::string take();

    /// When `advance` has something to do next.
    [[nodiscard]] std::optional<Instant> next_due() const;

    [[nodiscard]] bool empty() const { return waiting_.empty() && due_bytes_.empty(); }

    [[nodiscard]] bool full() const;

  private:
    struct Message {
        std::string frame;
        std::uint64_t number = 0;  ///< In the order of arrival on this connection.
        bool copy = false;
    };

    [[nodiscard]] bool something_due(Instant now) const;
    void wait(Instant due, Message message);
    void deliver(std::string_view frame, std::uint64_t number, bool copy);
    void count_lost(std::uint64_t& counter, std::uint64_t count) const;

    LinkState& state_;
    bool hello_passed_;
    std::uint64_t next_number_ = 0;
    std::uint64_t delivered_until_ = 0;  ///< One past the highest number delivered.
    Instant in_order_until_{};           ///< Due time of the last message that keeps the order.
    /// Messages whose time has not come, by due time, then arrival.
    std::map<std::pair<Instant, std::uint64_t>, Message> waiting_;
    std::uint64_t next_waiting_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::string due_bytes_;
    std::uint64_t due_messages_ = 0;
};

}  // namespace squall::harness::process
