#include "raft/server/sessions.hpp"

#include <utility>

#include "raft/assert.hpp"
#include "raft/limits.hpp"

namespace squall::raft::server {

namespace {

// The byte before a recorded value in a snapshot; 0: there is none.
constexpr std::uint8_t value_follows = 1;
constexpr std::uint8_t value_lost = 2;

[[nodiscard]] std::uint8_t value_mark(const Sessions::Record& record) {
    if (record.lost_value) {
        return value_lost;
    }
    return record.outcome.value ? value_follows : std::uint8_t{0};
}

}  // namespace

bool Sessions::may_begin(Index now) const {
    // Whoever floods the table with new sessions must not make it forget one whose client may still
    // re-send its first mutation: that would be applied twice.
    return records_.size() < limit_ || now - by_use_.begin()->first >= guard_;
}

Sessions::Verdict Sessions::judge(std::uint64_t session, std::uint64_t sequence, Index now) const {
    const auto found = records_.find(session);
    if (found == records_.end()) {
        return sequence == 1 && may_begin(now) ? Verdict::fresh : Verdict::expired;
    }
    if (sequence == found->second.sequence) {
        return found->second.lost_value ? Verdict::expired : Verdict::repeated;
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
    record.lost_value = outcome.value && outcome.value->size() > limits::recorded_value_bytes;
    if (record.lost_value) {
        outcome.value.reset();
    }
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
        put(out, value_mark(record));
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
        const auto mark = reader.get<std::uint8_t>();
        record.lost_value = mark == value_lost;
        if (mark == value_follows) {
            record.outcome.value = reader.get_bytes();
        }
        const bool in_order = records_.empty() || session > records_.rbegin()->first;
        if (!in_order || mark > value_lost || !by_use_.emplace(record.used, session).second) {
            reader.fail();
        } else {
            records_.emplace_hint(records_.end(), session, std::move(record));
        }
    }
}

}  // namespace squall::raft::server
