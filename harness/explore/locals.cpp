#include "harness/explore/locals.hpp"

#include <algorithm>

#include "raft/assert.hpp"
#include "raft/image.hpp"

namespace squall::harness::explore {

namespace {

/// Replies of a term that the receiver has left for ever (it is on its disk) move nothing there.
raft::Term dead_from(const raft::Message& message) {
    constexpr raft::Term never = UINT64_MAX;
    if (const auto* vote = std::get_if<raft::VoteReply>(&message)) {
        // Counts for a candidate of the term asked for; for a pre-candidate of the one before.
        const raft::Term asked = vote->pre_vote ? vote->request_term : vote->request_term + 1;
        return vote->granted ? std::max(vote->term, asked) : vote->term;
    }
    if (const auto* append = std::get_if<raft::AppendReply>(&message)) {
        return append->term + 1;
    }
    if (const auto* heartbeat = std::get_if<raft::HeartbeatReply>(&message)) {
        return heartbeat->term + 1;
    }
    return never;
}

}  // namespace

Locals::Locals(const Options& options) : options_(options) {
    for (raft::NodeId id = 1; id <= options.nodes; ++id) {
        configs_.push_back(config_of(id, options));
    }
}

ImageId Locals::fresh(raft::NodeId id) {
    return intern(Node(configs_[id - 1]));
}

Node Locals::node(ImageId image) const {
    return Node(configs_[summaries_[image].id - 1], images_[image]);
}

ImageId Locals::intern(const Node& node) {
    buffer_.clear();
    node.write_image(buffer_);
    const auto [id, fresh] = images_.intern(buffer_);
    if (!fresh) {
        return id;
    }
    const raft::Status status = node.status();
    Summary summary;
    summary.id = status.id;
    summary.role = status.role;
    summary.term = status.term;
    summary.durable_term = node.disk().hard_state().term;
    summary.commit = status.commit;
    summary.log = intern_log(node.log());
    std::vector<raft::Term> durable;
    for (const raft::Entry& entry : node.disk().entries()) {
        durable.push_back(entry.term);
    }
    summary.disk_log = intern_log(std::move(durable));
    summary.writing = !node.writes().empty();
    for (const raft::Persist& write : node.writes()) {
        summary.write_parts += static_cast<std::uint32_t>(Disk::parts(write));
    }
    summaries_.push_back(summary);
    return id;
}

MessageId Locals::intern(const raft::Envelope& envelope) {
    buffer_.clear();
    raft::image::Writer writer(buffer_);
    writer(envelope);
    const auto [id, fresh] = message_bytes_.intern(buffer_);
    if (fresh) {
        messages_.push_back({envelope, dead_from(envelope.message)});
    }
    return id;
}

LogNumber Locals::intern_log(std::vector<raft::Term> terms) {
    std::string bytes;
    raft::image::Writer writer(bytes);
    for (const raft::Term term : terms) {
        writer.number(term);
    }
    const auto [id, fresh] = log_bytes_.intern(bytes);
    if (fresh) {
        logs_.push_back(std::move(terms));
    }
    return id;
}

LocalStep Locals::step(ImageId image, InputKind kind, std::uint32_t argument) {
    constexpr unsigned kind_shift = 28;
    ASSERT(argument < std::uint32_t{1} << kind_shift);
    const std::uint32_t input = static_cast<std::uint32_t>(kind) << kind_shift | argument;
    const std::uint64_t key = std::uint64_t{image} << 32U | input;
    std::uint32_t index = 0;
    if (const auto known = memo_.find(key)) {
        index = *known;
    } else {
        index = run(image, kind, argument);
        memo_.insert(key, index);
    }
    const Stored& stored = stored_[index];
    LocalStep step{stored.image,
                   std::span(said_).subspan(stored.first_message, stored.messages),
                   std::span(facts_).subspan(stored.first_fact, stored.facts),
                   nullptr};
    if (stored.violates) {
        const auto found = std::find_if(violations_.begin(), violations_.end(), [&](const auto& v) {
            return v.first == index;
        });
        step.violation = &found->second;
    }
    return step;
}

std::uint32_t Locals::run(ImageId image, InputKind kind, std::uint32_t argument) {
    Node subject = node(image);
    Input input{kind, argument, nullptr};
    if (kind == InputKind::message) {
        input.message = &messages_[argument].envelope;
    }
    Outcome outcome = subject.step(input, options_.instant_disks);
    const auto index = static_cast<std::uint32_t>(stored_.size());
    Stored stored;
    stored.image = image;
    stored.first_message = static_cast<std::uint32_t>(said_.size());
    stored.first_fact = static_cast<std::uint32_t>(facts_.size());
    if (outcome.violation) {
        stored.violates = true;
        violations_.emplace_back(index, std::move(*outcome.violation));
    } else {
        stored.image = intern(subject);
        for (const raft::Envelope& envelope : outcome.messages) {
            said_.push_back(intern(envelope));
        }
        facts_.insert(facts_.end(), outcome.facts.begin(), outcome.facts.end());
        ASSERT(outcome.messages.size() < 256 && outcome.facts.size() < 256);
        stored.messages = static_cast<std::uint8_t>(outcome.messages.size());
        stored.facts = static_cast<std::uint8_t>(outcome.facts.size());
    }
    stored_.push_back(stored);
    return index;
}

bool Locals::logs_match(LogNumber one, LogNumber other) {
    if (one == other) {
        return true;
    }
    const std::uint64_t key = std::uint64_t{std::min(one, other)} << 32U | std::max(one, other);
    if (const auto known = matching_.find(key)) {
        return *known != 0;
    }
    const std::vector<raft::Term>& a = logs_[one];
    const std::vector<raft::Term>& b = logs_[other];
    std::size_t same = std::min(a.size(), b.size());
    while (same > 0 && a[same - 1] != b[same - 1]) {
        --same;
    }
    const bool match =
        std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(same), b.begin());
    matching_.insert(key, match ? 1 : 0);
    return match;
}

