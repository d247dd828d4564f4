// What clients saw, traced back to who answered in which state. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.hpp"
#include "harness/node_message.hpp"
#include "harness/triage/trace_view.hpp"
#include "history/event.hpp"
#include "history/operation.hpp"

namespace squall::harness::triage {

inline constexpr std::string_view read_behind_words = "read behind, served by ";
inline constexpr std::string_view no_leader_words = "no leader";

class ClientView {
  public:
    /// `traces` and `messages` live longer; `messages`: in the order of `sent`, or none.
    ClientView(std::span<const history::Event> events,
               const TraceView& traces,
               std::span<const NodeMessage> messages,
               std::uint32_t nodes);

    [[nodiscard]] bool acknowledged_uncommitted() const;

    /// "read behind, served by ..."; nothing when no read went back. `check`: that blames one.
    [[nodiscard]] std::optional<std::string> read_behind(const checker::Check* check) const;

    /// Of the operations that the check blames, the last one stands where another mutation was
    /// acknowledged.
    [[nodiscard]] bool place_taken(const checker::Check& check) const;

  private:
    [[nodiscard]] std::string server_of(const history::Operation& read) const;
    [[nodiscard]] bool any_node_serves() const;
    [[nodiscard]] bool went_back(const history::Operation& read) const;
    [[nodiscard]] bool unconfirmed(NodeId node, history::Time from, history::Time until) const;

    std::vector<history::Operation> operations_;
    const TraceView& traces_;
    std::span<const NodeMessage> messages_;
    std::uint32_t nodes_;
};

}  // namespace squall::harness::triage
