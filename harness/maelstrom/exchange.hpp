// The clients' side of the protocol: which request stands for which operation, and what the answers
// amount to. Pure: whoever carries the lines says what became of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "harness/attempts.hpp"
#include "harness/maelstrom/breach.hpp"
#include "harness/maelstrom/envelope.hpp"

namespace squall::harness::maelstrom {

class Exchange {
  public:
    /// To be written to the node; if that is not possible now, say `refused`.
    struct Send {
        OpId op = 0;
        NodeId node = 0;
        std::string line;
    };

    struct Done {
        OpId op = 0;
        Answer answer;
    };

    using Step = std::variant<Send, Done>;

    /// What a message to a client amounts to.
    struct Heard {
        std::optional<Step> step;      ///< The operation goes on, or ends.
        std::optional<Breach> breach;  ///< The node had no business to say that.
    };

    explicit Exchange(std::uint32_t nodes) : nodes_(nodes) {}

    [[nodiscard]] Step invoke(const Invocation& invocation);

    /// The request that was to be sent for `op` was not.
    [[nodiscard]] Step refused(OpId op);

    /// The node ended: its requests will not be answered.
    [[nodiscard]] std::vector<Step> node_ended(NodeId node);

    /// The operation timed out. A late answer is no breach.
    void abandon(OpId op);

    [[nodiscard]] Heard heard(const Envelope& envelope, std::string_view line);

  private:
    struct Open {
        Attempts attempts;
        std::uint64_t msg_id = 0;
        NodeId node = 0;
    };

    struct Asked {
        ClientId client = 0;
        OpId op = 0;  ///< 0: not waited for any more.
        bool answered = false;
    };

    [[nodiscard]] Step take(OpId op, const Attempts::Step& step);

    std::uint32_t nodes_;
    std::unordered_map<OpId, Open> open_;
    std::vector<Asked> asked_;  ///< Every request of the run; its id is its place, from 1.
};

}  // namespace squall::harness::maelstrom