std::uint32_t& Locals::entry(std::vector<Renamed>& tables, std::size_t ordinal, std::uint32_t id) {
    if (tables.size() <= ordinal) {
        tables.resize(ordinal + 1);
    }
    Renamed& table = tables[ordinal];
    if (table.size() <= id) {
        table.resize(std::max<std::size_t>(std::size_t{id} + 1, table.size() * 2));
    }
    return table[id];
}

ImageId Locals::rename(ImageId image, std::size_t ordinal, std::span<const raft::NodeId> names) {
    if (const std::uint32_t known = entry(renamed_, ordinal, image); known != 0) {
        return known - 1;
    }
    std::string renamed;
    node(image).write_image(renamed, names);
    const raft::NodeId id = names[summaries_[image].id];
    const ImageId result = intern(Node(configs_[id - 1], renamed));
    entry(renamed_, ordinal, image) = result + 1;
    return result;
}

MessageId Locals::rename_message(MessageId message,
                                 std::size_t ordinal,
                                 std::span<const raft::NodeId> names) {
    if (const std::uint32_t known = entry(renamed_messages_, ordinal, message); known != 0) {
        return known - 1;
    }
    raft::Envelope envelope = messages_[message].envelope;
    envelope.from = names[envelope.from];
    envelope.to = names[envelope.to];
    const MessageId result = intern(envelope);
    entry(renamed_messages_, ordinal, message) = result + 1;
    return result;
}

std::size_t Locals::bytes() const {
    std::size_t renames = 0;
    for (const std::vector<Renamed>* tables : {&renamed_, &renamed_messages_}) {
        for (const Renamed& table : *tables) {
            renames += table.capacity() * sizeof(table[0]);
        }
    }
    return images_.bytes() + message_bytes_.bytes() + log_bytes_.bytes() + memo_.bytes() +
           matching_.bytes() + renames + summaries_.capacity() * sizeof(Summary) +
           stored_.capacity() * sizeof(Stored) + said_.capacity() * sizeof(MessageId) +
           facts_.capacity() * sizeof(Fact) + messages_.size() * sizeof(MessageInfo);
}

}  // namespace squall::harness::explore
