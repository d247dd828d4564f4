// The links between nodes: when a message arrives, how often, or not at all. It carries no messages
// itself: the cluster asks it for a message's fate when it is sent and again when it is due.
//
// Without a fault a link behaves like TCP: nothing is lost and order is kept. A cut loses what is
// sent while it lasts and what was under way when it began (docs/fault-model.md).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "history/event.hpp"
#include "history/random.hpp"
#include "nemesis/active_faults.hpp"

namespace squall::harness::sim {

/// What faults did to the messages of a link, as far as a running node would have got them.
struct LinkCounters {
    std::int64_t cut = 0;
    std::int64_t dropped = 0;
    std::int64_t delayed = 0;
    std::int64_t duplicated = 0;
    std::int64_t reordered = 0;
};

class VirtualNetwork {
  public:
    /// `era` counts the cuts of the link: a message of an earlier era never arrives.
    struct Delivery {
        history::Time at{};
        std::uint64_t era = 0;
    };

    /// Up to two deliveries of one message.
    class Deliveries {
      public:
        void add(Delivery delivery) { deliveries_[count_++] = delivery; }

        [[nodiscard]] std::span<const Delivery> all() const { return {deliveries_.data(), count_}; }

      private:
        std::array<Delivery, 2> deliveries_{};
        std::size_t count_ = 0;
    };

    VirtualNetwork(std::uint64_t seed, std::uint32_t nodes);

    /// A message leaves. `counts`: the receiver is up and running, so that what a fault does to the
    /// message is an effect.
    [[nodiscard]] Deliveries send(history::Time now, nemesis::Link link, bool counts);

    /// A delivery is due: does it arrive?
    [[nodiscard]] bool arrives(nemesis::Link link, std::uint64_t era);

    /// The faults in force on a link have changed.
    void set_rule(nemesis::Link link, const nemesis::LinkRule& rule, bool counts);

    /// Nothing that is sent now gets through.
    [[nodiscard]] bool cut(nemesis::Link link) const;

    [[nodiscard]] const LinkCounters& counters(nemesis::Link link) const;

  private:
    struct State {
        nemesis::LinkRule rule;
        bool faulty = false;
        std::uint64_t era = 0;
        std::int64_t in_flight = 0;  ///< Of this era.
        std::uint64_t sent = 0;
        history::Time last_arrival{};
        LinkCounters counters;
    };

    [[nodiscard]] std::size_t index(nemesis::Link link) const;
    [[nodiscard]] Deliveries send_under_rule(history::Time now,
                                             State& state,
                                             nemesis::Link link,
                                             history::Duration latency,
                                             bool counts);

    history::Stream latencies_;
    history::Stream fates_;
    std::uint32_t nodes_;
    std::vector<State> links_;
};

}  // namespace squall::harness::sim
