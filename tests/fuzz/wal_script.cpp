#include "tests/fuzz/wal_script.hpp"

#include <algorithm>

#include "raft/storage/recovery.hpp"
#include "raft/storage/segment.hpp"
#include "raft/storage/storage.hpp"
#include "tests/fuzz/wal_image.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::fuzz {

using namespace raft;           // NOLINT(google-build-using-namespace)
using namespace raft::storage;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::size_t batches_max = 20;
constexpr std::uint8_t stop = 7;

Index last_index(const Recovered& state) {
    const Index base = state.snapshot ? state.snapshot->last.index : 0;
    return state.entries.empty() ? base : state.entries.back().index;
}

/// What a record says, independently of recovery.
void apply_record(Recovered& state, const Record& record, const Recovered& end) {
    Persist persist;
    if (record.type == RecordType::entry) {
        persist.append = {*decode_entry(record.payload)};
    } else if (record.type == RecordType::hard_state) {
        persist.hard_state = decode_hard_state(record.payload);
    } else if (record.type == RecordType::truncate) {
        persist.truncate_from = decode_truncation(record.payload);
    } else {
        const SnapshotMarker marker = *decode_snapshot_marker(record.payload);
        // Of an older one the file is gone, so that a start refuses.
        persist.snapshot = *end.snapshot;
        persist.snapshot->last = marker.last;
        persist.discard_log = marker.discard_log;
    }
    storage::apply(state, persist);
}

}  // namespace

WalScript::WalScript(Feed& feed) {
    Storage storage(disk_, wal_config());
    while (written_.size() < batches_max && !feed.empty()) {
        const std::uint8_t kind = feed.byte() % 8;
        if (kind == stop) {
            break;
        }
        std::vector<Persist> batch;
        for (int i = kind / 4; i >= 0; --i) {
            batch.push_back(next_persist(feed));
            storage::apply(state_, batch.back());
            compacted_ = std::max(compacted_, batch.back().compact_to.value_or(0));
        }
        storage.write(batch);
        written_.push_back(state_);
    }
}

Persist WalScript::next_persist(Feed& feed) {
    const Term term = state_.hard_state.term;
    const Index last = last_index(state_);
    const Index base = state_.snapshot ? state_.snapshot->last.index : 0;
    switch (feed.byte() % 6) {
        case 0:
            return voted(term + 1, feed.byte() % 4);
        case 1:
            if (!state_.entries.empty() && last > base) {
                Persist persist = appended({});
                persist.truncate_from = last - std::min<Index>(last - base - 1, feed.byte() % 3);
                persist.append = entries(term, *persist.truncate_from, 1, "other");
                return persist;
            }
            break;
        case 2:
            if (!state_.entries.empty() && last > base) {
                const Entry& entry = state_.entries.back();
                return snapshot_taken(storage::snapshot(entry.term, entry.index, "taken"),
                                      entry.index - std::min<Index>(entry.index, feed.byte() % 3));
            }
            break;
        case 3:
            return snapshot_received(
                storage::snapshot(term, last + 1 + feed.byte() % 3, "received"));
        default:
            break;
    }
    const std::uint8_t size = feed.byte();
    return appended(entries(term, last + 1, 1 + size % 3, std::string(size * 4U, 'd')));
}

WalScript::LastSegment WalScript::last_segment() {
    LastSegment last;
    for (const std::string& name : disk_.list()) {
        if (name.starts_with("wal-")) {
            last.name = name;
        }
    }
    const std::string bytes = disk_.contents(last.name);
    const Scan scan = scan_segment(bytes, decode_segment_header(bytes)->salt);
    const auto batches = std::count_if(scan.records.begin(),
                                       scan.records.end(),
                                       [](const Record& record) { return record.ends_batch; });
    const std::size_t before = written_.size() - static_cast<std::size_t>(batches);
    Recovered state = before == 0 ? Recovered() : written_[before - 1];
    last.states.push_back({0, false, before, state});
    std::size_t whole = before;
    for (const Record& record : scan.records) {
        apply_record(state, record, state_);
        whole += record.ends_batch ? 1 : 0;
        last.states.push_back({record.end, record.type == RecordType::snapshot, whole, state});
    }
    must(same(state, state_), "a segment says what was written");
    return last;
}

std::vector<Recovered> WalScript::damage(Feed& feed) {
    const LastSegment last = last_segment();
    std::vector<Recovered> possible;
    if (feed.byte() % 2 == 0) {
        std::string bytes = disk_.contents(last.name);
        const std::size_t at = (feed.byte() * 256U + feed.byte()) % bytes.size();
        bytes.resize(at);
        disk_.set_contents(last.name, std::move(bytes));
        for (const Known& known : last.states) {
            if (known.end <= at) {
                possible.assign(1, known.state);
            } else if (known.snapshot) {
                return {};
            }
        }
        return possible;
    }
    const std::vector<std::string> names = disk_.list();
    const std::string& name = names[feed.byte() % names.size()];
    std::string bytes = disk_.contents(name);
    const std::size_t at = (feed.byte() * 256U + feed.byte()) % bytes.size();
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1U << feed.byte() % 8);
    disk_.set_contents(name, std::move(bytes));
    for (const Known& known : last.states) {
        if (known.batches + 1 >= written_.size()) {
            possible.push_back(known.state);
        }
    }
    return possible;
}

std::vector<std::string> script_seeds() {
    const std::string appends = std::string("\0\5\2\0\5\3\0\0\2\4\5\1\5\1", 14);
    const std::string rewrites = std::string("\0\5\2\0\1\1\4\1\0\5\1", 11);
    const std::string snapshots = std::string("\0\5\2\0\2\0\0\5\3\0\3\1\0\5\1", 15);
    // So much that it takes several segments.
    std::string long_log = std::string("\0\0\1", 3);
    for (int i = 0; i < 12; ++i) {
        long_log += std::string("\0\5\xfe", 3);
    }
    const std::string compacted = long_log + std::string("\0\2\0\0\5\xfe\0\5\xfe", 9);
    std::vector<std::string> made;
    for (const std::string& script : {appends, rewrites, snapshots, long_log, compacted}) {
        made.push_back(script + std::string("\7\0\x0f\xff", 4));
    }
    // A bit behind the records of the first file, which is the snapshot if there is one.
    for (const std::string& script : {appends, rewrites, long_log}) {
        made.push_back(script + std::string("\7\1\0\x0f\xff\0", 6));
    }
    return made;
}

}  // namespace squall::fuzz
