// How one operation travels: which node is asked, when it is asked again elsewhere, and what the
// answers amount to. Pure; shared by both drivers, so that the outcome rules
// (docs/outcomes-and-verdicts.md) stand in one place. If any attempt was ambiguous the outcome is
// *ok* or *info*, never *fail*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "harness/cluster.hpp"
#include "harness/run.hpp"

namespace squall::harness {

/// A node's reply in protocol-neutral form (statuses of docs/protocol.md).
struct NodeReply {
    enum class Status : std::uint8_t {
        ok,
        not_leader,
        unknown,
        overloaded,
        session_expired,
        malformed,
        refused  ///< It did not happen, and asking again would not help.
    };
    Status status = Status::ok;
    NodeId leader = 0;
    bool applied = true;
    std::optional<history::Value> value;
    history::LogPosition position;
    /// The system's own word for a status that is not ok; empty: the status's name.
    std::string error = {};
};

class Attempts {
  public:
    struct Send {
        NodeId node = 0;
    };

    using Step = std::variant<Send, Answer>;

    Attempts(Invocation invocation, std::uint32_t nodes);

    [[nodiscard]] Step start();
    [[nodiscard]] Step on_reply(const NodeReply& reply);

    /// The node could not be reached and nothing was sent.
    [[nodiscard]] Step on_refused();

    /// The connection broke after (part of) the request was sent.
    [[nodiscard]] Step on_lost();

    [[nodiscard]] const Invocation& invocation() const { return invocation_; }

  private:
    [[nodiscard]] Step send(NodeId node);

    /// Asks the hinted node, else the next one by number; after enough attempts gives up.
    /// `answered` is the node that said why, 0 if none did.
    [[nodiscard]] Step next(NodeId hint, const std::string& why, NodeId answered);

    /// The attempt may have taken effect.
    [[nodiscard]] Step doubtful(NodeId hint, const std::string& why, NodeId answered);

    [[nodiscard]] Answer refuse(const std::string& why, NodeId answered) const;
    [[nodiscard]] Answer answer(const NodeReply& reply) const;

    Invocation invocation_;
    std::uint32_t nodes_;
    bool mutation_;
    NodeId asked_ = 0;
    int attempts_ = 0;
    std::string doubt_;  ///< Why an attempt may have taken effect; empty: none may.
};

/// How values travel as bytes: integers in decimal, strings as they are (so a string of digits
/// comes back as an integer). Throws Failure for a value of another kind.
[[nodiscard]] std::string to_wire(const history::Value& value);
[[nodiscard]] history::Value from_wire(const std::string& bytes);

/// What to append to the bytes under a key. Of lists and sets those are the elements, each with a
/// comma after it: 3,5,4, is the list [3, 5, 4].
[[nodiscard]] std::string suffix_to_wire(const workloads::Request& request);

/// What a client sees of the bytes under a key: the elements of a list or set. What has not that
/// form stays as it is.
[[nodiscard]] history::Value seen_as(workloads::Object object, const history::Value& value);

}  // namespace squall::harness
