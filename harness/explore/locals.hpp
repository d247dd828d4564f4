// Everything that global states have in common, kept once and numbered: images of nodes, messages,
// logs. And what an input makes of a node, which depends on nothing but the two: the core itself
// runs only once for each pair; after that a step is a look into a table.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/facts.hpp"
#include "harness/explore/flat_map.hpp"
#include "harness/explore/interner.hpp"
#include "harness/explore/node.hpp"
#include "harness/explore/options.hpp"

namespace squall::harness::explore {

using ImageId = std::uint32_t;
using MessageId = std::uint32_t;
using LogNumber = std::uint32_t;

/// What others, and who chooses the next input, need to know of a node's image.
struct Summary {
    raft::NodeId id = raft::no_node;
    raft::Role role{};
    raft::Term term = 0;
    raft::Term durable_term = 0;
    raft::Index commit = 0;
    LogNumber log = 0;       ///< In memory.
    LogNumber disk_log = 0;  ///< Durable.
    std::uint32_t write_parts = 0;
    bool writing = false;
};

/// What an input makes of an image.
struct LocalStep {
    ImageId image = 0;
    std::span<const MessageId> messages;
    std::span<const Fact> facts;
    const Violation* violation = nullptr;
};

struct MessageInfo {
    raft::Envelope envelope;
    /// Once its receiver has this term on its disk, it can do nothing any more.
    raft::Term dead_from = 0;
};

class Locals {
  public:
    explicit Locals(const Options& options);

    /// The image of node `id` with an empty disk.
    [[nodiscard]] ImageId fresh(raft::NodeId id);

    /// Input::message is ignored: the argument is the MessageId.
    [[nodiscard]] LocalStep step(ImageId image, InputKind kind, std::uint32_t argument);

    [[nodiscard]] const Summary& summary(ImageId image) const { return summaries_[image]; }

    /// As Node wrote it.
    [[nodiscard]] std::string_view image(ImageId id) const { return images_[id]; }

    [[nodiscard]] const MessageInfo& message(MessageId id) const { return messages_[id]; }

    /// Terms by index, from 1.
    [[nodiscard]] const std::vector<raft::Term>& log(LogNumber number) const {
        return logs_[number];
    }

    /// Whether two logs that share an entry share all before it (§5.3, the log matching property).
    [[nodiscard]] bool logs_match(LogNumber one, LogNumber other);

    /// The same with other names for the nodes: `names[id]`. `ordinal` identifies the names.
    [[nodiscard]] ImageId rename(ImageId image,
                                 std::size_t ordinal,
                                 std::span<const raft::NodeId> names);
    [[nodiscard]] MessageId rename_message(MessageId message,
                                           std::size_t ordinal,
                                           std::span<const raft::NodeId> names);

    /// How often a core ran.
    [[nodiscard]] std::size_t core_steps() const { return memo_.size(); }

    [[nodiscard]] std::size_t images() const { return images_.size(); }

    [[nodiscard]] std::size_t bytes() const;

  private:
    struct Stored {
        ImageId image = 0;
        std::uint32_t first_message = 0;
        std::uint32_t first_fact = 0;
        std::uint8_t messages = 0;
        std::uint8_t facts = 0;
        bool violates = false;
    };

    /// By id of what is renamed; 0: not yet known, else one more than the result.
    using Renamed = std::vector<std::uint32_t>;

    [[nodiscard]] Node node(ImageId image) const;
    [[nodiscard]] ImageId intern(const Node& node);
    [[nodiscard]] MessageId intern(const raft::Envelope& envelope);
    [[nodiscard]] LogNumber intern_log(std::vector<raft::Term> terms);
    [[nodiscard]] std::uint32_t run(ImageId image, InputKind kind, std::uint32_t argument);
    [[nodiscard]] static std::uint32_t& entry(std::vector<Renamed>& tables,
                                              std::size_t ordinal,
                                              std::uint32_t id);

    Options options_;
    std::vector<raft::CoreConfig> configs_;  ///< By node, from 0.

    Interner images_;
    std::vector<Summary> summaries_;
    Interner message_bytes_;
    std::deque<MessageInfo> messages_;
    Interner log_bytes_;
    std::deque<std::vector<raft::Term>> logs_;

    FlatMap memo_;  ///< (image, input) to an index of stored_.
    std::vector<Stored> stored_;
    std::vector<MessageId> said_;
    std::vector<Fact> facts_;
    std::deque<std::pair<std::uint32_t, Violation>> violations_;  ///< By index of stored_.

    FlatMap matching_;
    std::vector<Renamed> renamed_;
    std::vector<Renamed> renamed_messages_;
    std::string buffer_;
};

}  // namespace squall::harness::explore
