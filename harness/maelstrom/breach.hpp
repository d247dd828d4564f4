// What nodes do against the protocol, collected while a run goes on and judged at its end. Bounded:
// each kind is counted per node, and only its first case is kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "checker/check.hpp"
#include "history/event.hpp"

namespace squall::harness::maelstrom {

enum class Breach : std::uint8_t {
    not_a_message,     ///< A line that is no JSON, or no envelope.
    line_too_long,     ///< Skipped to its end.
    no_such_receiver,  ///< A message to a name that nobody has.
    false_sender,      ///< A `src` that is not the node's own name.
    reply_to_nobody,   ///< To a client, for no request of that client.
    second_reply,      ///< To a request that had an answer.
    unexpected_reply,  ///< Of a type, or without the fields, that the request calls for.
    output_closed,     ///< Its standard output, while it lived on.
    flood,             ///< More output than the router will read; it was slowed down.
    input_unread,      ///< So much waits at its standard input that messages were lost.
};

class BreachLog {
  public:
    void add(history::NodeId node, Breach breach, std::string_view sample);

    /// *invalid* when a node broke the protocol. A flood and unread input are told of but break
    /// nothing, nor does a second reply in a run that duplicated messages between nodes: there it
    /// may be the second answer to a copied question.
    [[nodiscard]] checker::Check check(bool duplicates_were_injected) const;

  private:
    struct Seen {
        std::uint64_t count = 0;
        std::string first;
    };

    std::map<std::pair<Breach, history::NodeId>, Seen> seen_;
};

}  // namespace squall::harness::maelstrom
