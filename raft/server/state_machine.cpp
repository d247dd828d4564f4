#include "raft/server/state_machine.hpp"

#include <utility>

#include "raft/bytes.hpp"
#include "raft/crc32c.hpp"
#include "raft/server/command.hpp"

namespace squall::raft::server {

namespace {

constexpr std::uint32_t snapshot_magic = 0x4E534B53;  // "SKSN"
constexpr std::uint8_t snapshot_version = 1;
constexpr std::size_t checksum_bytes = 4;

/// One step of the running hash: the finaliser of splitmix64. For a fixed word it is a bijection,
/// so two replicas that differed once never agree again by applying equal entries.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash ^= word;
    hash += 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9U;
    hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBU;
    return hash ^ (hash >> 31U);
}

std::uint64_t mix(std::uint64_t hash, std::string_view bytes) {
    ByteReader words(bytes);
    while (words.rest().size() >= sizeof(std::uint64_t)) {
        hash = mix(hash, words.get<std::uint64_t>());
    }
    std::uint64_t tail = 0;
    for (const char byte : words.rest()) {
        tail = (tail << 8U) | static_cast<unsigned char>(byte);
    }
    return mix(mix(hash, tail), bytes.size());
}

}  // namespace

Reply StateMachine::execute(const Entry& entry) {
    Reply reply;
    reply.position = entry.id();
    effect_ = {};
    if (entry.kind == EntryKind::noop) {
        return reply;
    }
    std::optional<Request> command = decode_command(entry.data);
    if (!command) {
        reply.status = ReplyStatus::malformed;
        reply.message = "unreadable command";
        return reply;
    }
    const auto answer = [&reply](KeyValueStore::Outcome outcome) {
        reply.applied = outcome.applied;
        reply.value = std::move(outcome.value);
    };
    const bool forgets =
        bugs_.has(zoo::Bug::no_dedup) || (bugs_.has(zoo::Bug::dedup_local) && !remember_sessions_);
    if (command->session == 0 || forgets) {
        answer(store_.apply(*command));
        if (command->session != 0) {
            effect_ = {command->session, command->sequence};
        }
        return reply;
    }
    switch (sessions_.judge(command->session, command->sequence, entry.index)) {
        case Sessions::Verdict::fresh: {
            KeyValueStore::Outcome outcome = store_.apply(*command);
            sessions_.record(command->session, command->sequence, entry.id(), outcome);
            answer(std::move(outcome));
            effect_ = {command->session, command->sequence};
            break;
        }
        case Sessions::Verdict::repeated: {
            const Sessions::Record& record = sessions_.recorded(command->session, entry.index);
            answer(record.outcome);
            reply.position = record.position;
            break;
        }
        case Sessions::Verdict::expired:
            reply.status = ReplyStatus::session_expired;
            reply.applied = false;
            break;
    }
    return reply;
}

Reply StateMachine::apply(const Entry& entry) {
    Reply reply = execute(entry);
    last_ = entry.id();
    hash_ = mix(mix(hash_, entry.term), entry.index);
    hash_ = mix(mix(hash_, static_cast<std::uint64_t>(entry.kind)), entry.data);
    hash_ = mix(mix(hash_, static_cast<std::uint64_t>(reply.status)), reply.applied ? 1 : 0);
    hash_ = mix(mix(hash_, reply.position.index), reply.value ? 1 : 0);
    if (reply.value) {
        hash_ = mix(hash_, *reply.value);
    }
    return reply;
}

Reply StateMachine::read(std::string_view key) const {
    Reply reply;
    reply.value = store_.get(key);
    reply.position = last_;
    return reply;
}

std::string StateMachine::encode() const {
    std::string out;
    put(out, snapshot_magic);
    put(out, snapshot_version);
    put(out, last_.term);
    put(out, last_.index);
    put(out, hash_);
    store_.encode(out);
    if (bugs_.has(zoo::Bug::no_sessions)) {
        Sessions(0, 0).encode(out);
    } else {
        sessions_.encode(out);
    }
    put(out, crc32c(out));
    return out;
}

bool StateMachine::decode(std::string_view bytes, LogId expected) {
    if (bytes.size() < checksum_bytes) {
        return false;
    }
    const std::string_view body = bytes.substr(0, bytes.size() - checksum_bytes);
    ByteReader trailer(bytes.substr(body.size()));
    if (trailer.get<std::uint32_t>() != crc32c(body)) {
        return false;
    }
    ByteReader reader(body);
    const auto magic = reader.get<std::uint32_t>();
    const auto version = reader.get<std::uint8_t>();
    if (magic != snapshot_magic || version != snapshot_version) {
        return false;
    }
    last_.term = reader.get<std::uint64_t>();
    last_.index = reader.get<std::uint64_t>();
    hash_ = reader.get<std::uint64_t>();
    store_.decode(reader);
    sessions_.decode(reader);
    return reader.complete() && last_ == expected;
}

}  // namespace squall::raft::server
