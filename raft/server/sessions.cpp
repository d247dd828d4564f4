#include "raft/server/sessions.hpp"

#include <utility>

#include "raft/assert.hpp"

namespace squall::raft::server {

Sessions::Verdict Sessions::judge(std::uint64_t session, std::uint64_t sequence) const {
    const auto found = records_.find(session);
    if (found == records_.end()) {
        return sequence == 1 ? Verdict::fresh : Verdict::expired;
    }
    if (sequence == found->second.sequence) {
        return Verdict::repeated;
    }
    return sequence > found->second.sequence ? Verdict::fresh : Verdict::expired;
}

void Sessions::touch(std::uint64_t session, Record& record, Index now) {
    by_use_.erase(record.used);
    record.used = now;
    by_use_[now] = session;
}

const Sessions::Record& Sessions::recorded(std::uint64_t session, Index now) {
    const auto found = records_.find(session);
    ASSERT(found != records_.end());
    touch(session, found->second, now);
    return found->second;
}

void Sessions::record(std::uint64_t session,
                      std::uint64_t sequence,
                      LogId position,
                      KeyValueStore::Outcome outcome) {
    Record& record = records_[session];
    record.sequence = sequence;
    record.position = position;
    record.outcome = std::move(outcome);
    touch(session, record, position.index);
    if (records_.size() > limit_) {
        const auto oldest = by_use_.begin();
        records_.erase(oldest->second);
        by_use_.erase(oldest);
    }
}

void Sessions::encode(std::string& out) const {
    put(out, std::uint64_t{records_.size()});
    for (const auto& [session, record] : records_) {
        put(out, session);
        put(out, record.sequence);
        put(out, record.used);
        put(out, record.position.term);
        put(out, record.position.index);
        put(out, static_cast<std::uint8_t>(record.outcome.applied ? 1 : 0));
        put(out, static_cast<std::uint8_t>(record.outcome.value ? 1 : 0));
        if (record.outcome.value) {
            put_bytes(out, *record.outcome.value);
        }
    }
}

void Sessions::decode(ByteReader& reader) {
    records_.clear();
    by_use_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const auto session = reader.get<std::uint64_t>();
        Record record;
        record.sequence = reader.get<std::uint64_t>();
        record.used = reader.get<std::uint64_t>();
        record.position.term = reader.get<std::uint64_t>();
        record.position.index = reader.get<std::uint64_t>();
        record.outcome.applied = reader.get_bool();
        if (reader.get_bool()) {
            record.outcome.value = reader.get_bytes();
        }
        const bool in_order = records_.empty() || session > records_.rbegin()->first;
        if (!in_order || !by_use_.emplace(record.used, session).second) {
            reader.fail();
        } else {
            records_.emplace_hint(records_.end(), session, std::move(record));
        }
    }
}

}  // namespace squall::raft::server
